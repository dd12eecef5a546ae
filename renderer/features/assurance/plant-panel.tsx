import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { Panel } from '../../ui/panel.tsx';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import { countOf } from '../../ui/words.ts';
import classes from './assurance.module.css';
import type { Board } from './assurance-words.ts';

/** Where a lead sends a true positive that is known as one through everything, to see who would close it. */
export function PlantPanel({ board }: { board: Board }) {
  const [isOpen, setOpen] = useState(false);
  const open = useRef<HTMLButtonElement>(null);
  useCaughtFocus(open, isOpen);
  const { owed } = board.canaries;
  return (
    <Panel
      title="Planted true positives"
      note="Known attacks, sent as their product would send them. A rule that would close one is suspended."
      action={
        isOpen ? null : (
          <Button ref={open} onClick={() => setOpen(true)}>
            Plant a true positive
          </Button>
        )
      }
    >
      {isOpen ? (
        <PlantForm board={board} onDone={() => setOpen(false)} />
      ) : (
        <p className="ew-muted">
          {owed.length === 0
            ? 'Every rule that acts had one in the last seven days.'
            : `${countOf(owed.length, 'rule')} that ${owed.length === 1 ? 'acts' : 'act'} had none in the last seven days.`}
        </p>
      )}
    </Panel>
  );
}

function PlantForm({ board, onDone }: { board: Board; onDone: () => void }) {
  const engine = useEngine();
  const decide = useDecide();
  const { owed } = board.canaries;
  const [ruleId, setRuleId] = useState<string | null>(owed[0]?.ruleId ?? board.rules[0]?.ruleId ?? null);
  const [record, setRecord] = useState('');
  const [reason, setReason] = useState('');
  const lacks =
    ruleId === null
      ? 'There is no rule that it could try.'
      : record.trim().length < 2
        ? 'Put the record in first.'
        : reason.trim().length < 3
          ? 'Write first what it is.'
          : null;
  const send = async () => {
    if (ruleId === null || lacks !== null) return;
    const done = await decide.run(
      () =>
        engine.assurance.plant({
          statement: makeStatement({ kind: 'assurance.plant', reason }),
          ruleId,
          record,
          reason,
        }),
      { doing: 'Planting it', isUndoable: false },
    );
    if (done !== null) onDone();
  };
  return (
    <form
      className={classes.plant}
      aria-label="Plant a true positive"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <Select
        label="In the scope of"
        data={board.rules.map((rule) => ({ value: rule.ruleId, label: rule.title }))}
        value={ruleId}
        onChange={setRuleId}
        allowDeselect={false}
        searchable
      />
      <Textarea
        ref={focusOnMount}
        label="The record"
        description="One JSON object as its product sends it, such as one of a past intrusion, with an id that is new and addresses of your own."
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: 'ew-mono' }}
        value={record}
        onChange={(event) => setRecord(event.currentTarget.value)}
      />
      <TextInput
        label="What it is, and why now"
        description="Stays in the ledger. Those who get the alert see nothing of it."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" variant="filled" disabled={lacks !== null}>
          Plant it
        </Button>
        <Button onClick={onDone}>Leave it</Button>
        {lacks === null ? null : <span className="ew-muted ew-small">{lacks}</span>}
      </div>
    </form>
  );
}
