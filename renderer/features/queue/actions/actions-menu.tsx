import type { KeyboardEvent } from 'react';
import type { KeyActionId } from '../../../keys/key-map.ts';
import { ActionKey } from '../../../keys/use-keys.tsx';
import classes from './actions.module.css';

export interface MenuEntry {
  label: string;
  action: KeyActionId | null;
  run: () => void;
}

/** Every action for this item, each with its key. */
export function ActionsMenu({ entries }: { entries: readonly MenuEntry[] }) {
  const step = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button.contains(document.activeElement));
    buttons.at((at + by) % buttons.length)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move between the buttons inside
    <div className={classes.choices} onKeyDown={step}>
      {entries.map(({ label, action, run }, at) => (
        <button
          key={label}
          type="button"
          className={classes.choice}
          data-autofocus={at === 0 ? true : undefined}
          onClick={run}
        >
          <span className={classes.choiceText}>{label}</span>
          {action === null ? null : <ActionKey action={action} />}
        </button>
      ))}
    </div>
  );
}
