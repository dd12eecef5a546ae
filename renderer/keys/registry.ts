import { chordOf, isSingleKey, type KeyPress } from './chord.ts';
import { KEY_ACTIONS, type KeyActionId, type KeyOverrides, keysOf } from './key-map.ts';

export type KeyHandlers = Partial<Record<KeyActionId, () => void>>;

/** Between the two keys of a sequence such as `g q`. */
export const SEQUENCE_MS = 1500;

export interface KeySettings {
  overrides: KeyOverrides;
  hasSingleKeys: boolean;
}

/**
 * Finds who acts on a key. Handlers registered last are asked first, so that an open panel goes before the
 * list behind it.
 */
export class KeyRegistry {
  private readonly layers: { handlers: () => KeyHandlers }[] = [];
  private pending: { chord: string; atMs: number } | null = null;

  register(handlers: () => KeyHandlers): () => void {
    const layer = { handlers };
    this.layers.push(layer);
    return () => {
      const at = this.layers.indexOf(layer);
      if (at >= 0) this.layers.splice(at, 1);
    };
  }

  /** Actions that something on the screen would act on now. */
  available(): Set<KeyActionId> {
    const ids = new Set<KeyActionId>();
    for (const layer of this.layers) for (const id of Object.keys(layer.handlers())) ids.add(id as KeyActionId);
    return ids;
  }

  run(action: KeyActionId): boolean {
    for (const layer of this.layers.toReversed()) {
      const handler = layer.handlers()[action];
      if (handler !== undefined) {
        handler();
        return true;
      }
    }
    return false;
  }

  /** Runs what the key stands for. True when something acted or a sequence began. */
  press(press: KeyPress, atMs: number, settings: KeySettings): boolean {
    const chord = chordOf(press);
    if (chord === null) return false;
    const started = this.pending;
    this.pending = null;
    if (started !== null && atMs - started.atMs <= SEQUENCE_MS) {
      if (this.runChord(`${started.chord} ${chord}`, settings)) return true;
    }
    if (this.runChord(chord, settings)) return true;
    if (!this.startsSequence(chord, settings)) return false;
    this.pending = { chord, atMs };
    return true;
  }

  private runChord(chord: string, settings: KeySettings): boolean {
    if (!settings.hasSingleKeys && isSingleKey(chord)) return false;
    for (const id of Object.keys(KEY_ACTIONS) as KeyActionId[]) {
      if (keysOf(id, settings.overrides).includes(chord) && this.run(id)) return true;
    }
    return false;
  }

  private startsSequence(chord: string, settings: KeySettings): boolean {
    if (!settings.hasSingleKeys && isSingleKey(chord)) return false;
    return (Object.keys(KEY_ACTIONS) as KeyActionId[]).some((id) =>
      keysOf(id, settings.overrides).some((keys) => keys.startsWith(`${chord} `)),
    );
  }
}
