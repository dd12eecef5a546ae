import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutJson } from '../../../renderer/features/queue/detail/lay-out-json.ts';

test('means the same as before, whatever the value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(JSON.parse(layOutJson(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('keeps what reading the value would lose', () => {
  const text = '{"id":1804289383946930886,"id":2,"text":"a,{\\"b\\":1}","none":{},"list":[1.10]}';
  const laidOut = layOutJson(text);
  expect(laidOut).toContain('1804289383946930886');
  expect(laidOut.match(/"id"/g)).toHaveLength(2);
  expect(laidOut).toContain('"a,{\\"b\\":1}"');
  expect(laidOut).toContain('1.10');
  expect(laidOut).toContain('"none": {}');
});

test('gives back what is no single line of JSON', () => {
  for (const text of ['', 'plain, text: here', '{\n"a":1}', '{"a":"unfinished']) {
    expect(layOutJson(text).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  }
});
