import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Delivery, recordsOf } from '../../../../engine/ingest/delivery.ts';
import type { RawRecord } from '../../../../engine/ingest/records/raw-record.ts';
import type {
  LiveState,
  RunningSource,
  SourceContext,
  StartSource,
} from '../../../../engine/ingest/sources/live-source.ts';
import type { Json } from '../../../../shared/model/json.ts';
import { type SettingsOf, type SourceKind, sourceDraftSchema } from '../../../../shared/model/source.ts';
import { quiet } from '../../../store/databases.ts';

const folders: string[] = [];

/** A folder that `removeFolders` takes away again. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'evenwatch-source-')));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/**
 * What a source delivers, kept as the writer keeps it: records with their cursors or neither. Nothing is taken for a
 * duplicate here, so that what a source reads twice is seen.
 */
export class Deliveries {
  readonly cursors = new Map<string, Json>();
  readonly records: RawRecord[] = [];
  /** With their lines as they are shown. */
  readonly lines: number[] = [];
  readonly problems: (string | null)[] = [];
  readonly state: Partial<LiveState> = {};
  largest = 0;
  /** Called before a delivery is stored: throws to refuse it. */
  before: (delivery: Omit<Delivery, 'sourceId'>) => void | Promise<void> = () => {};
  /** Called after it was stored: throws as if the answer was lost. */
  after: () => void = () => {};

  async take(delivery: Omit<Delivery, 'sourceId'>) {
    await this.before(delivery);
    const { records } = delivery;
    const isKnown =
      delivery.isAgain === true &&
      delivery.cursors.length > 0 &&
      delivery.cursors.every(
        ({ name, position }) => JSON.stringify(this.cursors.get(name)) === JSON.stringify(position),
      );
    if (records !== null && !isKnown) {
      this.largest = Math.max(this.largest, records.bytes.byteLength);
      const headLines =
        records.kind === 'text' && records.head !== null
          ? Buffer.from(records.head).toString().split('\n').length - 1
          : 0;
      for (const batch of await recordsOf(structuredClone(records))) {
        for (const record of batch) {
          this.records.push(record);
          this.lines.push(record.line + (records.kind === 'text' ? (records.firstLine ?? 1) : 1) - 1 - headLines);
        }
      }
    }
    for (const { name, position } of delivery.cursors) {
      if (position === null) this.cursors.delete(name);
      else this.cursors.set(name, structuredClone(position));
    }
    this.after();
    return { ...NO_REPORT };
  }

  /** The member of this name of each record, in the order of delivery; a fault is its reason. */
  values(member = 'n'): unknown[] {
    return this.records.map((record) => (record.kind === 'record' ? record.value[member] : record.reason));
  }

  get problem(): string | null {
    return this.problems.at(-1) ?? null;
  }
}

const NO_REPORT = {
  read: 0,
  stored: 0,
  updated: 0,
  duplicates: 0,
  rejected: 0,
  skipped: 0,
  autoClosed: 0,
  queued: 0,
  elapsedMs: 0,
  byFormat: {},
  problems: [],
};

export interface Started {
  stop(): Promise<void>;
}

/** Starts a source over deliveries that may have been given before: a restart. */
export async function startOn<K extends SourceKind>(
  deliveries: Deliveries,
  start: StartSource<K>,
  settings: { kind: K } & Partial<SettingsOf<K>>,
  nowMs: () => number = () => Date.now(),
): Promise<Started> {
  const stopping = new AbortController();
  const draft = sourceDraftSchema.parse({ name: 'Test', settings });
  const context = {
    source: { ...draft, id: 1, version: 1, createdAtMs: 0, tokenHint: null },
    clock: { nowMs },
    random: { bytes: (n: number) => new Uint8Array(n) },
    log: quiet,
    signal: stopping.signal,
    cursors: new Map(structuredClone([...deliveries.cursors])),
    secret: async () => null,
    isToken: () => false,
    tlsPath: (name: string) => name,
    allowedPath: async (path: string) => {
      try {
        return await realpath(path);
      } catch {
        return join(await realpath(dirname(path)), basename(path));
      }
    },
    deliver: (delivery: Omit<Delivery, 'sourceId'>) => deliveries.take(delivery),
    show: (state: Partial<LiveState>) => Object.assign(deliveries.state, state),
    problem: (sentence: string | null) => void deliveries.problems.push(sentence),
  };
  // The settings are of the kind that the source is started as.
  const running: RunningSource = await start(context as unknown as SourceContext<K>);
  return {
    stop: async () => {
      stopping.abort();
      await running.stop();
    },
  };
}
