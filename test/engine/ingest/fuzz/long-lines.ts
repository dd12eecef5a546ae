import type { Json, JsonObject } from '../../../../shared/model/json.ts';
import { isJsonObject } from '../../../../shared/model/json.ts';
import { SHAPES } from './format-fuzz.ts';

const fill = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);

/** Texts that make careless searching go back again and again. */
const FILLINGS = [
  'a',
  ' ',
  '=',
  '\\',
  '|',
  ',',
  '.',
  '-',
  '<',
  '&amp;',
  '\\"',
  '{"',
  '[',
  'T1059 ',
  'CVE-2024-',
  'k=v ',
  'k=v\t',
  'a@',
  '://',
  '%',
  '1',
  '0',
  ':',
  '[**] ',
  '(',
  '"',
  '\t',
];

/** Every text of the record that is not its word for what it is, made as long as this. */
function grown(record: JsonObject, filling: string, length: number): JsonObject {
  const texts = JSON.stringify(record).match(/"(?:[^"\\]|\\.)*"/g)?.length ?? 1;
  const each = Math.max(100, Math.floor(length / texts));
  const visit = (value: Json): Json => {
    if (typeof value === 'string') return value.length < 24 ? value : value + fill(filling, each);
    if (Array.isArray(value)) return value.map(visit);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, visit(below)]));
  };
  const result = visit(record);
  return isJsonObject(result) ? result : {};
}

/** One text of the record at a time is as long as this, and then a list of many short ones. */
function* grownPlaces(record: JsonObject, length: number): Generator<JsonObject> {
  const keys = Object.keys(record);
  for (const key of keys) {
    const value = record[key];
    if (typeof value === 'string') yield { ...record, [key]: value + fill('a=b ', length) };
    else if (Array.isArray(value)) yield { ...record, [key]: Array.from({ length: length / 8 }, (_, i) => `v${i}`) };
    else if (isJsonObject(value)) {
      const wide = Array.from({ length: length / 16 }, (_, i): [string, Json] => [`key${i}`, i]);
      yield { ...record, [key]: { ...Object.fromEntries(wide), ...value } };
    }
  }
}

/** Of what is many lines and not one: each of them is a record or a fault, and costs as such. */
const LINES_MAX = 300_000;

const TEXT_LINES: readonly (readonly [string, (length: number) => string])[] = [
  ['open objects', (length) => fill('{"a":', length)],
  ['open objects over lines', (length) => fill('{"a":\n', Math.min(length, LINES_MAX))],
  ['open lists over lines', (length) => fill('{"a":[\n', Math.min(length, LINES_MAX))],
  ['open texts over lines', (length) => fill('{"a":"\n', Math.min(length, LINES_MAX))],
  ['a broken list', (length) => `[{},${fill('(,', Math.min(length, LINES_MAX))}`],
  ['nested and long', (length) => `${fill('{"a":[\n', 1_200)}${fill('1,\n', Math.min(length, LINES_MAX))}`],
  ['an open quotation mark in a table', (length) => `a,b,c\n${fill('"x,y\n', Math.min(length, LINES_MAX))}`],
  ['heads of tables', (length) => `#separator \\x09\n${fill('#fields\ta\tb\n', Math.min(length, LINES_MAX))}`],
  ['many columns', (length) => `${Array.from({ length: length / 12 }, (_, i) => `column${i}`).join(',')}\n1,2\n`],
  ['NUL', (length) => '\0'.repeat(length)],
  ...FILLINGS.flatMap((filling): [string, (length: number) => string][] => [
    [
      `CEF with ${JSON.stringify(filling)}`,
      (length) => `CEF:0|a|b|c|d|e|5|rt=1793612400000 msg=${fill(filling, length)}`,
    ],
    [`a CEF head with ${JSON.stringify(filling)}`, (length) => `CEF:0|a|b|c|d|${fill(filling, length)}|5|x=1`],
    [`LEEF with ${JSON.stringify(filling)}`, (length) => `LEEF:1.0|a|b|c|d|${fill(filling, length)}`],
    [`LEEF 2 with ${JSON.stringify(filling)}`, (length) => `LEEF:2.0|a|b|c|d|^|k=${fill(filling, length)}`],
    [
      `fast.log with ${JSON.stringify(filling)}`,
      (length) => `08/02/2026-10:50:25.8  [**] [1:6:1] ${fill(filling, length)}`,
    ],
    [`syslog with ${JSON.stringify(filling)}`, (length) => `<13>Nov  2 09:40:00 ${fill(filling, length)}`],
  ]),
];

/** Lines of about this many bytes that are no record, or text: what the reader itself has to bear. */
export function* longTexts(length: number): Generator<readonly [string, Buffer]> {
  for (const [name, make] of TEXT_LINES) yield [name, Buffer.from(`${make(length)}\n`)];
}

/** The same, and records of every format with values that are so long. */
export function* longLines(length: number): Generator<readonly [string, Buffer]> {
  yield* longTexts(length);
  for (const [format, record] of SHAPES) {
    for (const filling of FILLINGS) {
      yield [
        `${format} with ${JSON.stringify(filling)}`,
        Buffer.from(`${JSON.stringify(grown(record, filling, length))}\n`),
      ];
    }
    for (const place of grownPlaces(record, length)) {
      yield [`${format} with one long value`, Buffer.from(`${JSON.stringify(place)}\n`)];
    }
  }
}
