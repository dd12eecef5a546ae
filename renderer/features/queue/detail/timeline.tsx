import type { TimelineEntry } from '../../../../shared/model/queue.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { countOf } from '../../../ui/words.ts';
import classes from './detail.module.css';

const WHO: Readonly<Record<TimelineEntry['actor']['kind'], string>> = {
  person: '',
  rule: 'Rule ',
  system: 'Evenwatch',
  source: 'Source ',
};

/** What people and rules did with it, newest last. What was undone stays, struck through. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  if (entries.length === 0) {
    return (
      <Section title="Timeline">
        <p className="ew-muted">Nobody has decided anything about it yet.</p>
      </Section>
    );
  }
  return (
    <Section title="Timeline" note={countOf(entries.length, 'entry', 'entries')}>
      <ol className={classes.timeline}>
        {entries.map((entry, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries of one answer are only ever added to
          <li key={`${entry.decisionId ?? entry.kind}/${at}`} data-undone={entry.undone}>
            <span className="ew-muted ew-small">
              <TimeText atMs={entry.atMs} which="arrival" />
            </span>
            <span>
              <bdi className="ew-strong">
                {WHO[entry.actor.kind]}
                {entry.actor.kind === 'system' ? '' : entry.actor.name}
              </bdi>{' '}
              <LineText text={entry.text} limit={1000} />
              {entry.undone ? <span className="ew-muted"> (undone)</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
