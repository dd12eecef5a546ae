import { principalEntity } from '../../../shared/domain/alert/principal-entity.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { Enrichment } from '../../../shared/model/lists.ts';
import { severityRank } from '../../../shared/model/vocabulary.ts';
import type { Candidate, Classified } from '../pipeline-classify.ts';
import type { FoundHit } from '../pipeline-input.ts';

/**
 * Records that the reading thread has read, as they go to the writer's thread. Copying an alert's fields from thread
 * to thread costs as much as parsing it, so a batch is a handful of flat arrays, with the few fields that storing
 * needs: all others are read once more from the bytes should anybody ask.
 */
export interface PackedBatch {
  /** About when these records were read: for times that are written without a year. */
  nowMs: number;
  /** The state of rules and lists under which `enrichmentOf` and `hits` hold; null when none was asked. */
  generation: number | null;
  /** By which of the catalogues that the thread was told it was read. */
  catalogue: number;
  count: number;
  /** The records one after the other; what follows the last one's end means nothing. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Where each ends in `bytes`. */
  ends: Uint32Array;
  /** `NUMBERS` of each alert: observed at, dedupe time, severity score (NaN for none). */
  numbers: Float64Array;
  /** Rank of the severity; 128 more when the product had closed it. */
  flags: Uint8Array;
  /** 32 characters of one byte for each: digest of the id, digest of the content. */
  digests: string;
  stableIds: string[];
  /** `TEXTS` of each alert, as places in the dictionary; 0 is none. */
  texts: Uint32Array;
  /** The dictionary starts anew with this batch. */
  isDictionaryNew: boolean;
  /** What this batch adds to the dictionary. */
  newTexts: string[];
  /** Of each alert, a place in all `newLists` since the dictionary began; 0 is three empty lists. */
  lists: Uint32Array;
  newLists: PackedLists[];
  /** Of each alert, a place in `enrichments`. */
  enrichmentOf: Uint16Array;
  enrichments: Enrichment[];
  /** What rules say, of the alerts of which any says something. */
  hits: { at: number; hits: FoundHit[] }[];
  /** Records that are no alerts. */
  others: Exclude<Classified, Candidate>[];
}

export type PackedLists = Pick<NormalisedAlert, 'tactics' | 'techniques' | 'cves'>;

export const NUMBERS = 3;
export const TEXTS = 8;
export const DIGEST_CHARACTERS = 16;
export const CLOSED_AT_SOURCE = 128;

/** Alerts of one batch: few enough for their bytes to be small against a transaction. */
const BATCH_ALERTS = 1_024;
const BATCH_BYTES = 1024 * 1024;
/** So that the last record of a batch mostly finds room, too. */
const BATCH_ROOM = BATCH_BYTES + BATCH_BYTES / 4;
/** Texts that are remembered; ids that nobody sees twice must not fill the memory of both threads. */
const DICTIONARY_MAX = 20_000;

/** What the rules and lists say of one alert, as the reading thread found it. */
export interface Reading {
  enrichment: Enrichment;
  hits: FoundHit[];
}

/** Numbers texts and lists in the order in which they are first seen. */
class Dictionary {
  readonly #texts = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  isNew = true;
  newTexts: string[] = [];
  newLists: PackedLists[] = [];

  place(text: string | null): number {
    if (text === null) return 0;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.newTexts.push(text);
    const place = this.#texts.size + 1;
    this.#texts.set(text, place);
    return place;
  }

  placeOfLists({ tactics, techniques, cves }: NormalisedAlert): number {
    if (tactics.length === 0 && techniques.length === 0 && cves.length === 0) return 0;
    const key = JSON.stringify([tactics, techniques, cves]);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    this.newLists.push({ tactics, techniques, cves });
    const place = this.#lists.size + 1;
    this.#lists.set(key, place);
    return place;
  }

  /** What was added since the last call. Starts anew when it has grown too large. */
  take(): Pick<PackedBatch, 'isDictionaryNew' | 'newTexts' | 'newLists'> {
    const taken = { isDictionaryNew: this.isNew, newTexts: this.newTexts, newLists: this.newLists };
    this.newTexts = [];
    this.newLists = [];
    this.isNew = this.#texts.size + this.#lists.size > DICTIONARY_MAX;
    if (this.isNew) {
      this.#texts.clear();
      this.#lists.clear();
    }
    return taken;
  }
}

/** Gathers records into batches. */
export class BatchPacker {
  readonly #dictionary = new Dictionary();
  #count = 0;
  #size = 0;
  #bytes: Uint8Array<ArrayBuffer> | null = null;
  /** Memory of batches that the writer is done with: made anew for each it would be garbage by the gigabyte. */
  readonly #spare: ArrayBuffer[] = [];
  readonly #ends = new Uint32Array(BATCH_ALERTS);
  readonly #numbers = new Float64Array(BATCH_ALERTS * NUMBERS);
  readonly #flags = new Uint8Array(BATCH_ALERTS);
  readonly #texts = new Uint32Array(BATCH_ALERTS * TEXTS);
  readonly #lists = new Uint32Array(BATCH_ALERTS);
  readonly #enrichmentOf = new Uint16Array(BATCH_ALERTS);
  #digests = '';
  #stableIds: string[] = [];
  #enrichments = new Enrichments();
  #hits: PackedBatch['hits'] = [];
  #others: PackedBatch['others'] = [];

