import { useQuery } from '@tanstack/react-query';
import { isAboutMany } from '../../../../shared/domain/explain/entity-words.ts';
import type { GroupDetail, QueueFilter, QueueItem, QueueSort } from '../../../../shared/model/queue.ts';
import { useEngine } from '../../../state/engine.tsx';
import { wordsOf } from '../../../state/error-words.ts';
import { keys } from '../../../state/query-keys.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton-rows.tsx';
import type { QueueActions } from '../use-queue-actions.ts';
import { Children } from './children.tsx';
import classes from './detail.module.css';
import { DetailHead } from './detail-head.tsx';
import { Earlier } from './earlier.tsx';
import { Entities } from './entities.tsx';
import { Escalations } from './escalations.tsx';
import { GroupEntities } from './group-entities.tsx';
import { Notes } from './notes.tsx';
import { Original } from './original.tsx';
import { Story } from './story.tsx';
import { Timeline } from './timeline.tsx';
import { Why } from './why.tsx';

interface Props {
  item: QueueItem;
  filter: QueueFilter;
  actions: QueueActions;
  onClose: () => void;
  onShow: (filter: QueueFilter, sort: QueueSort) => void;
}

/** Everything that is known of one item, in the order in which it is needed. */
export function Detail({ item, filter, actions, onClose, onShow }: Props) {
  const engine = useEngine();
  const { data, error, refetch } = useQuery({
    queryKey: keys.group(item.id),
    queryFn: ({ signal }) => engine.queue.get({ id: item.id }, { signal }),
  });
  return (
    <article className={classes.detail} key={item.id}>
      <DetailHead item={data?.item ?? item} actions={actions} onClose={onClose} />
      {data !== undefined ? (
        <Body detail={data} filter={filter} onShow={onShow} />
      ) : error !== null ? (
        <ErrorState error={wordsOf(error, 'Reading this item')} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={10} label="the detail" />
      )}
    </article>
  );
}

function Body({ detail, filter, onShow }: { detail: GroupDetail } & Pick<Props, 'filter' | 'onShow'>) {
  return (
    <>
      <Why detail={detail} />
      <Story detail={detail} />
      <Escalations detail={detail} />
      <GroupEntities detail={detail} />
      {isAboutMany(detail.item) ? null : (
        <Entities detail={detail} onFind={(text) => onShow({ ...filter, state: 'all', text }, 'priority')} />
      )}
      <Timeline entries={detail.timeline} />
      <Children detail={detail} />
      <Earlier detail={detail} />
      <Notes notes={detail.notes} />
      <Original alerts={detail.alerts} />
    </>
  );
}
