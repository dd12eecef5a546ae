import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import type { useWorkspace } from '../../state/workspace.ts';
import { usePeople } from '../../state/workspace.ts';
import { TIER_WORDS } from '../../ui/words.ts';

/** Asks who sits here. */
export function SignInScreen({ workspace }: { workspace: NonNullable<ReturnType<typeof useWorkspace>['data']> }) {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const people = usePeople();
  const [problem, setProblem] = useState<string | null>(null);
  const signIn = async (personId: string) => {
    try {
      await engine.workspace.signIn({ personId });
      await queryClient.resetQueries();
    } catch (error) {
      setProblem(wordsOf(error, 'Signing in').happened);
    }
  };
  return (
    <main>
      <h1>{workspace.name}</h1>
      <p>Who sits here?</p>
      {[...people.values()].map((person) => (
        <Button key={person.id} onClick={() => void signIn(person.id)}>
          {person.name}, {TIER_WORDS[person.tier]}
        </Button>
      ))}
      {problem === null ? null : <p role="alert">{problem}</p>}
    </main>
  );
}
