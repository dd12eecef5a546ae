import { Fragment, type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Overlay } from '../../ui/overlay.tsx';
import { findEntries } from './match.ts';
import classes from './palette.module.css';
import { type Command, useCommands, useReferenceCommand } from './use-commands.ts';

/** Everything that can be done from here, found by typing. Enter does it; the arrows choose. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const all = useCommands();
  const reference = useReferenceCommand(query);
  const found = reference === null ? findEntries(query, all) : [reference, ...findEntries(query, all)];
  const current = Math.min(at, found.length - 1);
  const id = useId();
  const optionId = (index: number) => `${id}-${index}`;
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: current === 0 ? 'center' : 'nearest' });
  }, [current]);
  const choose = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    // After the palette has gone and the focus is back, so that a form hangs where the person was.
    requestAnimationFrame(() => command.run());
  };
  const press = (event: KeyboardEvent) => {
    const step = stepOf(event);
    if (step !== null && found.length > 0) setAt((current + step + found.length) % found.length);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(found[current]);
    else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <Overlay label="Command palette" onClose={onClose}>
      <input
        className={classes.input}
        // biome-ignore lint/a11y/noAutofocus: it was opened to type into
        autoFocus
        role="combobox"
        aria-label="Find a command"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length === 0 ? undefined : optionId(current)}
        placeholder="A command, a screen, a person, or a reference such as grp_00001x"
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      {found.length === 0 ? (
        <p className={classes.none} role="status">
          Nothing is called that. To search alerts, press Esc and then <KeyHint keys="/" />
          <span className="ew-visually-hidden">the slash key</span>.
        </p>
      ) : (
        <div ref={list} id={`${id}-list`} role="listbox" aria-label="Commands" className={classes.list} tabIndex={-1}>
          {found.map((command, index) => (
            <Fragment key={command.id}>
              {query === '' && command.group !== found[index - 1]?.group ? (
                <div className={classes.group} role="presentation">
                  {command.group}
                </div>
              ) : null}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys */}
              <div
                id={optionId(index)}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                className={classes.option}
                onClick={() => choose(command)}
                onMouseEnter={() => setAt(index)}
              >
                <bdi className={classes.label}>{command.label}</bdi>
                {query === '' ? null : <span className="ew-muted ew-small">{command.group}</span>}
                {command.keys === null ? null : <KeyHint keys={command.keys} />}
              </div>
            </Fragment>
          ))}
        </div>
      )}
    </Overlay>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function stepOf(event: KeyboardEvent): number | null {
  return STEPS[event.key] ?? null;
}
