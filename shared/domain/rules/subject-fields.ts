import ipaddr from 'ipaddr.js';
import type { JsonObject } from '../../model/json.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { type FieldAccess, type FieldSubject, fieldAccess, lookUp } from '../alert/ecs-fields.ts';

/** One field of one subject, looked up once for all rules, with the forms in which values are compared. */
export class FieldReading {
  readonly state: 'values' | 'absent' | 'unknown';
  readonly values: readonly (string | number | boolean)[];
  /** What is known is not all: another machine of the alert is on no list, so "no" cannot be said. */
  readonly isPartial: boolean;
  private textForm: readonly string[] | null = null;
  private lowerForm: readonly string[] | null = null;
  private addressForm: readonly (readonly number[] | null)[] | null = null;

  constructor(state: FieldReading['state'], values: readonly (string | number | boolean)[] = [], isPartial = false) {
    this.state = state;
    this.values = values;
    this.isPartial = isPartial;
  }

  get texts(): readonly string[] {
    this.textForm ??= this.values.map(String);
    return this.textForm;
  }

  get lowerTexts(): readonly string[] {
    this.lowerForm ??= this.texts.map((text) => text.toLowerCase());
    return this.lowerForm;
  }

  /** Addresses as bytes, null where a value is none. IPv4 inside IPv6 counts as IPv4. */
  get addresses(): readonly (readonly number[] | null)[] {
    this.addressForm ??= this.texts.map(addressBytes);
    return this.addressForm;
  }
}

/** Null when the text is no address. Dotted IPv4 is read here, because almost all addresses are that. */
export function addressBytes(text: string): readonly number[] | null {
  if (!text.includes(':')) return fourPartBytes(text);
  return ipaddr.isValid(text) ? ipaddr.process(text).toByteArray() : null;
}

/** Four decimal numbers from 0 to 255 without leading zeros, which some systems would read as octal. */
function fourPartBytes(text: string): readonly number[] | null {
  if (text.length < 7 || text.length > 15) return null;
  const bytes: number[] = [];
  let value = -1;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (value < 0) return null;
      bytes.push(value);
      value = -1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || value === 0) return null;
    value = value < 0 ? digit : value * 10 + digit;
    if (value > 255) return null;
  }
  return bytes.length === 4 ? bytes : null;
}

const DOT = 46;
const ZERO = 48;

const ABSENT = new FieldReading('absent');
const UNKNOWN = new FieldReading('unknown');
/** Texts of one alert that keywords are searched in. */
const KEYWORD_TEXTS_MAX = 20_000;

/** A field that rules read: its name, and its reading resolved once. Null for a name that no alert has. */
export interface ReadableField {
  readonly name: string;
  readonly access: FieldAccess | null;
}

export function readableField(name: string): ReadableField {
  return { name, access: fieldAccess(name) };
}

/** Known values that are not all: see `FieldReading.isPartial`. */
export function isPartlyKnown(name: string, subject: FieldSubject): boolean {
  return name === 'host.criticality' && subject.enrichment.hasUnknownHost === true;
}

/** The fields of one subject, each read at most once. `fields` is the numbering that the rules were compiled with. */
export class SubjectFields {
  private subject: FieldSubject | null;
  private readonly fields: readonly ReadableField[];
  private readonly readings: (FieldReading | undefined)[];
  private readonly readPlaces: number[] = [];
  private keywordReading: FieldReading | null = null;

  constructor(subject: FieldSubject | null, fields: readonly ReadableField[]) {
    this.subject = subject;
    this.fields = fields;
    this.readings = new Array<FieldReading | undefined>(fields.length).fill(undefined);
  }

  /** Turns to another subject (null: to none, so that the last one is not kept alive). */
  turnTo(subject: FieldSubject | null): void {
    this.subject = subject;
    this.keywordReading = null;
    for (const place of this.readPlaces) this.readings[place] = undefined;
    this.readPlaces.length = 0;
  }

  at(index: number): FieldReading {
    const known = this.readings[index];
    if (known !== undefined) return known;
    const reading = readField(this.subject, this.fields[index]);
    this.readings[index] = reading;
    this.readPlaces.push(index);
    return reading;
  }

  /** Every text of the original record and of the normalised alert: what a rule's keywords are searched in. */
  keywords(): FieldReading {
    this.keywordReading ??= new FieldReading('values', this.subject === null ? [] : keywordTexts(this.subject));
    return this.keywordReading;
  }
}

function readField(subject: FieldSubject | null, field: ReadableField | undefined): FieldReading {
  if (subject === null || field === undefined || field.access === null) return ABSENT;
  const found = lookUp(field.access, subject);
  if (found.state === 'absent') return ABSENT;
  if (found.state === 'unknown') return UNKNOWN;
  return new FieldReading('values', found.values, isPartlyKnown(field.name, subject));
}

/** The texts of the normalised alert that keywords are searched in, beside the record. */
export function keywordFieldsOf({ alert }: FieldSubject): readonly (string | null)[] {
  return [alert.title, alert.description, alert.ruleName, alert.process.commandLine];
}

function keywordTexts(subject: FieldSubject): string[] {
  const texts = new Set<string>();
  for (const text of keywordFieldsOf(subject)) {
    if (text) texts.add(text);
  }
  const queue: Json[] = [subject.raw satisfies JsonObject];
  for (let node = queue.pop(); node !== undefined && texts.size < KEYWORD_TEXTS_MAX; node = queue.pop()) {
    if (typeof node === 'string') texts.add(node);
    else if (typeof node === 'number' || typeof node === 'boolean') texts.add(String(node));
    else if (Array.isArray(node)) queue.push(...node.slice(0, KEYWORD_TEXTS_MAX));
    else if (isJsonObject(node)) queue.push(...Object.values(node).slice(0, KEYWORD_TEXTS_MAX));
  }
  return [...texts];
}
