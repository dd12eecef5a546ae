import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EntityText } from '../../ui/entity-text.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Figures } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { DISPOSITION_WORDS, formatCount, shareOf } from '../../ui/words.ts';
import { matchedWords } from './matched-words.ts';
import type { RulePreview } from './rule-words.ts';
import classes from './rules.module.css';
import { previewQuery } from './text-queries.ts';

type Sample = RulePreview['samples'][number];

const COLUMNS: readonly Column<Sample>[] = [
  { key: 'severity', header: 'Severity', width: '64px', render: (row) => <SeverityMark severity={row.severity} /> },
  {
    key: 'title',
    header: 'Alert',
    render: (row) => (
      <>
        <LineText text={row.title} limit={200} />
        <div className="ew-small ew-muted">
          <LineText text={matchedWords(row.matched)} limit={600} />
        </div>
      </>
    ),
  },
  { key: 'entity', header: 'About', width: '170px', importance: 3, render: (row) => <EntityText value={row.entity} /> },
  {
    key: 'said',
    header: 'People said',
    width: '100px',
    render: (row) => (row.disposition === null ? 'nothing yet' : DISPOSITION_WORDS[row.disposition]),
  },
  {
    key: 'at',
    header: 'Happened',
    align: 'right',
    width: '80px',
    importance: 2,
    render: (row) => <TimeText atMs={row.observedAtMs} which="event" form="age" />,
  },
];

/**
 * What the text would do on the newest alerts, asked anew while it is written. `document` is the newest text that could
 * be read, `isBehind` that what is written now cannot.
 */
export function PreviewPanel({ document, isBehind }: { document: string | null; isBehind: boolean }) {
  const engine = useEngine();
  const preview = useQuery({ ...previewQuery(engine, document), placeholderData: keepPreviousData });
  const { data } = preview;
  return (
    <Panel
      title="On the newest alerts"
      note={
        data === undefined || data === null
          ? undefined
          : `The last ${formatCount(data.alerts)}${isBehind ? ', by the text before its fault' : ', as they are now'}`
      }
    >
      {preview.error !== null ? (
        <ErrorState error={wordsOf(preview.error, 'Trying it on the newest alerts')} />
      ) : data === undefined ? (
        <p className="ew-muted">It is being tried.</p>
      ) : data === null ? (
        <p className="ew-muted">It is tried as soon as the text can be read.</p>
      ) : (
        <div className={classes.panel}>
          <Figures
            figures={[
              { label: 'Matched', value: formatCount(data.matched), of: shareOf(data.matched, data.alerts) },
              { label: 'Would close', value: formatCount(data.wouldClose), of: 'after the guards' },
              { label: 'Held back', value: formatCount(data.withheld), of: 'by guards that no rule can pass' },
              { label: 'Unknown', value: formatCount(data.unknown), of: 'a field was missing, so nothing happens' },
            ]}
          />
          {data.truePositives === 0 ? null : (
            <p className={classes.alarm} role="alert">
              {formatCount(data.truePositives)} of them are true positives by what people said. Narrow it.
            </p>
          )}
          <DataTable
            caption="Some of the alerts that it matches"
            columns={COLUMNS}
            rows={data.samples}
            rowKey={(row) => row.groupId}
            empty="It matches none of them."
          />
        </div>
      )}
    </Panel>
  );
}
