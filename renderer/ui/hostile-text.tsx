import { TextInput } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import classes from './hostile.module.css';
import { capText } from './hostile.ts';
import { MarkedText } from './marked-text.tsx';
import { countOf, formatCount } from './words.ts';

const SHOWN_MAX = 200_000;
const HITS_MAX = 500;

/** Raw text as it came, over many lines, with a search of its own. Text only: nothing in it is a link or runs. */
export function HostileText({ text, total, label }: { text: string; total?: number; label: string }) {
  const [find, setFind] = useState('');
  const needle = useDeferredValue(find);
  const shown = useMemo(() => capText(text, SHOWN_MAX).text, [text]);
  const pieces = useMemo(() => cutAtHits(shown, needle), [shown, needle]);
  const hits = (pieces.length - 1) / 2;
  const missing = Math.max(total ?? 0, text.length) - shown.length;
  return (
    <div className={classes.raw}>
      <div className={classes.rawBar}>
        <TextInput
          aria-label={`Search in ${label}`}
          placeholder="Find in this text"
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <span className="ew-muted ew-small" role="status">
          {needle === '' ? countOf(shown.length, 'character') : countOf(hits, 'hit')}
          {hits === HITS_MAX ? ' or more' : ''}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={classes.rawText} aria-label={label} tabIndex={0}>
        <bdi dir="ltr">
          {pieces.map((piece, at) =>
            at % 2 === 1 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one immutable string
              <mark key={at} className={classes.hit}>
                <MarkedText text={piece} isMultiline />
              </mark>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one immutable string
              <MarkedText key={at} text={piece} isMultiline />
            ),
          )}
        </bdi>
      </section>
      {missing > 0 ? (
        <p className="ew-muted ew-small">
          {formatCount(missing)} more characters are kept and not shown here; the export has them.
        </p>
      ) : null}
    </div>
  );
}

/** Pieces in turn: outside a hit, a hit, outside … Case does not matter. */
function cutAtHits(text: string, needle: string): string[] {
  if (needle === '') return [text];
  const low = text.toLowerCase();
  const find = needle.toLowerCase();
  // Lower-casing may change the length of rare characters; then positions would be wrong, so the case has to match.
  const [hay, pin] = low.length === text.length ? [low, find] : [text, needle];
  const pieces: string[] = [];
  let from = 0;
  for (let n = 0; n < HITS_MAX; n += 1) {
    const at = hay.indexOf(pin, from);
    if (at < 0) break;
    pieces.push(text.slice(from, at), text.slice(at, at + pin.length));
    from = at + pin.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}
