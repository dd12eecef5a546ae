import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { LineText } from '../../ui/line-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf } from '../../ui/words.ts';
import { type Mute, ruleHash } from './rule-words.ts';
import classes from './rules.module.css';
import { useMutes } from './use-rules.ts';

/** Mutes that run, and those that the next shift has still to look at. Not there when there are none. */
export function MutesPanel() {
  const mutes = useMutes();
  if (mutes.data === undefined || mutes.data.length === 0) return null;
  return (
    <Panel title="Mutes" note="For a day at most, by one person; somebody of the next shift looks at each.">
      <ul className={classes.hits}>
        {mutes.data.map((mute) => (
          <MuteLine key={mute.ruleId} mute={mute} />
        ))}
      </ul>
    </Panel>
  );
}

function MuteLine({ mute }: { mute: Mute }) {
  const engine = useEngine();
  const decide = useDecide();
  const me = useWorkspace().data?.me?.name;
  const [reason, setReason] = useState('');
  const end = () =>
    decide.run(() => engine.rules.endMute({ statement: makeStatement({ kind: 'rule.unmute' }), ruleId: mute.ruleId }), {
      doing: 'Ending the mute',
      isUndoable: false,
    });
  const review = (verdict: 'right' | 'reopen') =>
    decide.run(
      () =>
        engine.rules.reviewMute({
          statement: makeStatement({ kind: 'rule.review', reason }),
          ruleId: mute.ruleId,
          verdict,
          reason,
        }),
      { doing: 'Looking at the mute', isUndoable: false },
    );
  return (
    <li className={classes.panel}>
      <div>
        <a href={ruleHash(mute.ruleId)}>
          <LineText text={mute.title} />
        </a>
        <div className="ew-small">
          {mute.by}: <LineText text={mute.reason} />
        </div>
        <div className="ew-muted ew-small">
          {mute.isRunning ? 'Ends' : 'Ended'} <TimeText atMs={mute.endsAtMs} form="both" />, closed{' '}
          {countOf(mute.closed, 'alert')}
          {mute.reviewedBy === null ? '' : `, looked at by ${mute.reviewedBy}`}. What it closed stands on its page.
        </div>
      </div>
      <div className={classes.buttons}>
        {mute.isRunning ? <Button onClick={() => void end()}>End this mute</Button> : null}
        {mute.reviewedBy !== null || mute.by === me ? null : (
          <>
            <TextInput
              aria-label={`What you found about ${mute.title}`}
              placeholder="What you found"
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button disabled={reason.trim().length < 3} onClick={() => void review('right')}>
              It was right
            </Button>
            <Button disabled={reason.trim().length < 3} onClick={() => void review('reopen')}>
              Open again what it closed
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
