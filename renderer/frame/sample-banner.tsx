import { Button, Popover, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useEngine } from '../state/engine.tsx';
import { wordsOf } from '../state/error-words.ts';
import { makeStatement } from '../state/statement.ts';
import { useWorkspace } from '../state/workspace.ts';
import classes from './frame.module.css';

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
          <StartOwnForm onDone={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

/** Names the new workspace and the first person in it. */
export function StartOwnForm({ onDone }: { onDone: () => void }) {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [myName, setMyName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const start = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const statement = makeStatement('workspace.start_own');
      await engine.workspace.startOwn({ statement, name: name.trim(), myName: myName.trim() });
      onDone();
      await queryClient.resetQueries();
    } catch (error) {
      const words = wordsOf(error, 'Starting your workspace');
      setProblem(`${words.happened} ${words.todo}`);
    }
  };
  return (
    <form className={classes.startForm} onSubmit={(event) => void start(event)}>
      <p className="ew-small">An empty workspace is made beside the sample. The sample stays where it is.</p>
      <TextInput
        label="Your organisation"
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Your name"
        required
        maxLength={120}
        value={myName}
        onChange={(event) => setMyName(event.currentTarget.value)}
      />
      {problem === null ? null : (
        <p role="alert" className={classes.formProblem}>
          {problem}
        </p>
      )}
      <Button type="submit" variant="filled">
        Start an empty workspace
      </Button>
    </form>
  );
}
