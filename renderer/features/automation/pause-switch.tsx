import { Button, Popover, Textarea } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { useHasRole } from '../../state/workspace.ts';
import classes from './automation.module.css';

const SHORTEST_REASON = 3;

/** The one switch for all automation, with a reason; a lead's. */
export function PauseSwitch({ paused }: { paused: boolean }) {
  const engine = useEngine();
  const decide = useDecide();
  const canPause = useHasRole('lead');
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const verb = paused ? 'Resume automation' : 'Pause all automation';

  async function send(): Promise<void> {
    const kind = paused ? 'automation.resume' : 'automation.pause';
    const done = await decide.run(
      () => engine.automation.pause({ statement: makeStatement({ kind, reason }), paused: !paused, reason }),
      { doing: paused ? 'Resuming automation' : 'Pausing automation', isUndoable: false },
    );
    if (done === null) return;
    setOpen(false);
    setReason('');
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={paused ? 'filled' : 'default'}
          disabled={!canPause}
          title={canPause ? undefined : 'A lead can pause all automation'}
          onClick={() => setOpen(!isOpen)}
        >
          {verb}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.pause}>
        <Textarea
          label="Why"
          description={
            paused
              ? 'Rules act again on what arrives from now on.'
              : 'Rules go on saying what they would do, and do nothing, until somebody resumes.'
          }
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <Button disabled={reason.trim().length < SHORTEST_REASON} onClick={() => void send()}>
          {verb}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
