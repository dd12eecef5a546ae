import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { chordOf } from '../../keys/chord.ts';
import { KEY_ACTIONS, type KeyActionId, type KeyOverrides, keysOf } from '../../keys/key-map.ts';
import { actingKeys, startsSequence } from '../../keys/remap.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import classes from './key-help.module.css';

interface Props {
  id: KeyActionId;
  overrides: KeyOverrides;
  hasSingleKeys: boolean;
  isCapturing: boolean;
  /** Why the key that was pressed cannot be had. */
  refusal: string | null;
  onStart: () => void;
  onKey: (chord: string) => void;
  onStop: () => void;
  onReset: () => void;
}

/** One action with its keys, and the way to give it another. */
export function KeyRow({ id, overrides, hasSingleKeys, isCapturing, refusal, onStart, onKey, onStop, onReset }: Props) {
  const { label } = KEY_ACTIONS[id];
  const all = keysOf(id, overrides);
  const acting = new Set(actingKeys(id, overrides, hasSingleKeys));
  const changeButton = useRef<HTMLButtonElement>(null);
  const wasCapturing = useRef(false);
  useEffect(() => {
    if (wasCapturing.current && !isCapturing) changeButton.current?.focus();
    wasCapturing.current = isCapturing;
  }, [isCapturing]);
  return (
    <li className={classes.row}>
      <span className={classes.label}>{label}</span>
      {isCapturing ? (
        <Capture label={label} overrides={overrides} onKey={onKey} onStop={onStop} />
      ) : (
        <>
          <span className={classes.keys}>
            {all.length === 0 ? <span className="ew-muted ew-small">no key</span> : null}
            {all.map((chord) => (
              <span key={chord} className={acting.has(chord) ? undefined : classes.off}>
                <KeyHint keys={chord} />
                <span className="ew-visually-hidden">
                  {spoken(chord)}
                  {acting.has(chord) ? '' : ', switched off'}
                </span>
              </span>
            ))}
          </span>
          <button ref={changeButton} type="button" className={classes.change} onClick={onStart}>
            Change<span className="ew-visually-hidden"> the key of “{label}”</span>
          </button>
          {overrides[id] === undefined ? null : (
            <button type="button" className={classes.change} onClick={onReset}>
              Reset<span className="ew-visually-hidden"> the key of “{label}”</span>
            </button>
          )}
        </>
      )}
      {refusal === null ? null : (
        <span role="alert" className={classes.refusal}>
          {refusal} Press another, or Esc to keep what it has.
        </span>
      )}
    </li>
  );
}

/** How long the second key of a sequence is waited for. */
const SECOND_KEY_MS = 1200;

function Capture({
  label,
  overrides,
  onKey,
  onStop,
}: {
  label: string;
  overrides: KeyOverrides;
  onKey: (chord: string) => void;
  onStop: () => void;
}) {
  const [first, setFirst] = useState<string | null>(null);
  useEffect(() => {
    if (first === null) return;
    const timer = setTimeout(() => {
      setFirst(null);
      onKey(first);
    }, SECOND_KEY_MS);
    return () => clearTimeout(timer);
  }, [first, onKey]);
  const press = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return onStop();
    const chord = chordOf(event.nativeEvent);
    if (chord === null) return;
    if (first !== null) {
      setFirst(null);
      onKey(`${first} ${chord}`);
    } else if (startsSequence(chord, overrides)) setFirst(chord);
    else onKey(chord);
  };
  return (
    <button
      type="button"
      // biome-ignore lint/a11y/noAutofocus: the next key that is pressed is meant for it
      autoFocus
      className={classes.capture}
      onKeyDown={press}
      onBlur={onStop}
    >
      {first === null ? 'Press the new key' : `${first}, then …`}
      <span className="ew-visually-hidden"> for “{label}”, or Esc to keep what it has</span>
    </button>
  );
}

const SPOKEN: Readonly<Record<string, string>> = {
  ' ': 'Space',
  '/': 'slash',
  '?': 'question mark',
  '.': 'full stop',
  ArrowDown: 'arrow down',
  ArrowUp: 'arrow up',
};

function spoken(chord: string): string {
  if (chord === ' ') return 'Space';
  return chord
    .split(' ')
    .map((step) =>
      step
        .split('+')
        .map((part) => SPOKEN[part] ?? part)
        .join(' and '),
    )
    .join(' then ');
}
