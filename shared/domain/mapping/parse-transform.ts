import { isScalar } from 'yaml';
import { compileRegex } from '../rules/linear-regex.ts';
import { nearestName } from '../rules/nearest-name.ts';
import { parseTimePattern } from '../time/time-pattern.ts';
import { zoneMinutes } from '../time/timestamp.ts';
import type { Transform } from './mapping-document.ts';
import type { MappingReader } from './mapping-reader.ts';

const WORDS = ['lower', 'upper', 'trim'] as const;
const WITH_VALUE = ['split', 'replace', 'regex', 'map', 'multiply', 'add', 'epoch', 'time'] as const;
const KNOWN: readonly string[] = [...WORDS, ...WITH_VALUE];
const EPOCHS: Readonly<Record<string, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** Reads one transform: a word (`lower`), or a map with one key (`split: ","`). Null when it is faulty. */
export function parseTransform(node: unknown, reader: MappingReader): Transform | null {
  if (isScalar(node)) {
    const word = String(node.value);
    const kind = WORDS.find((known) => known === word);
    if (kind !== undefined) return { kind };
    if (KNOWN.includes(word)) return reader.fail(node, `"${word}" needs a value: write "${word}: …".`);
    const near = nearestName(word, KNOWN);
    const hint = near === null ? `Known are ${KNOWN.join(', ')}.` : `Did you mean "${near}"?`;
    return reader.fail(node, `There is no transform "${word.slice(0, 60)}". ${hint}`);
  }
  const entries = reader.entries(node, 'A transform');
  const [entry, second] = entries ?? [];
  if (entry === undefined) return entries === null ? null : reader.fail(node, 'A transform has one key.');
  if (second !== undefined) return reader.fail(second.keyNode, 'A transform has one key. Start a new line with "-".');
  return parseNamed(entry.key, entry.keyNode, entry.value, reader);
}

function parseNamed(key: string, keyNode: unknown, value: unknown, reader: MappingReader): Transform | null {
  switch (key) {
    case 'split':
      return parseSplit(value, reader);
    case 'replace':
      return parseReplace(value, reader);
    case 'regex':
      return parseRegex(value, reader);
    case 'map':
      return parseMap(value, reader);
    case 'multiply':
    case 'add': {
      const by = reader.number(value, `"${key}"`);
      return by === null ? null : { kind: key, by };
    }
    case 'epoch': {
      const unit = reader.text(value, '"epoch"');
      const perSecond = unit === null ? undefined : EPOCHS[unit];
      if (perSecond !== undefined) return { kind: 'epoch', perSecond };
      return unit === null ? null : reader.fail(value, `"${unit.slice(0, 20)}" is no unit. Use s, ms, us or ns.`);
    }
    case 'time':
      return parseTime(value, reader);
    default:
      return reader.unknownKey(keyNode, key, KNOWN);
  }
}

/** Blanks and tabs are marks too, so the text is taken as it is. */
function parseSplit(node: unknown, reader: MappingReader): Transform | null {
  const at = isScalar(node) && typeof node.value === 'string' ? node.value : '';
  if (at === '' || at.length > 20) return reader.fail(node, '"split" must be the text between the parts, as in ",".');
  return { kind: 'split', at };
}

function parseReplace(node: unknown, reader: MappingReader): Transform | null {
  const keys = reader.keys(node, '"replace"', ['text', 'by']);
  const text = keys.get('text')?.value;
  const by = keys.get('by')?.value;
  const from = isScalar(text) ? String(text.value ?? '') : '';
  if (from === '')
    return reader.fail(node, '"replace" needs "text", what is replaced, and "by", what stands there then.');
  const to = isScalar(by) ? String(by.value ?? '') : '';
  if (to.length > 100) return reader.fail(by, '"by" is longer than 100 characters.');
  return { kind: 'replace', text: from, by: to };
}

/** RE2: no backward references and no lookaround, and in return no pattern that hangs. */
export function parsePattern(
  node: unknown,
  reader: MappingReader,
  what: string,
): ReturnType<typeof compileRegex> | null {
  const source = reader.text(node, what);
  if (source === null) return null;
  try {
    return compileRegex(source, { i: false, m: false, s: false });
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message.slice(0, 200) : 'unknown fault';
    return reader.fail(node, `This is no regular expression (RE2): ${reason}.`);
  }
}

function parseRegex(node: unknown, reader: MappingReader): Transform | null {
  const pattern = parsePattern(node, reader, '"regex"');
  return pattern === null ? null : { kind: 'regex', pattern, group: pattern.groupCount() > 0 ? 1 : 0 };
}

function parseMap(node: unknown, reader: MappingReader): Transform | null {
  const entries = reader.entries(node, '"map"');
  if (entries === null) return null;
  const table = new Map<string, string>();
  let other: string | null = null;
  for (const { key, value } of entries) {
    const to = reader.text(value, `What "${key.slice(0, 60)}" becomes`);
    if (to === null) continue;
    if (key === '*') other = to;
    else table.set(key.toLowerCase(), to);
  }
  return { kind: 'map', table, other };
}

function parseTime(node: unknown, reader: MappingReader): Transform | null {
  const isText = isScalar(node);
  const keys = isText ? null : reader.keys(node, '"time"', ['format', 'zone']);
  const formatNode = isText ? node : keys?.get('format')?.value;
  if (formatNode === undefined) return reader.fail(node, '"time" needs a "format", for example dd.MM.yyyy HH:mm:ss.');
  const format = reader.text(formatNode, '"format"');
  if (format === null) return null;
  const pattern = parseTimePattern(format);
  if (typeof pattern === 'string') return reader.fail(formatNode, `"${format}" is no form of time: ${pattern}.`);
  const zoneNode = keys?.get('zone')?.value;
  const zone = zoneNode === undefined ? 'Z' : reader.text(zoneNode, '"zone"');
  const minutes = zone === null ? null : zoneMinutes(zone);
  if (minutes !== null) return { kind: 'time', pattern, zoneMinutes: minutes };
  return zone === null
    ? null
    : reader.fail(zoneNode, `"${zone.slice(0, 40)}" is no zone. Write an offset such as +02:00.`);
}
