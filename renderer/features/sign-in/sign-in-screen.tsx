import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Person } from '../../../shared/model/people.ts';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';
import { useSwitchPerson } from '../../state/use-switch-person.ts';
import type { useWorkspace } from '../../state/workspace.ts';
import { LineText } from '../../ui/line-text.tsx';
import { TIER_WORDS } from '../../ui/words.ts';
import { findEntries } from '../palette/match.ts';
import classes from './sign-in.module.css';

/** Asks who sits here. A few letters of the name and Enter are enough; the arrows choose among those that are left. */
export function SignInScreen({ workspace }: { workspace: NonNullable<ReturnType<typeof useWorkspace>['data']> }) {
  const engine = useEngine();
  const { data } = useQuery({ queryKey: keys.people(), queryFn: () => engine.workspace.people({}) });
  const people = data ?? [];
  const signIn = useSwitchPerson();
  const [name, setName] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const found = findEntries(name, people.map(findable));
  const first = found[0];
  return (
    <main className={classes.screen}>
      <div className={classes.box}>
        <h1 className={classes.title}>
          <LineText text={workspace.name} />
        </h1>
        {data === undefined ? null : people.length === 0 ? (
          <p>
            Nobody is on the team list yet. Whoever runs this server puts people on it from a CSV file, and then loads
            this page anew.
          </p>
        ) : workspace.canSwitchPerson ? (
          <>
            <TextInput
              label="Who sits here?"
              description="Type a few letters and press Enter."
              autoFocus
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && name.trim() !== '' && first !== undefined) void signIn(first.person.id);
                if (event.key === 'ArrowDown') step(event, list.current, 0);
              }}
            />
            {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move between the buttons inside */}
            <div
              ref={list}
              className={classes.people}
              onKeyDown={(event) => {
                const by = STEPS[event.key];
                if (by !== undefined) step(event, list.current, by);
              }}
            >
              {found.map(({ person }) => (
                <Button
                  key={person.id}
                  justify="space-between"
                  rightSection={<span className="ew-muted ew-small">{TIER_WORDS[person.tier]}</span>}
                  onClick={() => void signIn(person.id)}
                >
                  <LineText text={person.name} cut="end" />
                </Button>
              ))}
              {first === undefined ? <p className="ew-muted">Nobody on the team list is called that.</p> : null}
            </div>
          </>
        ) : (
          <p>Here each person has a link of their own. Ask whoever runs this server for yours.</p>
        )}
      </div>
    </main>
  );
}

function findable(person: Person) {
  return { person, label: person.name, alsoFound: person.initials };
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Moves the focus among the buttons; `by` 0 goes to the first. */
function step(event: KeyboardEvent, list: HTMLElement | null, by: number): void {
  const buttons = [...(list?.querySelectorAll('button') ?? [])];
  const at = buttons.findIndex((button) => button.contains(document.activeElement));
  event.preventDefault();
  buttons[Math.max(0, Math.min(buttons.length - 1, at < 0 ? 0 : at + by))]?.focus();
}
