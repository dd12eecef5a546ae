import { Button, FileButton, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { countOf } from '../../ui/words.ts';
import classes from './sources.module.css';

const KINDS = [
  {
    value: 'assets',
    label: 'Assets',
    columns: 'name (a host, an address or a network), criticality, internet_facing, owner, note',
  },
  { value: 'identities', label: 'Identities', columns: 'name, tier0, criticality, owner, note' },
  { value: 'lookup', label: 'Lookup list', columns: 'key, value' },
  { value: 'people', label: 'People', columns: 'id, name, initials, tier, roles, skills, item_limit' },
  { value: 'roster', label: 'Rota', columns: 'person, starts, ends, kind (shift, on_call, leave), zone' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

interface Problem {
  line: number;
  message: string;
}

/** Replaces a list from CSV and tells each line that could not be read. */
export function ImportList() {
  const engine = useEngine();
  const decide = useDecide();
  const [kind, setKind] = useState<Kind>('assets');
  const [name, setName] = useState('');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const chosen = KINDS.find((one) => one.value === kind) ?? KINDS[0];
  const needsName = kind === 'lookup';

  async function send(file: File | null): Promise<void> {
    if (file === null) return;
    setProblems([]);
    const csv = await file.text();
    const listKind = kind === 'people' || kind === 'roster' ? 'roster.import' : 'lists.import';
    const done = await decide.run(
      () =>
        engine.sources.importList({
          statement: makeStatement({ kind: listKind, reason: file.name }),
          kind,
          name: needsName ? name : kind,
          csv,
        }),
      { doing: `Reading ${file.name}`, isUndoable: false },
    );
    if (done !== null) setProblems(done.problems);
  }

  return (
    <div className={classes.stack}>
      <Select
        label="List"
        description={`Columns: ${chosen.columns}`}
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        value={kind}
        onChange={(value) => setKind(KINDS.find((one) => one.value === value)?.value ?? 'assets')}
        allowDeselect={false}
      />
      {needsName ? (
        <TextInput label="Name of the list" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      ) : null}
      <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void send(file)}>
        {(props) => (
          <Button {...props} variant="default" disabled={needsName && name.trim() === ''}>
            Choose a CSV file
          </Button>
        )}
      </FileButton>
      {problems.length === 0 ? null : (
        <div role="status">
          <p>{countOf(problems.length, 'line')} could not be read; the others were.</p>
          <ul>
            {problems.slice(0, 50).map((problem) => (
              <li key={`${problem.line} ${problem.message}`}>
                Line {problem.line}: {problem.message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
