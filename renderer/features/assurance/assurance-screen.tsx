import { useState } from 'react';
import { percent } from '../../../shared/domain/assurance/say-rate.ts';
import { wordsOf } from '../../state/error-words.ts';
import { useHasRole } from '../../state/workspace.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Figures, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf, formatCount, shareOf } from '../../ui/words.ts';
import { type Board, classWords } from './assurance-words.ts';
import { AuditDesk } from './audit-desk.tsx';
import { BoardTable } from './board-table.tsx';
import { PlantPanel } from './plant-panel.tsx';
import { RuleEvidence } from './rule-evidence.tsx';
import { useBoard } from './use-board.ts';

/** Whether what rules close is rightly closed: proven by blind samples, rule by rule, with what it rests on. */
export default function AssuranceScreen() {
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const board = useBoard();
  const isLead = useHasRole('lead');
  return (
    <QueryState
      data={board.data}
      error={board.error === null ? null : wordsOf(board.error, 'Reading how well rules are proven')}
      label="how well rules are proven"
      onRetry={() => void board.refetch()}
    >
      {(data) => {
        return (
          <Page
            note={
              <>
                Audits since <TimeText atMs={data.sinceMs} form="minute" />, as of{' '}
                <TimeText atMs={data.asOfMs} form="minute" />.
              </>
            }
          >
            <Overall board={data} />
            <AuditDesk waiting={data.waiting} />
            <Panel
              title="Rules that close"
              note="In the order of titles. Each bound holds with 95 % confidence, however often one looks."
            >
              <BoardTable
                rules={data.rules}
                selectedId={selectedId}
                onSelect={setSelectedId}
                detail={(rule) => <RuleEvidence rule={rule} />}
              />
            </Panel>
            <HumanError board={data} />
            {isLead ? <PlantPanel board={data} /> : null}
          </Page>
        );
      }}
    </QueryState>
  );
}

function Overall({ board }: { board: Board }) {
  const { overall, budget, canaries, sensitivity } = board;
  return (
    <>
      <Figures
        figures={[
          rateFigure('Of what was closed, truly bad', overall.falseCloseRate),
          rateFigure('Of what was truly bad, closed', overall.missShare),
          {
            label: 'Audits this week',
            value: `${formatCount(Math.round(budget.minutesUsed))} min`,
            of: `of ${formatCount(Math.round(budget.minutesPerWeek))} min that are set aside: ${percent(budget.share)} of rostered time${budget.isAssumed ? ' (assumed: no rota)' : ''}`,
          },
          {
            label: 'Canaries closed',
            value: formatCount(canaries.closed),
            of: canaries.shown === 0 ? 'none planted yet' : `of ${countOf(canaries.shown, 'planted alert')}`,
          },
          {
            label: 'Readers see a true positive',
            value: percent(sensitivity.value),
            of: sensitivity.why,
          },
          {
            label: 'Second readings agreed',
            value: board.secondReadings.read === 0 ? 'none yet' : formatCount(board.secondReadings.agreed),
            of:
              board.secondReadings.read === 0
                ? 'a tenth is read twice'
                : shareOf(board.secondReadings.agreed, board.secondReadings.read),
          },
        ]}
      />
      <p className="ew-muted">
        The two rates answer different questions: a rule may rarely be wrong and still close most of what is truly bad.
        At most {percent(board.maxMissShare)} of what is truly bad may be closed by all rules together.
      </p>
    </>
  );
}

/** A rate with its n and interval; never a percentage alone. */
function rateFigure(label: string, rate: Board['overall']['falseCloseRate']) {
  if (rate.value === null) return { label, value: 'not known yet', of: 'nothing was audited' };
  return {
    label,
    value: percent(rate.value),
    // The audits are of what was closed, whichever of the two is told.
    of: `${countOf(rate.misses, 'miss', 'misses')} in ${countOf(rate.n, 'audit')}; between ${percent(rate.low)} and ${percent(rate.high)}`,
  };
}

/** Human error by class of alert. Never by person: that is neither stored nor asked. */
function HumanError({ board }: { board: Board }) {
  if (board.humanError.length === 0) return null;
  return (
    <Panel title="Closures by people" note="The same audits, by class of alert. No figure of a single person is kept.">
      <DataTable
        caption="How often closures by people were true positives"
        columns={[
          { key: 'class', header: 'Severity and product', render: (row) => classWords(row.class) },
          { key: 'rate', header: 'Truly bad', render: (row) => row.rate.sentence },
        ]}
        rows={board.humanError}
        rowKey={(row) => row.class}
      />
    </Panel>
  );
}
