import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonFaultPosition } from '../../../../shared/domain/alert/json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it.each([
  ['{"a":1,"b":}', 11],
  ['no json here', 0],
  ['{"a":1', 6],
  ['{"a" 1}', 5],
  ['{"a":1,}', 7],
  ['[1,2,]', 5],
  ['{"a":"x\ny"}', 7],
  ['{"a":"\\q and more"}', 6],
  ['{"a":"not ended', 15],
  ['"\\', 2],
  ['"\\u12', 5],
  ['"\\u12"', 1],
  ['"\\\u0001"', 1],
  ['{"a":01}', 6],
  ['{} {}', 3],
  ['', 0],
  ['{\n  "a": tru\n}', 9],
])('%j stops being JSON at %i', (text, position) => {
  expect(jsonFaultPosition(text)).toBe(position);
});

it('finds no fault in what is JSON, and one in whatever is not', () => {
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '{', ':', '\\', '\n', '0', 'x'), fc.boolean())
    .map(([json, at, char, isInsert]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + char + json.slice(isInsert ? place : place + 1);
    });
  fc.assert(
    fc.property(mutated, (text) => {
      const position = jsonFaultPosition(text);
      expect(position === null).toBe(isJson(text));
      // What stands before the fault can always be gone on with: the fault is not named too late.
      if (position !== null)
        expect(
          isJson(text.slice(0, position)) && position < text.length ? text.slice(position).trim() !== '' : true,
        ).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it('names the place that the parser names, where it names one', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const text = `${json.slice(0, at % (json.length + 1))}\u0001${json.slice(at % (json.length + 1))}`;
      const position = jsonFaultPosition(text);
      expect(position).not.toBeNull();
      expect(position).toBeLessThanOrEqual(text.indexOf('\u0001'));
    }),
    { numRuns: 5_000 },
  );
});
