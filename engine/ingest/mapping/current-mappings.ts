import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Actor } from '../../handlers.ts';
import type { Log } from '../../ports.ts';
import { changeMappings, earlierMappings, type MappingVersion, mappingsInForce } from '../../store/mapping-versions.ts';
import type { Store } from '../../store/store.ts';
import type { Transact } from '../../writer.ts';
import type { MappingTexts } from '../formats/index.ts';
import type { LiveCatalogue } from '../formats/live-catalogue.ts';
import { catalogueOfMappings } from './mapping-catalogue.ts';
import { type LoadedMapping, type MappingProblem, type MappingReading, settleMappings } from './mapping-files.ts';

/** What came of reading the mapping files. Plain JSON, so that it can be told to another thread. */
export interface MappingsTaken {
  texts: MappingTexts;
  problems: MappingProblem[];
}

const MAPPINGS: Actor = { kind: 'system', id: 'mappings' };

/**
 * Puts mapping files in force: the workspace keeps which ones are, and which ones were, so that a broken file leaves
 * the old one in force over a restart too, and what a mapping read is still shown when its file is gone.
 */
export class CurrentMappings {
  readonly #parts: { store: Pick<Store, 'read'>; transact: Transact; log: Log; formats: LiveCatalogue };
  #problems = '[]';
  #taking: Promise<unknown> = Promise.resolve();

  constructor(parts: { store: Pick<Store, 'read'>; transact: Transact; log: Log; formats: LiveCatalogue }) {
    this.#parts = parts;
  }

  /** One at a time. Whoever reads after the answer reads by these files. */
  takeUp(reading: MappingReading): Promise<MappingsTaken> {
    const taken = this.#taking.then(() => this.#takeUp(reading));
    this.#taking = taken.catch(() => {});
    return taken;
  }

  async #takeUp(reading: MappingReading): Promise<MappingsTaken> {
    const { store, transact, formats, log } = this.#parts;
    const rows = await store.read(mappingsInForce);
    const { mappings, problems } = settleMappings(reading, new Map(rows.map(({ file, text }) => [file, text])));
    const own = mappings.filter(({ isOwn }) => isOwn);
    const change = changeOf(rows, own);
    const told = JSON.stringify(problems);
    if (told !== this.#problems) {
      for (const problem of problems) log.warn({ ...problem }, 'A mapping file has a problem');
    }
    if (change.ended.length + change.begun.length > 0) {
      await transact(MAPPINGS, async ({ tx, nowMs, touch, record }) => {
        await changeMappings(tx, change.ended, change.begun, nowMs);
        touch('source');
        await record({ kind: 'mapping.load', statement: null, summary: sentenceOf(change), subjects: [] });
      });
    } else if (told !== this.#problems) {
      // What is in force stays; whoever looks at the files is to see what is wrong with them.
      await transact(MAPPINGS, async ({ touch }) => touch('source'));
    }
    this.#problems = told;
    const earlier = await store.read(earlierMappings);
    const texts = { inForce: mappings.map(({ text }) => text), earlier: earlier.map(({ text }) => text) };
    formats.replace(catalogueOfMappings(texts));
    return { texts, problems };
  }
}

interface MappingChange {
  ended: MappingVersion[];
  begun: { name: string; file: string; digest: string; text: string }[];
}

/** A file that was only renamed changes nothing that anybody reads by, but it is where people look for it. */
function changeOf(rows: readonly MappingVersion[], own: readonly LoadedMapping[]): MappingChange {
  const wanted = own.map(({ path, text, mapping }) => ({
    name: mapping.name,
    file: basename(path),
    digest: createHash('sha256').update(text).digest('hex'),
    text,
  }));
  const isSame = (row: MappingVersion, one: MappingChange['begun'][number]) =>
    row.name === one.name && row.digest === one.digest && row.file === one.file;
  return {
    ended: rows.filter((row) => !wanted.some((one) => isSame(row, one))),
    begun: wanted.filter((one) => !rows.some((row) => isSame(row, one))),
  };
}

function sentenceOf({ ended, begun }: MappingChange): string {
  const names = (all: readonly { name: string }[]) => all.map(({ name }) => name).join(', ');
  const changed = begun.filter(({ name }) => ended.some((row) => row.name === name));
  const added = begun.filter(({ name }) => !ended.some((row) => row.name === name));
  const removed = ended.filter(({ name }) => !begun.some((one) => one.name === name));
  const parts = [
    ...(added.length > 0 ? [`new ${names(added)}`] : []),
    ...(changed.length > 0 ? [`changed ${names(changed)}`] : []),
    ...(removed.length > 0 ? [`out of force ${names(removed)}`] : []),
  ];
  return `Mapping files read: ${parts.join('; ')}`;
}
