import ipaddr from 'ipaddr.js';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';

/** The longest that a field of the alert gets; the whole text stays in the original record. In characters. */
export const LENGTH_LIMITS = {
  title: 1000,
  description: 16_000,
  name: 255,
  ruleId: 500,
  url: 4096,
  commandLine: 32_000,
};
/** A record with more hosts, hashes or tags than this is an inventory; the first ones are kept. */
const LIST_LIMIT = 100;

/** What products write where they have nothing. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '',
  '-',
  'N/A',
  'n/a',
  'null',
  'NULL',
  '(null)',
  '(empty)',
  '0.0.0.0',
  '::',
]);

/** An own property, so that no record can answer with JavaScript's own `constructor` or `__proto__`. */
export function at(record: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A member under its name, or under the name in lower case, as data lakes write the top level of what they keep. */
export function atAnyCase(record: JsonObject, key: string): Json | undefined {
  return at(record, key) ?? at(record, key.toLowerCase());
}

const NOTHING: JsonObject = Object.freeze({});

/** The object under a key; an empty one when there is none, so that reading on finds nothing. */
export function child(record: JsonObject, key: string): JsonObject {
  const value = at(record, key);
  return isJsonObject(value) ? value : NOTHING;
}

/** The objects under a key that may hold one, several or none. */
export function children(record: JsonObject, key: string): JsonObject[] {
  const value = at(record, key);
  if (Array.isArray(value)) return value.filter(isJsonObject);
  return isJsonObject(value) ? [value] : [];
}

/** Text that every store takes: PostgreSQL refuses NUL, and lone surrogates are no UTF-8. */
function storable(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\u2400') : whole;
}

/** `<finding_uid>`: a template that was never filled. */
function isTemplate(text: string): boolean {
  return text.charCodeAt(0) === 60 && text.endsWith('>') && text.length < 64 && text.indexOf('<', 1) < 0;
}

export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.has(text) || isTemplate(text);
}

/** The text of a string or number, trimmed; null for placeholders and for everything else. */
export function textOf(value: Json | undefined, limit: number = LENGTH_LIMITS.name): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const trimmed = value.trim();
  if (isPlaceholder(trimmed)) return null;
  return cut(storable(trimmed), limit);
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

/** Of a scalar, an array or nothing: the texts, each once, placeholders dropped. */
export function textsOf(value: Json | undefined, limit: number = LENGTH_LIMITS.name): string[] {
  const texts: string[] = [];
  addTexts(texts, value, limit);
  return texts;
}

export function addTexts(into: string[], value: Json | undefined, limit: number = LENGTH_LIMITS.name): void {
  if (Array.isArray(value)) {
    for (const element of value) if (!Array.isArray(element)) addTexts(into, element, limit);
    return;
  }
  addOnce(into, textOf(value, limit));
}

export function addOnce(into: string[], text: string | null): void {
  if (text !== null && into.length < LIST_LIMIT && !into.includes(text)) into.push(text);
}

export function lower(texts: string[]): string[] {
  return texts.map((text) => text.toLowerCase());
}

/** A finite number, also when written as text. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '' || value.length > 32) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

export function portOf(value: Json | undefined): number | null {
  const port = numberOf(value);
  return port !== null && Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null;
}

/** Four decimal parts from 0 to 255 without leading zeros: by character, for nearly every address of every alert. */
function isPlainIpv4(text: string): boolean {
  let parts = 1;
  let part = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (part < 0 || parts === 4) return false;
      parts++;
      part = -1;
    } else if (code >= 48 && code <= 57 && part !== 0) {
      part = (part < 0 ? 0 : part * 10) + code - 48;
      if (part > 255) return false;
    } else {
      return false;
    }
  }
  return parts === 4 && part >= 0;
}

/** An address in its shortest form, IPv4 within IPv6 taken out; null for what is none and for the unspecified one. */
export function ipOf(value: Json | undefined): string | null {
  if (typeof value !== 'string') return null;
  if (isPlainIpv4(value)) return value === '0.0.0.0' ? null : value;
  const text = value.trim().split('%', 1)[0] ?? '';
  if (isPlainIpv4(text)) return text === '0.0.0.0' ? null : text;
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.process(text);
  return address.range() === 'unspecified' ? null : address.toString();
}

export interface Hashes {
  md5: string[];
  sha1: string[];
  sha256: string[];
}

const HASH_KINDS: readonly (keyof Hashes)[] = ['md5', 'sha1', 'sha256'];
const HASH_KIND_BY_LENGTH: Readonly<Record<number, keyof Hashes>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

/** A hash by its length, lower case. What is no hexadecimal digest, or is all zeros, is dropped. */
export function addHash(into: Hashes, value: Json | undefined): void {
  if (typeof value !== 'string') return;
  const kind = HASH_KIND_BY_LENGTH[value.length];
  if (kind === undefined || !/^[0-9a-fA-F]+$/.test(value) || /^0+$/.test(value)) return;
  addOnce(into[kind], value.toLowerCase());
}

/** The hashes of an object with `md5`, `sha1` and `sha256` under plain or decorated names (`md5_after`). */
export function addHashesOf(into: Hashes, record: JsonObject, suffix = ''): void {
  for (const kind of HASH_KINDS) {
    const value = at(record, kind + suffix);
    if (Array.isArray(value)) for (const element of value) addHash(into, element);
    else addHash(into, value);
  }
}

/** The host name of a URL or of `name:port`, lower case; addresses are no domains. */
export function domainOf(value: Json | undefined): string | null {
  let text = textOf(value, LENGTH_LIMITS.url)?.toLowerCase() ?? null;
  if (text === null) return null;
  const scheme = text.indexOf('://');
  if (scheme >= 0) text = text.slice(scheme + 3);
  text = text.split(/[/?#]/, 1)[0] ?? '';
  text = text.slice(text.lastIndexOf('@') + 1).replace(/:\d{1,5}$/, '');
  if (text.endsWith('.')) text = text.slice(0, -1);
  if (text === '' || text.length > 253 || text.includes(':') || text.startsWith('[') || isPlainIpv4(text)) return null;
  return text;
}
