import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { KEY_ACTIONS, KEY_SCOPES, type KeyActionId } from '../../keys/key-map.ts';
import { remapKey, resetKey } from '../../keys/remap.ts';
import { useViewSettings } from '../../state/view-settings.ts';
import { useMe } from '../../state/workspace.ts';
import { Overlay } from '../../ui/overlay.tsx';
import classes from './key-help.module.css';
import { KeyRow } from './key-row.tsx';

const IDS = Object.keys(KEY_ACTIONS) as KeyActionId[];

/** All keys by where they act; here a person gives an action another key, or switches single characters off. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const overrides = useViewSettings((settings) => settings.keyOverrides);
  const hasSingleKeys = useViewSettings((settings) => settings.hasSingleKeys);
  const change = useViewSettings((settings) => settings.change);
  const [capturing, setCapturing] = useState<KeyActionId | null>(null);
  const [refusal, setRefusal] = useState<{ id: KeyActionId; why: string } | null>(null);

  const keep = (next: Readonly<Record<string, readonly string[]>>) =>
    change({ keyOverrides: Object.fromEntries(Object.entries(next).map(([id, keys]) => [id, [...keys]])) });
  const take = (id: KeyActionId, chord: string) => {
    const remapped = remapKey(id, chord, overrides);
    if (remapped.kind === 'refused') return setRefusal({ id, why: remapped.why });
    keep(remapped.overrides);
    setCapturing(null);
    setRefusal(null);
  };
  const stop = () => {
    setCapturing(null);
    setRefusal(null);
  };

  return (
    <Overlay label="All keys" width={920} onClose={onClose}>
      <header className={classes.head}>
        <h2>All keys</h2>
        <span className="ew-muted ew-small">
          Kept for <bdi>{me?.name ?? 'whoever sits here'}</bdi> on this machine
        </span>
        <span className={classes.push} />
        <Button disabled={Object.keys(overrides).length === 0} onClick={() => keep({})}>
          Reset all keys
        </Button>
        <Button onClick={onClose}>Close</Button>
      </header>
      <div className={classes.body}>
        <Switch
          className={classes.single}
          label="Single characters act"
          description="Off: only keys with Ctrl, and arrows, Space, Enter, Esc and page keys act. For speech input, and for anybody who hits letters by chance."
          checked={hasSingleKeys}
          onChange={(event) => change({ hasSingleKeys: event.currentTarget.checked })}
        />
        <div className={classes.scopes}>
          {KEY_SCOPES.map((scope) => (
            <section key={scope} className={classes.scope} aria-label={scope}>
              <h3 className={classes.scopeHead}>{scope}</h3>
              <ul>
                {IDS.filter((id) => KEY_ACTIONS[id].scope === scope).map((id) => (
                  <KeyRow
                    key={id}
                    id={id}
                    overrides={overrides}
                    hasSingleKeys={hasSingleKeys}
                    isCapturing={capturing === id}
                    refusal={refusal?.id === id ? refusal.why : null}
                    onStart={() => {
                      setRefusal(null);
                      setCapturing(id);
                    }}
                    onKey={(chord) => take(id, chord)}
                    onStop={stop}
                    onReset={() => keep(resetKey(id, overrides))}
                  />
                ))}
              </ul>
            </section>
          ))}
        </div>
        <p className="ew-muted ew-small">On a Mac, Ctrl is ⌘.</p>
      </div>
    </Overlay>
  );
}
