import { type TakenField, type TakenTexts, takenFieldsOf } from '../alert/taken-texts.ts';
import type { LookupLists } from './compile-value.ts';
import type { Condition, Detection, DetectionItem, SelectionBody, ValueTest } from './detection.ts';
import { signsInRecord, signsOf } from './matcher/requirement.ts';
import type { Sign } from './matcher/trigger.ts';

/** What a text in lower case must hold: parts of it, all of several or one of several. `or` of nothing never holds. */
export type Needles = string | RegExp | { kind: 'and' | 'or'; of: readonly Needles[] };

/**
 * What must stand in the JSON text of a record, in any case, for the detection to be anything but false; null when
 * that cannot be said. It holds for records in which no letter is written as an escape and none folds to an ASCII
 * letter, which the caller sees to. `taken` is what the record's format promises, null for one that promises nothing.
 */
export function recordNeedles(detection: Detection, lists: LookupLists, taken: TakenTexts | null): Needles | null {
  return new NeedleReader(detection, lists, taken).ofCondition(detection.condition, false);
}

/** Whether a text in lower case holds what is asked for. */
export function holdsNeedles(text: string, needles: Needles): boolean {
  if (typeof needles === 'string') return text.includes(needles);
  if (needles instanceof RegExp) return needles.test(text);
  if (needles.kind === 'and') return needles.of.every((each) => holdsNeedles(text, each));
  return needles.of.some((each) => holdsNeedles(text, each));
}

/** Shorter pieces are in every record, and more of them tell little more. */
const PIECE_MIN = 3;
const PIECES_MAX = 3;
/** An IPv4 address within IPv6 (RFC 4291, 2.5.5.2) that is spelled in hexadecimal digits, or with leading zeros. */
const MAPPED = /ffff:(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|[\d.]{0,12}\b0[\dx])/;
const KEYWORD_FIELDS: readonly TakenField[] = ['title', 'description', 'ruleName', 'commandLine'];

class NeedleReader {
  private readonly detection: Detection;
  private readonly lists: LookupLists;
  private readonly fields: ReadonlySet<TakenField>;
  private readonly words: readonly string[];

  constructor(detection: Detection, lists: LookupLists, taken: TakenTexts | null) {
    this.detection = detection;
    this.lists = lists;
    this.fields = new Set(taken?.fields);
    this.words = (taken?.words ?? []).map((word) => word.toLowerCase());
  }

  ofCondition(condition: Condition, isNegated: boolean): Needles | null {
    if (condition.kind === 'not') return this.ofCondition(condition.of, !isNegated);
    if (condition.kind === 'selection') {
      const body = this.detection.selections.get(condition.name);
      // What is not there shows nothing.
      return isNegated || body === undefined ? null : this.ofBody(body);
    }
    const of = condition.of.map((each) => this.ofCondition(each, isNegated));
    // De Morgan: "not (a and b)" is "not a or not b".
    return (condition.kind === 'and') !== isNegated ? all(of) : any(of);
  }

  private ofBody(body: SelectionBody): Needles | null {
    if (body.kind === 'any') return any(body.of.map((each) => this.ofBody(each)));
    return all(body.items.map((item) => this.ofItem(item)));
  }

  private ofItem(item: DetectionItem): Needles | null {
    if (item.isNegated || !this.isTaken(item.field)) return null;
    const values = item.values.map((tests) => any(tests.map((test) => this.ofTest(item.field, test))));
    return item.needsAll ? all(values) : any(values);
  }

  /** Whether what the field says stands in the record. */
  private isTaken(field: string | null): boolean {
    if (field?.startsWith('raw.')) return true;
    const from = field === null ? KEYWORD_FIELDS : takenFieldsOf(field);
    return from?.every((each) => this.fields.has(each)) ?? false;
  }

  private ofTest(field: string | null, test: ValueTest): Needles | null {
    const signs = field === null ? signsInRecord(test, this.lists) : signsOf(test, this.lists);
    return signs === null ? null : any(signs.map((sign) => this.ofSign(field, sign)));
  }

  private ofSign(field: string | null, sign: Sign): Needles | null {
    if (sign.kind === 'network') return networkNeedles(sign);
    if (!('text' in sign)) return null;
    const pieces = all(this.piecesOf(sign.text));
    if (!mayHoldAddresses(field) || !/^[0-9a-f.:]+$/.test(sign.text)) return pieces;
    return /^[\d.]+$/.test(sign.text) ? any([pieces, MAPPED]) : null;
  }

  /** The longest runs of a text that stand in the record as they are. */
  private piecesOf(text: string): string[] {
    return (text.match(/[a-z0-9 ._-]+/g) ?? [])
      .map((piece) => piece.trim())
      .filter((piece) => piece.length >= PIECE_MIN && !mayBeOfNumber(piece))
      .filter((piece) => !this.words.some((word) => overlaps(word, piece)))
      .toSorted((a, b) => b.length - a.length)
      .slice(0, PIECES_MAX);
  }
}

/** A number may be written otherwise in the record: 1e3 is 1000. One with two dots is none. */
function mayBeOfNumber(piece: string): boolean {
  return /^[-+.0-9einfty]*$/.test(piece) && piece.split('.').length < 3;
}

/** Whether a piece may stand in a text that has the word in it without standing in what comes before or after. */
function overlaps(word: string, piece: string): boolean {
  if (word.includes(piece)) return true;
  for (let length = 1; length <= Math.min(word.length, piece.length); length++) {
    if (piece.startsWith(word.slice(-length)) || piece.endsWith(word.slice(0, length))) return true;
  }
  return false;
}

/** Addresses are brought into their shortest form, and some products name a machine by its address. */
function mayHoldAddresses(field: string | null): boolean {
  const from = field === null ? null : takenFieldsOf(field);
  return from?.some((each) => each === 'sourceIp' || each === 'destinationIp' || each === 'hosts') ?? false;
}

/** The parts of an IPv4 network that all its addresses share; two at least, or they are in every record. */
function networkNeedles({ bytes, length }: Extract<Sign, { kind: 'network' }>): Needles | null {
  const shared = Math.floor(length / 8);
  if (bytes.length !== 4 || shared < 2) return null;
  const parts = bytes.slice(0, shared).join('.');
  return any([shared === 4 ? parts : `${parts}.`, MAPPED]);
}

/** All must be there; what says nothing is left out. */
function all(of: readonly (Needles | null)[]): Needles | null {
  const known = of.filter((each) => each !== null);
  return known.length === 0 ? null : known.length === 1 ? (known[0] ?? null) : { kind: 'and', of: known };
}

/** One must be there, so each must say something. */
function any(of: readonly (Needles | null)[]): Needles | null {
  const known = of.filter((each) => each !== null);
  if (known.length < of.length) return null;
  return known.length === 1 ? (known[0] ?? null) : { kind: 'or', of: known };
}
