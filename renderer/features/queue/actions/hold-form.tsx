import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatMinute } from '../../../ui/duration.ts';
import { KeyHint } from '../../../ui/key-hint.tsx';
import { useNow, useZone } from '../../../ui/time-context.tsx';
import classes from './actions.module.css';
import { useDigits } from './use-digits.ts';

const HOUR = 3_600_000;
const CHOICES = [
  { label: 'For 30 minutes', ms: HOUR / 2 },
  { label: 'For 2 hours', ms: 2 * HOUR },
  { label: 'For 8 hours, a shift', ms: 8 * HOUR },
  { label: 'For a day', ms: 24 * HOUR },
] as const;

/** Hold until a time; the item comes back by itself. Digits choose. */
export function HoldForm({ what, onHold }: { what: string; onHold: (untilMs: number) => void }) {
  const nowMs = useNow();
  const zone = useZone();
  const [own, setOwn] = useState('');
  const ownMs = own === '' ? Number.NaN : Date.parse(zone === 'utc' ? `${own}Z` : own);
  useDigits((digit) => {
    const choice = CHOICES[digit - 1];
    if (choice !== undefined) onHold(nowMs + choice.ms);
  });
  return (
    <div className={classes.choices}>
      <p className={classes.title}>Hold {what}</p>
      {CHOICES.map(({ label, ms }, at) => (
        <button key={label} type="button" className={classes.choice} onClick={() => onHold(nowMs + ms)}>
          <KeyHint keys={String(at + 1)} />
          <span className={classes.choiceText}>{label}</span>
          <span className="ew-muted ew-small ew-number">until {formatMinute(nowMs + ms, zone)}</span>
        </button>
      ))}
      <div className={classes.foot} style={{ alignItems: 'flex-end', marginTop: 8 }}>
        <TextInput
          type="datetime-local"
          label={`Until (${zone === 'utc' ? 'UTC' : 'local time'})`}
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
        <Button disabled={!(ownMs > nowMs)} onClick={() => onHold(ownMs)}>
          Hold until then
        </Button>
      </div>
    </div>
  );
}
