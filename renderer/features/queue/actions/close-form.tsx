import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import type { Disposition } from '../../../../shared/model/vocabulary.ts';
import { KeyHint } from '../../../ui/key-hint.tsx';
import { DISPOSITION_WORDS } from '../../../ui/words.ts';
import { recentReasons } from '../recent-reasons.ts';
import classes from './actions.module.css';
import { useDigits } from './use-digits.ts';

const CHOICES: readonly { disposition: Disposition; means: string }[] = [
  { disposition: 'true_positive', means: 'It was an attack, or a breach of policy' },
  { disposition: 'benign_true_positive', means: 'It happened as said, and it was allowed' },
  { disposition: 'false_positive', means: 'It did not happen as said' },
  { disposition: 'duplicate', means: 'Already dealt with elsewhere' },
];
const REASON_MIN = 3;

/** Close as one of four, then the reason. Digits choose, Enter closes; recent reasons are one arrow away. */
export function CloseForm({
  what,
  onClose,
}: {
  /** "14 alerts", for the button. */
  what: string;
  onClose: (disposition: Disposition, reason: string) => void;
}) {
  const [chosen, setChosen] = useState<Disposition | null>(null);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (chosen !== null) input.current?.focus();
  }, [chosen]);
  useDigits((digit) => {
    const choice = CHOICES[digit - 1];
    if (choice !== undefined) setChosen(choice.disposition);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen === null) return setProblem('Choose what it turned out to be: 1 to 4.');
    if (reason.trim().length < REASON_MIN) return setProblem('Write why, in at least three letters.');
    onClose(chosen, reason.trim());
  };
  return (
    <form className={classes.choices} onSubmit={submit} style={{ gap: 12 }}>
      <p className={classes.title}>Close {what} as</p>
      <div className={classes.choices}>
        {CHOICES.map(({ disposition, means }, at) => (
          <button
            key={disposition}
            type="button"
            className={classes.choice}
            aria-pressed={chosen === disposition}
            onClick={() => setChosen(disposition)}
          >
            <KeyHint keys={String(at + 1)} />
            <span className={classes.choiceText}>
              {DISPOSITION_WORDS[disposition]} <span className="ew-muted ew-small">{means}</span>
            </span>
          </button>
        ))}
      </div>
      {chosen === null ? null : (
        <>
          <TextInput
            ref={input}
            label="Reason"
            placeholder="What you saw that says so"
            value={reason}
            maxLength={4000}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <RecentReasons disposition={chosen} onPick={(text) => onClose(chosen, text)} />
        </>
      )}
      {problem === null ? null : (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
      <div className={classes.foot}>
        <Button type="submit" variant="filled" disabled={chosen === null}>
          Close {what}
        </Button>
        <span className="ew-muted ew-small">Enter closes, Esc leaves it open</span>
      </div>
    </form>
  );
}

function RecentReasons({ disposition, onPick }: { disposition: Disposition; onPick: (reason: string) => void }) {
  const reasons = recentReasons(disposition);
  if (reasons.length === 0) return null;
  return (
    <div className={classes.choices}>
      <span className="ew-muted ew-small">Reasons you gave before: choosing one closes</span>
      {reasons.map((text) => (
        <button key={text} type="button" className={classes.choice} onClick={() => onPick(text)}>
          <span className={`${classes.choiceText} ew-cut`}>{text}</span>
        </button>
      ))}
    </div>
  );
}
