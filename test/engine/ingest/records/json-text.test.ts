import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRecord } from '../../../../engine/ingest/records/json-text.ts';

const DEEPEST = 20;

/** Levels of objects and lists around a text of its own, so that brackets lie at any place of four bytes. */
function nested(levels: readonly boolean[], filling: string): string {
  const open = levels.map((isList) => (isList ? '[' : '{"a":')).join('');
  const close = levels
    .map((isList) => (isList ? ']' : '}'))
    .reverse()
    .join('');
  return `{"x":${JSON.stringify(filling)},"y":${open}1${close}}`;
}

it('tells what is too deep from what is not, wherever it lies in its chunk', () => {
  const levels = fc.array(fc.boolean(), { minLength: DEEPEST - 3, maxLength: DEEPEST + 2 });
  fc.assert(
    fc.property(levels, fc.string({ maxLength: 80 }), fc.nat(9), fc.nat(9), (inside, filling, before, after) => {
      const text = nested(inside, `${filling}[[{{`);
      const bytes = Buffer.from(`${' '.repeat(before)}${text}${'{'.repeat(after)}`);
      const parsed = parseRecord(bytes, before, bytes.length - after, DEEPEST, false);
      const isTooDeep = inside.length + 1 > DEEPEST;
      expect('value' in parsed ? 'read' : parsed.reason).toBe(isTooDeep ? 'too_deep' : 'read');
    }),
    { numRuns: 500 },
  );
});
