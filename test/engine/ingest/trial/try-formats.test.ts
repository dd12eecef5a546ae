import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../../engine/ingest/formats/index.ts';
import { readRecords } from '../../../../engine/ingest/records.ts';
import { traceFields } from '../../../../engine/ingest/trial/trace-fields.ts';
import { type TrialOptions, tryFormats } from '../../../../engine/ingest/trial/try-formats.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { eveRecord, wazuhDocument } from '../../../fixtures/alert-records.ts';
import { CEF_LINE } from '../../../fixtures/sensor-records.ts';

const NOW_MS = Date.UTC(2026, 10, 3);
const OPTIONS: TrialOptions = { formats: BUILT_IN, fixed: null, limit: 10, nowMs: NOW_MS };

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const tried = (text: string, options: Partial<TrialOptions> = {}) =>
  tryFormats(readRecords(bytes(text)), { ...OPTIONS, ...options });

function trace(name: string, record: JsonObject): Record<string, readonly string[]> {
  const format = BUILT_IN.named(name);
  const result = format?.read(record, NOW_MS);
  if (format === null || result?.kind !== 'alert') throw new Error('no alert');
  return Object.fromEntries(traceFields(format, record, result.alert, NOW_MS));
}

describe('tracing fields', () => {
  it('finds where each field of an alert came from', () => {
    const record: JsonObject = { ...eveRecord(), unused: 'nothing reads this' };
    const traced = trace('suricata-eve', record);
    expect(traced.time).toEqual(['timestamp']);
    expect(traced.title).toEqual(['alert.signature']);
    expect(traced.sourceIp).toEqual(['src_ip']);
    expect(traced.ruleId).toEqual(expect.arrayContaining(['alert.gid', 'alert.signature_id']));
    expect(Object.values(traced).flat()).not.toContain('unused');
    expect(record.unused).toBe('nothing reads this');
  });

  it('names the value that stands in when another has the same text', () => {
    const time = '2026-11-02T10:00:00.000Z';
    const traced = trace('wazuh', { ...wazuhDocument(), timestamp: time, '@timestamp': time });
    expect(traced.time).toEqual(['timestamp']);
  });

  it('gives up on a record with more values than people write', () => {
    expect(trace('suricata-eve', { ...eveRecord(), many: Array(2000).fill(1) })).toEqual({});
  });
});

describe('trying a file', () => {
  it('tells what became of each record, and counts all', async () => {
    const eve = JSON.stringify(eveRecord());
    const flow = JSON.stringify({ ...eveRecord(), event_type: 'flow' });
    const late = JSON.stringify({ ...eveRecord(), timestamp: 'noon' });
    const { records, counts, total } = await tried(`${eve}\n${flow}\n{"a": 1}\n{"a": tru}\n${late}\n${eve}\n`, {
      limit: 5,
    });
    expect(records.map(({ line, outcome, format }) => [line, outcome, format])).toEqual([
      [1, 'alert', 'suricata-eve'],
      [2, 'skipped', 'suricata-eve'],
      [3, 'rejected', null],
      [4, 'rejected', null],
      [5, 'rejected', 'suricata-eve'],
    ]);
    expect(records[0]?.fields.find(({ name }) => name === 'title')?.from).toEqual(['alert.signature']);
    expect(records[3]).toMatchObject({ column: 7, text: '{"a": tru}' });
    expect(records[4]?.why).toContain('timestamp "noon" is not in a form that can be read');
    expect(counts).toEqual({
      'suricata-eve': { alerts: 2, skipped: 1, rejected: 1, warnings: 0 },
      unrecognised: { alerts: 0, skipped: 0, rejected: 2, warnings: 0 },
    });
    expect(total).toEqual({ alerts: 2, skipped: 1, rejected: 3, warnings: 0 });
  });

  it('gives columns for lines of text, also within JSON', async () => {
    const [plain] = (await tried(`${CEF_LINE}\n`)).records;
    const category = plain?.fields.find(({ name }) => name === 'category');
    expect(category?.from).toEqual([`column ${CEF_LINE.indexOf('intrusion') + 1}`]);
    const [wrapped] = (await tried(`${JSON.stringify({ message: CEF_LINE })}\n`)).records;
    expect(wrapped?.fields.find(({ name }) => name === 'category')?.from?.[0]).toMatch(/^message, column \d+$/);
  });

  it('reads every record as one format where that is asked', async () => {
    const [record] = (await tried('{"a": 1}\n', { fixed: BUILT_IN.named('cef') })).records;
    expect(record).toMatchObject({ outcome: 'rejected', format: 'cef', why: 'it holds no CEF header' });
  });
});
