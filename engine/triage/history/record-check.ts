import type { LookupLists } from '../../../shared/domain/rules/compile-value.ts';
import type { Detection } from '../../../shared/domain/rules/detection.ts';
import { holdsNeedles, type Needles, recordNeedles } from '../../../shared/domain/rules/record-needles.ts';
import type { FormatCatalogue } from '../../ingest/formats/index.ts';

const OPEN_OBJECT = 123;
const NEWLINE = 10;
/**
 * A letter, digit, space, dot, hyphen, underscore or colon as an escape of JSON, or one that folds to a letter of ASCII;
 * also a backslash, which within a text of JSON may begin an escape of that.
 */
const ESCAPED = /\\u(?:00(?:2[0de]|3[0-9a]|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9a])|0130|017f|212a)/;
/** The capital I with a dot, the long s and the sign for kelvin in UTF-8, as Latin-1 in lower case. */
const FOLDED = ['\u00e4\u00b0', '\u00e5\u00bf', '\u00e2\u0084\u00aa'];

/**
 * Tells by the bytes of an original that a detection cannot hold for it, so that most records need not be parsed. In
 * doubt (another format, a row of a table, escaped letters) it says that it may.
 */
export class RecordCheck {
  readonly #detection: Detection;
  readonly #lists: LookupLists;
  readonly #formats: FormatCatalogue;
  readonly #byFormat = new Map<string, Needles | null>();

  constructor(detection: Detection, lists: LookupLists, formats: FormatCatalogue) {
    this.#detection = detection;
    this.#lists = lists;
    this.#formats = formats;
  }

  /** False when the detection is false of the alert that this format reads from the original. */
  mayHold(format: string, original: Uint8Array): boolean {
    const needles = this.#needlesOf(format);
    // The row of a table stands behind its head, with escapes of its own.
    if (needles === null || (original[0] !== OPEN_OBJECT && original.includes(NEWLINE))) return true;
    const bytes = Buffer.from(original.buffer, original.byteOffset, original.byteLength);
    // UTF-8 has its letters of ASCII in bytes of their own, so that they can be looked for in any reading of the bytes.
    const text = bytes.toString('latin1').toLowerCase();
    if (holdsNeedles(text, needles)) return true;
    if (FOLDED.some((letter) => text.includes(letter))) return true;
    return text.includes('\\u') && ESCAPED.test(text);
  }

  #needlesOf(format: string): Needles | null {
    const known = this.#byFormat.get(format);
    if (known !== undefined) return known;
    const needles = recordNeedles(this.#detection, this.#lists, this.#formats.named(format)?.taken ?? null);
    this.#byFormat.set(format, needles);
    return needles;
  }
}
