import { SEVERITIES } from '../../../shared/model/vocabulary.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EntityText } from '../../ui/entity-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { MarkedText } from '../../ui/marked-text.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { SourceTest } from './source-words.ts';
import classes from './sources.module.css';

/** So much of a record is enough to know it again. */
const RAW_MAX = 240;

type Preview = SourceTest['records'][number];

const COLUMNS: readonly Column<{ at: number; preview: Preview }>[] = [
  {
    key: 'severity',
    header: 'Severity',
    width: '64px',
    render: ({ preview }) => {
      const severity = SEVERITIES.find((known) => known === preview.severity);
      return severity === undefined ? null : <SeverityMark severity={severity} />;
    },
  },
  {
    key: 'title',
    header: 'What it would become',
    render: ({ preview }) => (
      <>
        {preview.outcome === 'alert' ? (
          <LineText text={preview.title ?? ''} limit={300} />
        ) : (
          <span className={classes.problem}>
            {preview.outcome === 'skip' ? 'No alert: ' : 'Could not be read: '}
            {preview.why}
          </span>
        )}
        {preview.warnings.map((warning) => (
          <div key={warning} className="ew-small ew-muted">
            {warning}
          </div>
        ))}
        <div className={classes.raw}>
          <bdi dir="ltr">
            <MarkedText text={preview.text.slice(0, RAW_MAX)} />
          </bdi>
          {preview.text.length > RAW_MAX ? '…' : ''}
        </div>
      </>
    ),
  },
  { key: 'rule', header: 'Rule', width: '150px', importance: 3, render: ({ preview }) => preview.ruleName ?? '' },
  {
    key: 'entity',
    header: 'About',
    width: '130px',
    render: ({ preview }) => (preview.entity === null ? '' : <EntityText value={preview.entity} />),
  },
  {
    key: 'at',
    header: 'Happened',
    width: '130px',
    importance: 2,
    render: ({ preview }) =>
      preview.observedAtMs === null ? '' : <TimeText atMs={preview.observedAtMs} which="event" form="minute" />,
  },
  {
    key: 'format',
    header: 'Format',
    width: '110px',
    importance: 3,
    render: ({ preview }) => preview.format ?? 'not recognised',
  },
];

/** What a try came to: nothing of it is stored. */
export function TestOutcome({ outcome }: { outcome: SourceTest }) {
  return (
    <div className={classes.column}>
      <p className={outcome.isReached ? 'ew-strong' : classes.problem}>{outcome.message}</p>
      {outcome.records.length === 0 ? null : (
        <DataTable
          caption="The first records as they would be stored"
          columns={COLUMNS}
          rows={outcome.records.map((preview, at) => ({ at, preview }))}
          rowKey={({ at }) => at}
        />
      )}
    </div>
  );
}
