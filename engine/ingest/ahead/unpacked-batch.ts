import type { Entity, NormalisedAlert } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { type Severity, severityOfRank } from '../../../shared/model/vocabulary.ts';
import type { FormatCatalogue } from '../formats/index.ts';
import type { Candidate, Classified } from '../pipeline-classify.ts';
import type { FoundHit, ReadingOf } from '../pipeline-input.ts';
import type { IngestBatch } from '../pipeline-slices.ts';
import { readStoredAlert, type StoredAlert } from '../stored-alert.ts';
import {
  CLOSED_AT_SOURCE,
  DIGEST_CHARACTERS,
  NUMBERS,
  type PackedBatch,
  type PackedLists,
  TEXTS,
} from './packed-batch.ts';

const NO_LISTS: PackedLists = { tactics: [], techniques: [], cves: [] };
const NO_HITS: FoundHit[] = [];
const ENTITY_KINDS: readonly Entity['kind'][] = ['host', 'ip', 'user', 'resource', 'none'];

/** Texts and lists of all batches since the dictionary began. Batches keep the one that they were packed with. */
class UnpackedDictionary {
  readonly texts: string[] = [''];
  readonly lists: PackedLists[] = [NO_LISTS];
}

/** Reads the batches of one thread in their order. */
export class BatchUnpacker {
  readonly #catalogues: readonly FormatCatalogue[];
  #dictionary = new UnpackedDictionary();

  /** `catalogues` are those that the thread was told, by their numbers; more may be added to them. */
  constructor(catalogues: readonly FormatCatalogue[]) {
    this.#catalogues = catalogues;
  }

  /** `onRelease` is called when nothing of the batch is needed any more. */
  unpack(packed: PackedBatch, onRelease: () => void): IngestBatch {
    if (packed.isDictionaryNew) this.#dictionary = new UnpackedDictionary();
    const formats = this.#catalogues[packed.catalogue];
    if (formats === undefined) throw new Error(`Nobody told the thread of a catalogue ${packed.catalogue}`);
    return new UnpackedBatch(packed, this.#dictionary, formats, onRelease);
  }
}

/** A batch of the reading thread, read by the writer. */
class UnpackedBatch implements IngestBatch {
  readonly byteLength: number;
  readonly packed: PackedBatch;
  readonly dictionary: UnpackedDictionary;
  readonly formats: FormatCatalogue;
  readonly release: () => void;
  readonly #hits: ReadonlyMap<number, FoundHit[]>;

  constructor(packed: PackedBatch, dictionary: UnpackedDictionary, formats: FormatCatalogue, onRelease: () => void) {
    this.release = onRelease;
    this.packed = packed;
    this.dictionary = dictionary;
    this.formats = formats;
    this.byteLength = packed.ends.at(-1) ?? 0;
    this.#hits = new Map(packed.hits.map(({ at, hits }) => [at, hits]));
    for (const text of packed.newTexts) dictionary.texts.push(text);
    for (const lists of packed.newLists) dictionary.lists.push(lists);
  }

  *[Symbol.iterator](): Generator<Classified> {
    for (let at = 0; at < this.packed.count; at += 1) yield new UnpackedCandidate(this, at);
    yield* this.packed.others;
  }

  /** What rules and lists say of an alert; null when nobody was asked. */
  readingOf(at: number): ReadingOf | null {
    const { generation, enrichments, enrichmentOf } = this.packed;
    const enrichment = enrichments[enrichmentOf[at] ?? 0];
    if (generation === null || enrichment === undefined) return null;
    return { generation, enrichment, hits: this.#hits.get(at) ?? NO_HITS };
  }
}

class UnpackedCandidate implements Candidate {
  readonly kind = 'alert';
  readonly format: string;
  readonly alert: UnpackedAlert;
  readonly idDigest: string;
  readonly contentDigest: string;
  readonly #batch: UnpackedBatch;
  readonly #at: number;

  constructor(batch: UnpackedBatch, at: number) {
    this.#batch = batch;
    this.#at = at;
    const { digests, texts } = batch.packed;
    this.format = batch.dictionary.texts[texts[at * TEXTS] ?? 0] ?? '';
    const from = at * 2 * DIGEST_CHARACTERS;
    this.idDigest = digests.slice(from, from + DIGEST_CHARACTERS);
    this.contentDigest = digests.slice(from + DIGEST_CHARACTERS, from + 2 * DIGEST_CHARACTERS);
    this.alert = new UnpackedAlert(batch, at);
  }

