import ipaddr from 'ipaddr.js';
import type { JsonObject } from '../../model/json.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { type FieldSubject, fieldValues } from '../alert/ecs-fields.ts';

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

export function addressBytes(text: string): readonly number[] | null {
  const isAddress = text.includes(':') ? ipaddr.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return isAddress ? ipaddr.process(text).toByteArray() : null;
}

const ABSENT = new FieldReading('absent');
const UNKNOWN = new FieldReading('unknown');
/** Texts of one alert that keywords are searched in. */
const KEYWORD_TEXTS_MAX = 20_000;

/** The fields of one subject, each read at most once. `names` is the numbering that the rules were compiled with. */
export class SubjectFields {
  private readonly subject: FieldSubject;
  private readonly names: readonly string[];
  private readonly readings: (FieldReading | undefined)[];
  private keywordReading: FieldReading | null = null;

  constructor(subject: FieldSubject, names: readonly string[]) {
    this.subject = subject;
    this.names = names;
    this.readings = new Array<FieldReading | undefined>(names.length).fill(undefined);
  }

  at(index: number): FieldReading {
    const known = this.readings[index];
    if (known !== undefined) return known;
    const reading = readField(this.subject, this.names[index] ?? '');
    this.readings[index] = reading;
    return reading;
  }

  /** Every text of the original record and of the normalised alert: what a rule's keywords are searched in. */
  keywords(): FieldReading {
    this.keywordReading ??= new FieldReading('values', keywordTexts(this.subject));
    return this.keywordReading;
  }
}

function readField(subject: FieldSubject, name: string): FieldReading {
  const found = fieldValues(subject, name);
  if (found.state === 'absent') return ABSENT;
  if (found.state === 'unknown') return UNKNOWN;
  const isPartial = name === 'host.criticality' && subject.enrichment.hasUnknownHost === true;
  return new FieldReading('values', found.values, isPartial);
}

function keywordTexts(subject: FieldSubject): string[] {
  const texts = new Set<string>();
  const { alert } = subject;
  for (const text of [alert.title, alert.description, alert.ruleName, alert.process.commandLine]) {
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
