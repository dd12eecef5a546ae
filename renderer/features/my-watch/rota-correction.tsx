import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Duty } from '../../../shared/model/people.ts';
import type { OwnRemark } from '../../../shared/model/strain.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { formatInstant } from '../../ui/duration.ts';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { DUTY_WORDS } from '../../ui/people-words.ts';
import { useZone } from '../../ui/time-context.tsx';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import classes from './remarks.module.css';
import { RemarkList } from './remarks.tsx';

const MISSING = '';

/** A duty of mine that was not so, or is missing: a request to whoever keeps the rota, with what became of it. */
export function RotaCorrection({ duties, remarks }: { duties: readonly Duty[]; remarks: readonly OwnRemark[] }) {
  const [isOpen, setOpen] = useState(false);
  const open = useRef<HTMLButtonElement>(null);
  useCaughtFocus(open, isOpen);
  return (
    <>
      <RemarkList
        label="Corrections of the rota that I asked for"
        remarks={remarks.filter((remark) => remark.about === 'duty')}
      />
      {isOpen ? (
        <CorrectionForm duties={duties} onDone={() => setOpen(false)} />
      ) : (
        <Button ref={open} variant="default" size="compact-sm" onClick={() => setOpen(true)}>
          Ask for a correction
        </Button>
      )}
    </>
  );
}

function CorrectionForm({ duties, onDone }: { duties: readonly Duty[]; onDone: () => void }) {
  const engine = useEngine();
  const decide = useDecide();
  const zone = useZone();
  const latestFirst = duties.toSorted((a, b) => b.startsAtMs - a.startsAtMs);
  const keyOf = (duty: Duty) => `${duty.kind} ${duty.startsAtMs}`;
  const [chosen, setChosen] = useState(MISSING);
  const [text, setText] = useState('');
  const words = text.trim();

  async function send(): Promise<void> {
    if (words === '') return;
    const duty = latestFirst.find((each) => keyOf(each) === chosen);
    const done = await decide.run(
      () =>
        engine.myWatch.requestRotaCorrection({
          statement: makeStatement({ kind: 'rota.request' }),
          duty: duty === undefined ? null : { kind: duty.kind, startsAtMs: duty.startsAtMs },
          text: words,
        }),
      { doing: 'Sending it', isUndoable: false },
    );
    if (done !== null) onDone();
  }

  return (
    <form
      className={classes.form}
      aria-label="A correction of the rota"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <NativeSelect
        ref={focusOnMount}
        label="Which duty"
        data={[
          { value: MISSING, label: 'One that is missing' },
          ...latestFirst.map((duty) => ({
            value: keyOf(duty),
            label: `${DUTY_WORDS[duty.kind]} from ${formatInstant(duty.startsAtMs, zone)}`,
          })),
        ]}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Textarea
        label="What is wrong"
        description="Every lead reads this, since leads keep the rota. No figure changes until the rota does."
        autosize
        minRows={2}
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" disabled={words === ''}>
          Send to who keeps the rota
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
