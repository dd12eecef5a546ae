import { hash } from 'node:crypto';
import type { Entity, NormalisedAlert } from '../../shared/model/alert.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { AlertFormat } from './format.ts';
import { BUILT_IN, type FormatCatalogue } from './formats/index.ts';
import type { ReadingOf } from './pipeline-input.ts';
import { faultText, type RawRecord, type RecordFault } from './records/raw-record.ts';

/** What a rejected record leaves behind. */
export interface Rejected {
  kind: 'rejected';
  /** Null when no format claimed it. */
  format: string | null;
  fault: RecordFault;
}

export interface Candidate {
  kind: 'alert';
  format: string;
  alert: NormalisedAlert;
  bytes: Uint8Array;
  /** The record as the product wrote it: what rules may ask about. */
  raw: JsonObject;
  /** What rules and lists were found to say of it when it was read; null or absent where nobody asked. */
  readonly reading?: ReadingOf | null;
  /** The thing that it is about, where that was found out already. */
  readonly principal?: Entity;
  /** 128 bits of SHA-256 over product and stable id. */
  idDigest: string;
  /** 128 bits of SHA-256 over the record's bytes; `STAND_IN_DIGEST` where another record with the same id says more. */
  contentDigest: string;
}

export type Classified = Candidate | Rejected | { kind: 'skipped'; format: string | null };

/** Shapes remembered; a source has a handful, a hostile one must not fill the memory. */
const SHAPES_KEPT = 2_000;
const RECENT_SHAPES = 8;
const DIGEST_BYTES = 16;

/**
 * 128 bits of SHA-256 as a text of 16 characters, each one byte: compared and looked up for every record, where a
 * buffer would cost its own piece of memory.
 */
export function shortDigest(data: string | Uint8Array): string {
  return hash('sha256', data, 'binary').slice(0, DIGEST_BYTES);
}

/** Stands for any content that is less than that of another record with the same id. No digest of bytes is this. */
export const STAND_IN_DIGEST = '\0'.repeat(DIGEST_BYTES);

/** The digest as the store takes it. */
export function digestBytes(digest: string): Buffer {
  return Buffer.from(digest, 'latin1');
}

/** The digest as the store gave it. */
export function digestText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Formats by the keys of a record. The shapes seen last are compared key by key, which needs no text of all keys. */
class Shapes {
  readonly #all = new Map<string, AlertFormat>();
  readonly #recent: { keys: readonly string[]; format: AlertFormat }[] = [];

  get(keys: readonly string[]): AlertFormat | undefined {
    for (const shape of this.#recent) if (isSame(shape.keys, keys)) return shape.format;
    const format = this.#all.get(keys.join('\n'));
    if (format !== undefined) this.#remember(keys, format);
    return format;
  }

  set(keys: readonly string[], format: AlertFormat): void {
    if (this.#all.size >= SHAPES_KEPT) return;
    this.#all.set(keys.join('\n'), format);
    this.#remember(keys, format);
  }

  #remember(keys: readonly string[], format: AlertFormat): void {
    this.#recent.unshift({ keys, format });
    if (this.#recent.length > RECENT_SHAPES) this.#recent.pop();
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * Reads records by the format of this name, or with `auto` by the one that claims the record. Records with the same
 * top-level keys are mostly of one format, so that of a shape is tried before all are asked, unless it is told by
 * content: a hit of a search index has the same keys whatever product wrote it. `nowMs` says about when the records
 * come in, for times without a year; `given` are the formats of the workspace, as they are now: a classifier that was made
 * never changes. Throws EngineError for a name that no format has.
 */
export function makeClassifier(
  formatName: string,
  nowMs?: () => number,
  given: FormatCatalogue = BUILT_IN,
): (record: RawRecord) => Classified {
  const formats = given.now;
  const fixed = formatName === 'auto' ? null : formats.named(formatName);
  if (formatName !== 'auto' && fixed === null) {
    const known = formats.formats.map(({ name }) => name).join(', ');
    throw new EngineError('invalid_input', `"${formatName}" is no known format. Use auto, ${known}.`);
  }
  const shapes = new Shapes();
  const formatOf = (record: JsonObject): AlertFormat | null => {
    if (fixed !== null) return fixed;
    const keys = Object.keys(record);
    const known = shapes.get(keys);
    if (known !== undefined) return known;
    const format = formats.recognise(record);
    if (format !== null && formats.isToldByKeys(record, format)) shapes.set(keys, format);
    return format;
  };
  return (record) => {
    if (record.kind === 'fault') return { kind: 'rejected', format: null, fault: record };
    let format = formatOf(record.value);
    if (format === null) {
      const labels = 'No known product writes records like this one. Name the format, or ask for it to be added.';
      return rejected(record, null, 'unknown_format', labels);
    }
    let result = format.read(record.value, nowMs?.());
    if (result.kind !== 'alert' && fixed === null) {
      const claiming = formats.recognise(record.value);
      if (claiming !== null && claiming !== format) {
        format = claiming;
        result = format.read(record.value, nowMs?.());
      }
    }
    if (result.kind === 'skip') return { kind: 'skipped', format: format.name };
    if (result.kind === 'reject') return rejected(record, format.name, 'invalid_record', result.why);
    const { alert } = result;
    return {
      kind: 'alert',
      format: format.name,
      alert,
      bytes: record.bytes,
      raw: record.value,
      idDigest: shortDigest(`${alert.product}\u0000${alert.stableId}`),
      contentDigest: result.isStandIn ? STAND_IN_DIGEST : shortDigest(record.bytes),
    };
  };
}

function rejected(
  record: Extract<RawRecord, { kind: 'record' }>,
  format: string | null,
  reason: 'unknown_format' | 'invalid_record',
  message: string,
): Rejected {
  const bytes = record.bytes.byteLength;
  const text = faultText(record.bytes);
  return {
    kind: 'rejected',
    format,
    fault: { kind: 'fault', reason, message, text, bytes, line: record.line, column: null },
  };
}
