import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { goTo } from '../../frame/route.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { Panel } from '../../ui/panel.tsx';
import { countOf } from '../../ui/words.ts';
import { type Backtest, proposalHash, type RuleDetail } from './rule-words.ts';
import classes from './rules.module.css';
import { useBacktest } from './use-rules.ts';

/** What has to be done before a version can be proposed; null when nothing has. */
function proposalLacks(backtest: Backtest | null, text: string): string | null {
  if (backtest === null || backtest.report === null) return 'It has to be tried on history first.';
  if (backtest.report.blocks.length > 0) return 'What stands against it above has to be mended first.';
  if (backtest.unanswered > 0) {
    return `${countOf(backtest.unanswered, 'true positive')} above ${backtest.unanswered === 1 ? 'has' : 'have'} to be answered for first.`;
  }
  return text.trim().length < 3 ? 'Write first what they should know.' : null;
}

/** Asks a second person: with the backtest that stands above. */
export function ProposePanel({ detail }: { detail: RuleDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const [text, setText] = useState('');
  const { line, version, versions } = detail;
  const backtest = useBacktest(line.id, version);
  const shown = versions.find((each) => each.version === version);
  const isNewest = versions[0]?.version === version;
  const isActing = shown?.status === 'provisional' || shown?.status === 'certified';
  if (!isNewest || isActing || line.openProposalId !== null) return null;
  const lacks = proposalLacks(backtest.data ?? null, text);
  const send = async () => {
    const done = await decide.run(
      () =>
        engine.rules.propose({
          statement: makeStatement({ kind: 'rule.propose', reason: text }),
          id: line.id,
          version,
          text,
        }),
      { doing: 'Proposing it', isUndoable: false },
    );
    if (done !== null) goTo(proposalHash(done.proposalId));
  };
  return (
    <Panel title="Propose it" note="A second person reads the backtest and approves, or sends it back.">
      <form
        className={classes.reason}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Textarea
          label="What should they know?"
          autosize
          minRows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" disabled={lacks !== null}>
            Propose version {version}
          </Button>
          {lacks === null ? null : <span className="ew-muted ew-small">{lacks}</span>}
        </div>
      </form>
    </Panel>
  );
}
