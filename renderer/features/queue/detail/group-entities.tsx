import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { thingInWords, thingsInWords } from '../../../../shared/domain/explain/entity-words.ts';
import type { GroupDetail, GroupEntity } from '../../../../shared/model/queue.ts';
import { makeStatement } from '../../../client/statement.ts';
import { useEngine } from '../../../state/engine.tsx';
import { wordsOf } from '../../../state/error-words.ts';
import { keys } from '../../../state/query-keys.ts';
import { useDecide } from '../../../state/use-decide.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EntityText } from '../../../ui/entity-text.tsx';
import { showHidden } from '../../../ui/hostile.ts';
import { Section } from '../../../ui/section.tsx';
import { SeverityMark } from '../../../ui/severity-mark.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { formatCount } from '../../../ui/words.ts';
import classes from './detail.module.css';

const PAGE = 100;

const columnsOf = (one: string, split: ((one: GroupEntity) => void) | null): readonly Column<GroupEntity>[] => [
  { key: 'severity', header: '', width: '22px', render: (one) => <SeverityMark severity={one.severity} /> },
  {
    key: 'what',
    header: capital(one),
    render: ({ entity }) =>
      entity.value === '' ? <span className="ew-muted">nothing named</span> : <EntityText value={entity.value} />,
  },
  { key: 'count', header: 'Alerts', width: '72px', align: 'right', render: (one) => formatCount(one.count) },
  {
    key: 'first',
    header: 'First',
    width: '190px',
    importance: 3,
    render: (one) => <TimeText atMs={one.firstObservedAtMs} which="event" />,
  },
  {
    key: 'last',
    header: 'Last',
    width: '24%',
    render: (one) => <TimeText atMs={one.lastObservedAtMs} which="event" />,
  },
  ...(split === null
    ? []
    : [
        {
          key: 'split',
          header: '',
          width: '74px',
          render: (row: GroupEntity) => (
            <button
              type="button"
              className={classes.link}
              aria-label={`Split off ${showHidden(row.entity.value).slice(0, 80)}`}
              onClick={() => split(row)}
            >
              Split off
            </button>
          ),
        },
      ]),
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The things that an item of many is about: the most severe first, then those with the most alerts. */
export function GroupEntities({ detail }: { detail: GroupDetail }) {
  const engine = useEngine();
  const { id, ref, entity, entityCount } = detail.item;
  const more = useInfiniteQuery({
    queryKey: [...keys.groupAlerts(id), 'entities', detail.groupEntitiesNextCursor],
    queryFn: ({ pageParam }) => engine.queue.entities({ id, cursor: pageParam, limit: PAGE }),
    initialPageParam: detail.groupEntitiesNextCursor,
    getNextPageParam: (page) => page.nextCursor,
    enabled: false,
  });
  const decide = useDecide();
  const isOpen = detail.item.closedAtMs === null;
  const split = (one: GroupEntity) => {
    const { version } = detail.item;
    const statement = makeStatement({ kind: 'group.split', subjects: [{ id, version }] });
    void decide.run(() => engine.decisions.split({ statement, id, version, entity: one.entity }), {
      doing: 'Splitting it off',
      ids: [id],
    });
  };
  if (entityCount <= 1) return null;
  const shown = [...detail.groupEntities, ...(more.data?.pages.flatMap((page) => page.entities) ?? [])];
  const hasMore = more.data === undefined ? detail.groupEntitiesNextCursor !== null : more.hasNextPage;
  const kind = shown.every((one) => one.entity.kind === entity.kind) ? entity.kind : 'none';
  const all = thingsInWords(kind, entityCount);
  return (
    <Section title={capital(all)} note={`${formatCount(shown.length)} shown, the most severe first`} isFoldable>
      <DataTable
        caption={`What ${ref} is about`}
        columns={columnsOf(thingInWords(kind), isOpen ? split : null)}
        rows={shown}
        rowKey={(one) => `${one.entity.kind} ${one.entity.value}`}
      />
      {hasMore ? (
        <div>
          <Button
            loading={more.isFetching}
            onClick={() => void (more.data === undefined ? more.refetch() : more.fetchNextPage())}
          >
            Show more of {all}
          </Button>
        </div>
      ) : null}
      {more.error === null ? null : <p role="alert">{wordsOf(more.error, 'Reading more of them').happened}</p>}
    </Section>
  );
}
