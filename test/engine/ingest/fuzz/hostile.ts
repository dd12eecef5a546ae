import fc from 'fast-check';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/model/json.ts';

function nested(depth: number, kind: 'list' | 'map'): Json {
  let value: Json = 'x';
  for (let i = 0; i < depth; i++) value = kind === 'list' ? [value] : { a: value };
  return value;
}

const PROTO: JsonObject = JSON.parse('{"__proto__":{"x":1},"constructor":"y","toString":null,"hasOwnProperty":1}');

/** Values that records are not supposed to hold: other kinds, emptiness, size, depth, and what JavaScript stumbles over. */
export const HOSTILE: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  -0,
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  '',
  ' ',
  '-',
  'N/A',
  '\0',
  '\u2028\u202e\ufeff',
  '\ud800',
  'a\udfff b',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '0x10',
  '９',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '1970-01-01T00:00:00Z',
  '2026-02-30T25:61:61Z',
  '1e15',
  '8640000000000001',
  '::ffff:999.1.1.1',
  'fe80::1%eth0',
  '256.1.1.1',
  'http://[::1',
  '%00%ff%zz',
  'T1059.0011',
  '__proto__',
  'constructor',
  '{"a":',
  '[{"$id":"1","$ref":"1"}]',
  '[{"$ref":"2"},{"$id":"2","Host":{"$ref":"2"}}]',
  [],
  {},
  [null],
  [[]],
  [[[]]],
  [{}],
  [''],
  ['\0', '\ud800', 1, null, {}],
  PROTO,
  [PROTO],
  nested(190, 'list'),
  nested(190, 'map'),
  'x'.repeat(100_000),
  'é'.repeat(20_000),
  'T1059 CVE-2024-12345 '.repeat(2_000),
  '=\\|\t"<>&;'.repeat(5_000),
  Array.from({ length: 3_000 }, (_, i) => `v${i}`),
  Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i])),
];

export const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => value as Json) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

/** How many values a record has, itself and the insides of lists and maps included. */
export function placesIn(value: Json): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + placesIn(each), 1);
  if (isJsonObject(value)) return Object.values(value).reduce<number>((sum, each) => sum + placesIn(each), 1);
  return 1;
}

/** The record with something else in the place of one of its values; `undefined` takes the value away. */
export function replaced(record: JsonObject, place: number, strange: Json | undefined): JsonObject {
  let at = -1;
  const visit = (value: Json): Json | undefined => {
    at++;
    if (at === place) {
      at += placesIn(value) - 1;
      return strange;
    }
    if (Array.isArray(value)) return value.map(visit).filter((each) => each !== undefined);
    if (!isJsonObject(value)) return value;
    const pairs = Object.entries(value).map(([key, below]): [string, Json | undefined] => [key, visit(below)]);
    return Object.fromEntries(pairs.filter((pair): pair is [string, Json] => pair[1] !== undefined));
  };
  const whole = visit(record);
  return isJsonObject(whole) ? whole : {};
}

export interface Change {
  place: number;
  value: Json | undefined;
}

/** One to three changes of a record. */
export const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    place: fc.nat(400),
    value: fc.oneof({ weight: 6, arbitrary: hostileValue }, { weight: 1, arbitrary: fc.constant(undefined) }),
  }),
  { minLength: 1, maxLength: 3 },
);

export function changed(record: JsonObject, all: readonly Change[]): JsonObject {
  let result = record;
  for (const { place, value } of all) result = replaced(result, 1 + (place % Math.max(1, placesIn(result) - 1)), value);
  return result;
}
