import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remakeRecord } from '../../../../shared/domain/assurance/remake-incident.ts';

const FROM_MS = Date.parse('2026-03-02T10:00:00Z');
const TO_MS = Date.parse('2026-11-21T12:00:00Z');
const renames = new Map([
  ['fs01', 'web-7'],
  ['abc-123', 'def-456'],
]);
const remaking = { renames, fromMs: FROM_MS, toMs: TO_MS };

describe('an incident made anew', () => {
  test('has the other name, the other id and the times of now, however deep, and nothing else changes', () => {
    const record = {
      id: 'ABC-123',
      host: { name: 'FS01', note: 'fs01 was quiet' },
      '@timestamp': '2026-03-02T10:00:00.123Z',
      local: '2026-03-02 12:00:05 +02:00',
      seconds: FROM_MS / 1000,
      millis: FROM_MS + 5,
      signed: '2019-01-01T00:00:00Z',
      port: 443,
      tags: ['fs01', 'lateral', null, true],
    };
    expect(remakeRecord(record, remaking)).toEqual({
      id: 'def-456',
      host: { name: 'web-7', note: 'fs01 was quiet' },
      '@timestamp': '2026-11-21T12:00:00.123Z',
      local: '2026-11-21 14:00:05 +02:00',
      seconds: TO_MS / 1000,
      millis: TO_MS + 5,
      signed: '2019-01-01T00:00:00Z',
      port: 443,
      tags: ['web-7', 'lateral', null, true],
    });
  });

  test('with nothing to rename and no time to move is itself', () => {
    const nothing = { renames: new Map<string, string>(), fromMs: FROM_MS, toMs: FROM_MS };
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const json = JSON.parse(JSON.stringify(record));
        expect(remakeRecord(json, nothing)).toEqual(json);
      }),
    );
  });
});
