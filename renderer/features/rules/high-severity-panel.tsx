import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { Panel } from '../../ui/panel.tsx';
import type { RuleDetail } from './rule-words.ts';
import classes from './rules.module.css';

/** What the shown version lacks for high severity, and the second approval. Only for rules that close or lower. */
export function HighSeverityPanel({ detail }: { detail: RuleDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const [reason, setReason] = useState('');
  const { highSeverity: high, line, version } = detail;
  if (high === null) return null;
  const approve = async () => {
    const done = await decide.run(
      () =>
        engine.rules.approveForHigh({
          statement: makeStatement({ kind: 'rule.approve_high', reason }),
          id: line.id,
          version,
          reason,
        }),
      { doing: 'Approving it for high severity', isUndoable: false },
    );
    if (done !== null) setReason('');
  };
  return (
    <Panel
      title="High severity"
      note="Never critical, and never on a crown jewel, a tier 0 identity, a known exploited or an unknown asset."
    >
      <div className={classes.panel}>
        {high.gaps.length === 0 ? (
          <p>It may touch high severity on other targets. A tenth of what it closes there is audited.</p>
        ) : (
          <>
            <p>Version {version} leaves high severity to people. It would take</p>
            <ul className={classes.gaps}>
              {high.gaps.map((gap) => (
                <li key={gap}>{gap}.</li>
              ))}
            </ul>
          </>
        )}
        {high.secondApprovedBy === null ? null : <p>Second approval by {high.secondApprovedBy}.</p>}
        {high.secondApprovedBy === null && high.blocks.length > 0 ? (
          <p className="ew-muted ew-small">{high.blocks.join(' ')}</p>
        ) : null}
        {high.secondApprovedBy === null && high.blocks.length === 0 ? (
          <form
            className={classes.reason}
            onSubmit={(event) => {
              event.preventDefault();
              void approve();
            }}
          >
            <Textarea
              label="Second approval"
              description="Why it may close high severity too, once its audits show enough. Stays with the rule."
              autosize
              minRows={2}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <div className={classes.buttons}>
              <Button type="submit" disabled={reason.trim().length < 3}>
                Approve version {version} for high severity
              </Button>
            </div>
          </form>
        ) : null}
      </div>
    </Panel>
  );
}
