import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { gateSchema } from '../../../shared/contract/team.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import classes from './team.module.css';

const EMPTY = { dpiaReference: '', workersInformedOn: '', consultation: '', purpose: '', countryPolicy: '' };
type Field = keyof typeof EMPTY;

const FIELDS: readonly { key: Field; label: string; description: string }[] = [
  { key: 'dpiaReference', label: 'Impact assessment', description: 'Its reference, or "not applicable, because …".' },
  { key: 'workersInformedOn', label: 'People informed on', description: 'Year-month-day, such as 2026-11-02.' },
  {
    key: 'consultation',
    label: 'Consultation',
    description: 'Works council or representatives: who, when, what came of it.',
  },
  { key: 'countryPolicy', label: 'Country policy', description: 'The policy file whose limits apply.' },
];

/** What must be on record before a lead sees any band. */
export function GateForm() {
  const engine = useEngine();
  const decide = useDecide();
  const [values, setValues] = useState(EMPTY);
  const [wasSent, setSent] = useState(false);
  const parsed = gateSchema.safeParse(values);
  const problems = new Map(
    parsed.success ? [] : parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]),
  );
  const set = (key: Field) => (event: { currentTarget: { value: string } }) =>
    setValues({ ...values, [key]: event.currentTarget.value });

  async function send(): Promise<void> {
    setSent(true);
    if (!parsed.success) return;
    const gate = parsed.data;
    await decide.run(
      () => engine.team.recordGate({ statement: makeStatement({ kind: 'gate.record', reason: gate.purpose }), gate }),
      { doing: 'Recording it', isUndoable: false },
    );
  }

  return (
    <form
      className={classes.gate}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {FIELDS.map(({ key, label, description }) => (
        <TextInput
          key={key}
          label={label}
          description={description}
          value={values[key]}
          onChange={set(key)}
          error={wasSent ? problems.get(key) : undefined}
        />
      ))}
      <Textarea
        label="Purpose"
        description="What leads will use bands for. Not appraisal, pay or discipline."
        autosize
        minRows={2}
        value={values.purpose}
        onChange={set('purpose')}
        error={wasSent ? problems.get('purpose') : undefined}
      />
      <Button type="submit">Record and open to leads</Button>
    </form>
  );
}
