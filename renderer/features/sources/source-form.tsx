import { Button, NumberInput, PasswordInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { SOURCE_KINDS, sourceDraftSchema } from '../../../shared/model/source.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { useDecide } from '../../state/use-decide.ts';
import { ErrorState, type ErrorWords } from '../../ui/error-state.tsx';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { Panel } from '../../ui/panel.tsx';
import { SettingsFields } from './source-fields.tsx';
import { TestOutcome } from './source-test.tsx';
import {
  emptyDraft,
  emptySettings,
  KIND_MEANS,
  KIND_WORDS,
  type LiveSource,
  type SourceChoices,
  type SourceTest,
} from './source-words.ts';
import classes from './sources.module.css';

/** Sets up a source or changes one, with a try before anything is saved. */
export function SourceForm({
  editing,
  choices,
  onDone,
  onCancel,
}: {
  editing: LiveSource['source'] | null;
  choices: SourceChoices;
  /** `token` is there once, when the source was just made. */
  onDone: (id: number, token: string | null) => void;
  onCancel: () => void;
}) {
  const engine = useEngine();
  const decide = useDecide();
  const [draft, setDraft] = useState(() => editing ?? emptyDraft(choices.folders[0] ?? ''));
  const [secret, setSecret] = useState('');
  const [sample, setSample] = useState('');
  const [isTrying, setTrying] = useState(false);
  const [outcome, setOutcome] = useState<SourceTest | null>(null);
  const [failure, setFailure] = useState<ErrorWords | null>(null);
  const [wasSent, setSent] = useState(false);
  const parsed = sourceDraftSchema.safeParse(draft);
  const wrong = parsed.success || !wasSent ? null : parsed.error.issues[0];
  const { kind } = draft.settings;
  const needsSecret = draft.settings.kind === 'elasticsearch' && draft.settings.auth !== 'none';

  async function save(): Promise<void> {
    setSent(true);
    if (!parsed.success) return;
    const done = await decide.run(
      () =>
        engine.sources.save({
          statement: makeStatement({ kind: 'source.save' }),
          id: editing?.id ?? null,
          version: editing?.version ?? null,
          draft: parsed.data,
          secret: secret === '' ? null : secret,
        }),
      { doing: 'Saving the source', isUndoable: false },
    );
    if (done !== null) onDone(done.id, done.token);
  }

  async function tryIt(): Promise<void> {
    setSent(true);
    if (!parsed.success) return;
    setTrying(true);
    setFailure(null);
    setOutcome(null);
    try {
      const tried = await engine.sources.test({
        draft: parsed.data,
        id: editing?.id ?? null,
        secret: secret === '' ? null : secret,
        sample: sample.trim() === '' ? null : sample,
      });
      setOutcome(tried);
    } catch (error) {
      setFailure(wordsOf(error, 'Trying the source'));
    } finally {
      setTrying(false);
    }
  }

  return (
    <Panel title={editing === null ? 'Set up a source' : `Change ${editing.name}`} note={KIND_MEANS[kind]}>
      <form
        className={classes.form}
        onKeyDown={(event) => {
          // A list that is open takes its Escape first.
          if (event.key === 'Escape' && !event.defaultPrevented) onCancel();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {editing === null ? (
          <SegmentedControl
            aria-label="Kind of source"
            className={classes.wide}
            value={kind}
            onChange={(value) => {
              const chosen = SOURCE_KINDS.find((one) => one === value) ?? 'file';
              setDraft({ ...draft, settings: emptySettings(chosen, choices.folders[0] ?? '') });
              setOutcome(null);
            }}
            data={SOURCE_KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))}
          />
        ) : null}
        <TextInput
          label="Name"
          description="As people will see it beside its alerts"
          ref={focusOnMount}
          value={draft.name}
          error={wrong?.path[0] === 'name' ? 'Give it a name' : undefined}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <Select
          label="Format"
          description="By content recognises each record by itself"
          data={[
            { value: 'auto', label: 'By content' },
            ...choices.formats.map(({ name, label }) => ({ value: name, label })),
          ]}
          value={draft.format}
          onChange={(format) => setDraft({ ...draft, format: format ?? 'auto' })}
          allowDeselect={false}
          searchable
        />
        <SettingsFields
          settings={draft.settings}
          choices={choices}
          onChange={(settings) => setDraft({ ...draft, settings })}
        />
        {needsSecret ? (
          <PasswordInput
            label={draft.settings.kind === 'elasticsearch' && draft.settings.auth === 'basic' ? 'Password' : 'API key'}
            description={
              editing === null
                ? 'Kept by this machine, never shown again'
                : 'Empty keeps the one that is set, while the address stays'
            }
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
          />
        ) : null}
        <TextInput
          label="Site"
          description="Optional: can be filtered and routed on"
          value={draft.site ?? ''}
          onChange={(event) => setDraft({ ...draft, site: event.currentTarget.value || null })}
        />
        <NumberInput
          label="Silent after so many minutes"
          description="Empty goes by its own habit, 0 never asks"
          min={0}
          max={525_600}
          allowDecimal={false}
          hideControls
          value={draft.quietAfterMinutes ?? ''}
          onChange={(value) => setDraft({ ...draft, quietAfterMinutes: value === '' ? null : Number(value) })}
        />
        {kind === 'http' || kind === 'syslog' ? (
          <Textarea
            label="A record to try it with"
            description="Optional. Empty waits up to 15 seconds for what is sent"
            className={classes.wide}
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            classNames={{ input: 'ew-mono' }}
            value={sample}
            onChange={(event) => setSample(event.currentTarget.value)}
          />
        ) : null}
        {wrong === null || wrong === undefined || wrong.path[0] === 'name' ? null : (
          <p role="alert" className={classes.problem}>
            {`${String(wrong.path.at(-1) ?? 'The form')}: ${wrong.message}`}
          </p>
        )}
        <div className={classes.buttons}>
          <Button type="submit" variant="filled">
            {editing === null ? 'Set up this source' : 'Save the change'}
          </Button>
          <Button onClick={() => void tryIt()} loading={isTrying}>
            Try it, and store nothing
          </Button>
          <Button onClick={onCancel}>Leave it</Button>
        </div>
        <div className={classes.wide} role="status">
          {failure === null ? null : <ErrorState error={failure} />}
          {outcome === null ? null : <TestOutcome outcome={outcome} />}
        </div>
      </form>
    </Panel>
  );
}