  get bytes(): Uint8Array {
    return bytesOf(this.#batch, this.#at);
  }

  get raw(): JsonObject {
    return this.alert.whole.raw;
  }

  get principal(): Entity {
    return this.alert.principal;
  }

  get reading(): ReadingOf | null {
    return this.#batch.readingOf(this.#at);
  }
}

function bytesOf({ packed }: UnpackedBatch, at: number): Uint8Array {
  const { bytes, ends } = packed;
  return bytes.subarray(at === 0 ? 0 : ends[at - 1], ends[at]);
}

/** The alert with what storing needs at hand. Everything else makes it read its bytes once more. */
class UnpackedAlert implements NormalisedAlert {
  readonly #batch: UnpackedBatch;
  readonly #at: number;
  #whole: StoredAlert | null = null;

  constructor(batch: UnpackedBatch, at: number) {
    this.#batch = batch;
    this.#at = at;
  }

  #text(place: number): string {
    const { packed, dictionary } = this.#batch;
    return dictionary.texts[packed.texts[this.#at * TEXTS + place] ?? 0] ?? '';
  }

  #number(place: number): number {
    return this.#batch.packed.numbers[this.#at * NUMBERS + place] ?? 0;
  }

  get #lists(): PackedLists {
    const { packed, dictionary } = this.#batch;
    return dictionary.lists[packed.lists[this.#at] ?? 0] ?? NO_LISTS;
  }

  /** The record as it was read the first time. */
  get whole(): StoredAlert {
    if (this.#whole !== null) return this.#whole;
    const { formats, packed } = this.#batch;
    const whole = readStoredAlert(formats, this.#text(0), bytesOf(this.#batch, this.#at), packed.nowMs);
    // The same bytes were an alert a moment ago.
    if (whole === null) throw new Error(`A record of ${this.#text(0)} could not be read a second time`);
    this.#whole = whole;
    return whole;
  }

  get product(): string {
    return this.#text(1);
  }
  get title(): string {
    return this.#text(2);
  }
  get ruleId(): string {
    return this.#text(3);
  }
  get ruleName(): string {
    return this.#text(4);
  }
  /** Made where all of the alert was at hand. */
  get principal(): Entity {
    const kind = this.#text(5);
    return { kind: ENTITY_KINDS.find((known) => known === kind) ?? 'none', value: this.#text(6) };
  }
  get sourceVerdict(): string | null {
    return this.#batch.packed.texts[this.#at * TEXTS + 7] === 0 ? null : this.#text(7);
  }
  get stableId(): string {
    return this.#batch.packed.stableIds[this.#at] ?? '';
  }
  get observedAtMs(): number {
    return this.#number(0);
  }
  get dedupeAtMs(): number {
    return this.#number(1);
  }
  get severityScore(): number | null {
    const score = this.#number(2);
    return Number.isNaN(score) ? null : score;
  }
  get severity(): Severity {
    return severityOfRank((this.#batch.packed.flags[this.#at] ?? 0) % CLOSED_AT_SOURCE);
  }
  get closedAtSource(): boolean {
    return (this.#batch.packed.flags[this.#at] ?? 0) >= CLOSED_AT_SOURCE;
  }
  get tactics(): string[] {
    return this.#lists.tactics;
  }
  get techniques(): string[] {
    return this.#lists.techniques;
  }
  get cves(): string[] {
    return this.#lists.cves;
  }
  get description(): string {
    return this.whole.alert.description;
  }
  get category(): string | null {
    return this.whole.alert.category;
  }
  get hosts(): string[] {
    return this.whole.alert.hosts;
  }
  get users(): string[] {
    return this.whole.alert.users;
  }
  get sourceIp(): string | null {
    return this.whole.alert.sourceIp;
  }
  get sourcePort(): number | null {
    return this.whole.alert.sourcePort;
  }
  get destinationIp(): string | null {
    return this.whole.alert.destinationIp;
  }
  get destinationPort(): number | null {
    return this.whole.alert.destinationPort;
  }
  get hashes(): NormalisedAlert['hashes'] {
    return this.whole.alert.hashes;
  }
  get urls(): string[] {
    return this.whole.alert.urls;
  }
  get domains(): string[] {
    return this.whole.alert.domains;
  }
  get process(): NormalisedAlert['process'] {
    return this.whole.alert.process;
  }
  get sourceAction(): NormalisedAlert['sourceAction'] {
    return this.whole.alert.sourceAction;
  }
  get tags(): string[] {
    return this.whole.alert.tags;
  }
}
