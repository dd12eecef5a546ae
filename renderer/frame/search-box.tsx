import { useEffect, useRef, useState } from 'react';
import { carrySort, filterOf, queueHash } from '../features/queue/queue-route.ts';
import { ActionKey, useKeys } from '../keys/use-keys.tsx';
import classes from './frame.module.css';
import { goTo, useRoute } from './route.ts';

/** One search for everything that alerts say, over open and closed. Enter goes to the hits, Esc leaves the field. */
export function SearchBox() {
  const route = useRoute();
  const input = useRef<HTMLInputElement>(null);
  const { filter, sort } = filterOf(route);
  const current = route.screen === 'queue' ? (filter.text ?? '') : '';
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  useKeys({
    search: () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  const search = (words: string) => {
    const wanted = words.trim();
    const base = route.screen === 'queue' ? filter : filterOf(null).filter;
    const state = wanted === '' ? (base.text === null ? base.state : 'open') : 'all';
    goTo(queueHash({ ...base, state, text: wanted === '' ? null : wanted }, carrySort(base.state, state, sort)));
  };
  return (
    <search className={classes.search}>
      <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 3.5 3.5" />
      </svg>
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={500}
        aria-label="Search open and closed alerts"
        placeholder="Address, host, user, hash or words, open and closed"
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            search(text);
            event.currentTarget.blur();
          } else if (event.key === 'Escape') {
            event.preventDefault();
            setText(current);
            event.currentTarget.blur();
          }
        }}
      />
      <ActionKey action="search" />
    </search>
  );
}
