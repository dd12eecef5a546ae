import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { SEVERITIES, severitySchema } from '../../../shared/model/vocabulary.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { useNow, useZone } from '../../ui/time-context.tsx';
import { SEVERITY_WORDS } from '../../ui/words.ts';
import classes from './queue.module.css';

const EMPTY = { title: '', description: '', host: '', user: '', sourceIp: '', reportedBy: '', happened: '' };
const CHOICES = [...SEVERITIES].reverse().map((value) => ({ value, label: SEVERITY_WORDS[value] }));

/** An alert that a person heard of: "a user phoned". It goes through the same triage as every other. */
export function NewAlertForm({ onDone, onCreated }: { onDone: () => void; onCreated: (groupId: number) => void }) {
  const engine = useEngine();
  const decide = useDecide();
  const nowMs = useNow();
  const zone = useZone();
  const [values, setValues] = useState(EMPTY);
  const [severity, setSeverity] = useState<(typeof SEVERITIES)[number]>('medium');
  const field = (key: keyof typeof EMPTY) => ({
    value: values[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [key]: value }));
    },
  });
  const create = async (event: FormEvent) => {
    event.preventDefault();
    const { happened, title, description, ...named } = values;
    const parsed = happened === '' ? nowMs : Date.parse(zone === 'utc' ? `${happened}Z` : happened);
    const result = await decide.run(
      () =>
        engine.alert.create({
          statement: makeStatement({ kind: 'alert.create', reason: title.trim() }),
          title: title.trim(),
          description: description.trim(),
          severity,
          observedAtMs: Number.isNaN(parsed) ? nowMs : parsed,
          host: orNull(named.host),
          user: orNull(named.user),
          sourceIp: orNull(named.sourceIp),
          reportedBy: orNull(named.reportedBy),
        }),
      // What somebody reported stays; it can be closed like every other alert.
      { doing: 'Entering the alert', isUndoable: false },
    );
    if (result === null) return;
    onDone();
    onCreated(result.groupId);
  };
  return (
    <form
      className={classes.newAlert}
      aria-label="Enter an alert by hand"
      data-keys="own"
      onSubmit={(event) => void create(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Back to the list, and nothing else behind the form.
        event.preventDefault();
        onDone();
      }}
    >
      <div className={classes.newAlertHead}>
        <h2>Enter an alert by hand</h2>
        <p className="ew-muted">A user phoned, a partner wrote. It is triaged like every other alert.</p>
      </div>
      <TextInput
        autoFocus
        label="What happened"
        required
        minLength={3}
        maxLength={400}
        className={classes.wide}
        placeholder="User reports an unexpected MFA prompt"
        {...field('title')}
      />
      <NativeSelect
        label="Severity"
        data={CHOICES}
        value={severity}
        onChange={(event) => setSeverity(severitySchema.parse(event.currentTarget.value))}
      />
      <TextInput
        type="datetime-local"
        label={`When (${zone === 'utc' ? 'UTC' : 'local time'}), empty is now`}
        {...field('happened')}
      />
      <TextInput label="Host" maxLength={255} {...field('host')} />
      <TextInput label="User" maxLength={255} {...field('user')} />
      <TextInput label="Source address" maxLength={64} {...field('sourceIp')} />
      <TextInput label="Reported by" maxLength={200} {...field('reportedBy')} />
      <Textarea
        label="Details"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        className={classes.wide}
        {...field('description')}
      />
      <div className={classes.newAlertFoot}>
        <Button type="submit" variant="filled">
          Enter the alert
        </Button>
        <Button variant="subtle" onClick={onDone}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
