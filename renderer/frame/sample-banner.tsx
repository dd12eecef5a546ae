import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { useWorkspace } from '../state/workspace.ts';
import classes from './frame.module.css';
import { goTo, hashOf } from './route.ts';
import { StartOwnForm } from './start-own-form.tsx';

/** Marks the sample as such, one line high, and leads out of it in one step. */
export function SampleBanner() {
  const { data } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  if (data?.isSample !== true) return null;
  return (
    <div className={classes.sample}>
      <span>
        <strong>Sample data.</strong> A made-up company and team: nothing here happened.
      </span>
      <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus width={320}>
        <Popover.Target>
          <Button size="compact-xs" variant="subtle" onClick={() => setOpen(!isOpen)}>
            Start with your own alerts
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <StartOwnForm
            onDone={() => {
              setOpen(false);
              goTo(hashOf('queue'));
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