  get isFull(): boolean {
    return this.#count === BATCH_ALERTS || this.#size >= BATCH_BYTES || this.#others.length >= BATCH_ALERTS;
  }

  get isEmpty(): boolean {
    return this.#count + this.#others.length === 0;
  }

  /** Takes back the memory of a batch. What was made larger for a large record is let go. */
  reuse(spare: ArrayBuffer): void {
    if (spare.byteLength === BATCH_ROOM) this.#spare.push(spare);
  }

  addOther(other: Exclude<Classified, Candidate>): void {
    this.#others.push(other);
  }

  add(candidate: Candidate, reading: Reading | null): void {
    const { alert } = candidate;
    const at = this.#count;
    this.#count += 1;
    this.#addBytes(candidate.bytes);
    this.#ends[at] = this.#size;
    this.#numbers[at * NUMBERS] = alert.observedAtMs;
    this.#numbers[at * NUMBERS + 1] = alert.dedupeAtMs;
    this.#numbers[at * NUMBERS + 2] = alert.severityScore ?? Number.NaN;
    this.#flags[at] = severityRank(alert.severity) + (alert.closedAtSource ? CLOSED_AT_SOURCE : 0);
    this.#digests += candidate.idDigest + candidate.contentDigest;
    this.#stableIds.push(alert.stableId);
    this.#addTexts(at, candidate.format, alert);
    this.#lists[at] = this.#dictionary.placeOfLists(alert);
    if (reading === null) return;
    this.#enrichmentOf[at] = this.#enrichments.place(reading.enrichment);
    if (reading.hits.length > 0) this.#hits.push({ at, hits: reading.hits });
  }

  #addTexts(at: number, format: string, alert: NormalisedAlert): void {
    const dictionary = this.#dictionary;
    const { kind, value } = principalEntity(alert);
    const texts = this.#texts;
    const from = at * TEXTS;
    texts[from] = dictionary.place(format);
    texts[from + 1] = dictionary.place(alert.product);
    texts[from + 2] = dictionary.place(alert.title);
    texts[from + 3] = dictionary.place(alert.ruleId);
    texts[from + 4] = dictionary.place(alert.ruleName);
    texts[from + 5] = dictionary.place(kind);
    texts[from + 6] = dictionary.place(value);
    texts[from + 7] = dictionary.place(alert.sourceVerdict);
  }

  #addBytes(bytes: Uint8Array): void {
    const size = this.#size + bytes.byteLength;
    let room = this.#bytes ?? new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(BATCH_ROOM));
    if (size > room.byteLength) {
      const grown = new Uint8Array(size + size / 2);
      grown.set(room.subarray(0, this.#size));
      room = grown;
    }
    room.set(bytes, this.#size);
    this.#bytes = room;
    this.#size = size;
  }

  /** The batch so far, and the packer empty again. */
  take(nowMs: number, generation: number | null, catalogue: number): PackedBatch {
    const count = this.#count;
    const batch: PackedBatch = {
      nowMs,
      generation,
      catalogue,
      count,
      bytes: this.#bytes ?? new Uint8Array(),
      ends: this.#ends.slice(0, count),
      numbers: this.#numbers.slice(0, count * NUMBERS),
      flags: this.#flags.slice(0, count),
      digests: this.#digests,
      stableIds: this.#stableIds,
      texts: this.#texts.slice(0, count * TEXTS),
      lists: this.#lists.slice(0, count),
      enrichmentOf: this.#enrichmentOf.slice(0, count),
      enrichments: this.#enrichments.all,
      hits: this.#hits,
      others: this.#others,
      ...this.#dictionary.take(),
    };
    this.#count = 0;
    this.#size = 0;
    this.#bytes = null;
    this.#digests = '';
    this.#stableIds = [];
    this.#enrichments = new Enrichments();
    this.#hits = [];
    this.#others = [];
    return batch;
  }
}

/** The different enrichments of a batch: most alerts have the same, that nothing is known. */
class Enrichments {
  readonly all: Enrichment[] = [];
  readonly #places = new Map<string, number>();
  #last: { enrichment: Enrichment; place: number } | null = null;

  place(enrichment: Enrichment): number {
    if (this.#last?.enrichment === enrichment) return this.#last.place;
    const key = JSON.stringify(enrichment);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.all.push(enrichment) - 1;
      this.#places.set(key, place);
    }
    this.#last = { enrichment, place };
    return place;
  }
}
