import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN, FORMATS, recogniseFormat } from '../../../../engine/ingest/formats/index.ts';
import { manual, manualRecord } from '../../../../engine/ingest/formats/manual.ts';
import type { Json, JsonObject } from '../../../../shared/model/json.ts';
import { isJsonObject } from '../../../../shared/model/json.ts';
import { eveRecord } from '../../../fixtures/alert-records.ts';
import { ENTRY, SAMPLES } from '../../../fixtures/format-samples.ts';
import { CEF_LINE, FAST_LINE, LEEF_LINE } from '../../../fixtures/sensor-records.ts';
import { alertOf } from './expect-alert.ts';

const NOW = Date.UTC(2026, 10, 3);

describe('formats', () => {
  it.each(SAMPLES)('recognises %s by content, and only that', (name, record) => {
    expect(recogniseFormat(record)?.name).toBe(name);
    const sure = FORMATS.filter((format) => format.recognises(record) === 1);
    expect(sure.map((format) => format.name)).toEqual([name]);
  });

  it('recognises nothing in records of other kinds', () => {
    const others: JsonObject[] = [{}, { a: 1 }, { timestamp: 'x' }, { rule: {} }, { kibana: {} }, { value: [] }];
    for (const record of others) {
      expect(recogniseFormat(record)).toBeNull();
    }
  });

  it('finds each format by its name', () => {
    for (const format of FORMATS) expect(BUILT_IN.named(format.name)).toBe(format);
    expect(BUILT_IN.named('constructor')).toBeNull();
  });

  it('reads what a person entered', () => {
    expect(alertOf(manual, manualRecord(ENTRY))).toMatchObject({
      product: 'manual',
      stableId: '0b6d4c9e',
      title: ENTRY.title,
      severity: 'medium',
      hosts: ['WS-ANA-01'],
      users: ['ana'],
      ruleId: ENTRY.title,
    });
  });

  it('cuts endless texts and keeps what stores refuse out of them', () => {
    const record = {
      ...eveRecord(),
      alert: { signature: `\0\ud800${'x'.repeat(1_000_000)}`, signature_id: 1, gid: 1 },
    };
    const { title } = alertOf(FORMATS[0] ?? manual, record);
    expect(title.length).toBe(1000);
    expect(title.isWellFormed()).toBe(true);
    expect(title).not.toContain('\0');
  });

  /** Puts a strange value in the place of any one value of the record. */
  function mutated(record: JsonObject, place: number, strange: Json): JsonObject {
    let at = -1;
    const visit = (value: Json): Json => {
      at++;
      if (at === place) return strange;
      if (Array.isArray(value)) return value.map(visit);
      if (!isJsonObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, visit(below)]));
    };
    const whole = visit(record);
    return isJsonObject(whole) ? whole : {};
  }

  it('never throws on a strange value in any place, and never gives an alert without id, time and title', () => {
    const strange = fc.oneof(
      fc.jsonValue().map((value) => value as Json),
      fc.constantFrom<Json>(
        null,
        [],
        {},
        '',
        '-',
        '\0',
        '\ud800',
        1e308,
        -1,
        [[]],
        [null],
        { __proto__: null },
        'x'.repeat(5000),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.nat(60), strange, ([name, record], place, value) => {
        const changed = mutated(record, place, value);
        recogniseFormat(changed);
        const result = BUILT_IN.named(name)?.read(changed, NOW);
        if (result?.kind !== 'alert') return;
        const { alert } = result;
        expect(alert.stableId).not.toBe('');
        expect(alert.title).not.toBe('');
        expect(alert.ruleId).not.toBe('');
        expect(alert.observedAtMs).toBeGreaterThan(0);
        const texts = JSON.stringify(alert);
        expect(texts.isWellFormed()).toBe(true);
        expect(texts).not.toContain('\\u0000');
        expect(texts).not.toMatch(/\\ud[89a-f]/);
      }),
      { numRuns: 4000 },
    );
  });

  it('never throws on lines that were cut, doubled or filled with marks', () => {
    const marks = fc.constantFrom(
      '|',
      '\\',
      '=',
      '\t',
      '^',
      '"',
      '[**] ',
      'CEF:0|',
      'LEEF:2.0|',
      '<13>',
      ' ',
      '\0',
      '\ud800',
    );
    const lines = fc.constantFrom(CEF_LINE, LEEF_LINE, FAST_LINE);
    fc.assert(
      fc.property(lines, fc.nat(400), fc.nat(400), fc.array(marks, { maxLength: 6 }), (line, from, to, filled) => {
        const changed = { line: line.slice(0, from) + filled.join('') + line.slice(to) };
        const result = recogniseFormat(changed)?.read(changed, NOW);
        if (result?.kind !== 'alert') return;
        expect(result.alert.stableId).not.toBe('');
        expect(result.alert.title).not.toBe('');
        expect(result.alert.product).not.toBe('');
        expect(result.alert.observedAtMs).toBeGreaterThan(0);
        expect(JSON.stringify(result.alert)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }),
      { numRuns: 4000 },
    );
  });

  it('gives the same alert for the same record, and leaves the record alone', () => {
    for (const [name, record] of SAMPLES) {
      const before = JSON.stringify(record);
      const format = BUILT_IN.named(name);
      expect(format?.read(record)).toEqual(format?.read(record));
      expect(JSON.stringify(record)).toBe(before);
    }
  });
});
