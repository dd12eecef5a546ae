import type { GroupDetail } from '../../../../shared/model/queue.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import classes from './detail.module.css';

/** What happened, to whom, where and when, in words. */
export function Story({ detail }: { detail: GroupDetail }) {
  const { item } = detail;
  return (
    <Section title="What happened">
      <p>
        <LineText text={detail.story} limit={4000} />
      </p>
      {['', detail.story, item.title, detail.category].includes(detail.description) ? null : (
        <p className="ew-muted">
          <LineText text={detail.description} limit={4000} />
        </p>
      )}
      <dl className={classes.pairs}>
        <dt>First happened</dt>
        <dd>
          <TimeText atMs={item.firstObservedAtMs} which="event" form="both" />
        </dd>
        {item.count > 1 ? (
          <>
            <dt>Last happened</dt>
            <dd>
              <TimeText atMs={item.lastObservedAtMs} which="event" form="both" />
            </dd>
          </>
        ) : null}
        <dt>First arrived</dt>
        <dd>
          <TimeText atMs={item.firstReceivedAtMs} which="arrival" form="both" />
        </dd>
        <dt>Product and rule</dt>
        <dd>
          <LineText text={item.product} />,{' '}
          <span className="ew-mono">
            <LineText text={item.sourceRuleId} limit={200} />
          </span>
        </dd>
        {detail.category === null ? null : (
          <>
            <dt>Category</dt>
            <dd>
              <LineText text={detail.category} limit={200} />
            </dd>
          </>
        )}
        {detail.techniques.length === 0 ? null : (
          <>
            <dt>ATT&amp;CK</dt>
            <dd>
              {detail.techniques.map(({ id, name }) => (name === null ? id : `${id} ${name}`)).join(', ')}
              {detail.tactics.length === 0 ? '' : ` (${detail.tactics.join(', ')})`}
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}
