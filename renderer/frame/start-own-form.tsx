import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { makeStatement } from '../client/statement.ts';
import { useEngine } from '../state/engine.tsx';
import { wordsOf } from '../state/error-words.ts';
import { useUndoStack } from '../state/undo-stack.ts';
import classes from './frame.module.css';

/** Names the new workspace and the first person in it. */
export function StartOwnForm({ onDone }: { onDone: () => void }) {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [myName, setMyName] = useState('');
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const statement = makeStatement({ kind: 'workspace.start_own' });
      setSending(true);
      await engine.workspace.startOwn({ statement, name: name.trim(), myName: myName.trim() });
      // What was decided in the sample cannot be undone from here.
      useUndoStack.getState().clear();
      onDone();
      await queryClient.resetQueries();
    } catch (error) {
      const words = wordsOf(error, 'Starting your workspace');
      setProblem(`${words.happened} ${words.todo}`);
      setSending(false);
    }
  };
  return (
    <form className={classes.startForm} onSubmit={(event) => void start(event)}>
      <p className="ew-small">An empty workspace is made beside the sample. The sample stays where it is.</p>
      <TextInput
        label="Your organisation"
        data-autofocus
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
      <Button type="submit" variant="filled" loading={isSending}>
        Start an empty workspace
      </Button>
    </form>
  );
}
