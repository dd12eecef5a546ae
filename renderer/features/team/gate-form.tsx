import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { gateSchema } from '../../../shared/contract/team.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { GATE_FIELDS, type Gate } from './gate-fields.ts';
import classes from './team.module.css';

const EMPTY: Gate = { dpiaReference: '', workersInformedOn: '', consultation: '', purpose: '', countryPolicy: '' };

/** What must be on record before a lead sees any band. */
export function GateForm() {
  const engine = useEngine();
  const decide = useDecide();
  const [values, setValues] = useState(EMPTY);
  const [wasSent, setSent] = useState(false);
  const parsed = gateSchema.safeParse(values);
  const wrong = new Set(parsed.success ? [] : parsed.error.issues.map((issue) => issue.path[0]));

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
      {GATE_FIELDS.map(({ key, label, description, problem }) => {
        const field = {
          label,
          description,
          value: values[key],
          error: wasSent && wrong.has(key) ? problem : undefined,
          onChange: (event: { currentTarget: { value: string } }) =>
            setValues({ ...values, [key]: event.currentTarget.value }),
        };
        return key === 'purpose' ? (
          <Textarea key={key} {...field} autosize minRows={2} className={classes.wide} />
        ) : (
          <TextInput key={key} {...field} />
        );
      })}
      <Button type="submit" variant="filled" className={classes.send}>
        Record it and open bands to leads
      </Button>
    </form>
  );
}

/** Takes the record back: leads see no band from then on. */
export function CloseGate() {
  const engine = useEngine();
  const decide = useDecide();
  const close = () =>
    decide.run(
      () => engine.team.recordGate({ statement: makeStatement({ kind: 'gate.record', reason: null }), gate: null }),
      { doing: 'Closing bands to leads', isUndoable: false },
    );
  return <Button onClick={() => void close()}>Close bands to leads</Button>;
}
