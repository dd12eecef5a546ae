import { expect, it } from 'vitest';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { readRecords } from '../../../engine/ingest/records.ts';
import { readStored } from '../../../engine/routing/children.ts';
import { alertsOfGroups } from '../../../engine/store/alerts.ts';
import type { Store } from '../../../engine/store/store.ts';
import { guarddutyFinding, sentinelAlert } from '../../fixtures/cloud-records.ts';
import { FAST_LINE, falcoEvent, LEEF_LINE } from '../../fixtures/sensor-records.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { NOW_MS, settingOn } from './pipeline-setting.ts';

/** A firewall's line with no year, one with no time at all, two other text formats, JSON by syslog, and JSON. */
const LINES = [
  '<134>Dec 31 23:59:00 fw CEF:0|V|P|1|r|Name|5|src=10.0.0.1',
  'CEF:0|V|P|1|r|Other name|5|src=10.0.0.2',
  LEEF_LINE,
  FAST_LINE,
  `<14>Nov  2 10:00:00 node-1 falco: ${JSON.stringify(falcoEvent())}`,
  JSON.stringify(guarddutyFinding()),
  'no alert at all',
].join('\n');

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const CSV = `${Object.keys(sentinelAlert()).join(',')}\n${Object.values(sentinelAlert()).map(String).map(quoted).join(',')}\n`;
const ZEEK = [
  '#separator \\x09',
  '#path\tnotice',
  '#fields\tts\tnote\tmsg\tsrc',
  '#types\ttime\tenum\tstring\taddr',
  `${NOW_MS / 1000}\tScan::Port_Scan\t10.0.0.9 scanned\t10.0.0.9`,
].join('\n');

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function storedAlerts(store: Store) {
  const groups = await store.read((db) => db.selectFrom('alert_group').select('id').orderBy('id').execute());
  const found = [];
  for (const group of groups) {
    const rows = await store.read((db) => alertsOfGroups(db, [group.id], 0, 10));
    const stored = await store.read((db) => readStored(db, BUILT_IN, rows));
    found.push(...rows.map((row, i) => ({ row, stored: stored[i] ?? null })));
  }
  return found;
}

describeOnBothStores('ingest of text and tables', (open) => {
  it('stores each record, and shows it again as it was stored', async () => {
    const { store } = await open();
    const { ingest } = settingOn(store);
    const options = { origin: 'mixed', format: 'auto', isHistory: false };
    const reports = [];
    for (const text of [LINES, CSV, ZEEK]) reports.push(await ingest.ingest(readRecords(one(text)), options));
    expect(reports.map(({ stored, rejected }) => [stored, rejected])).toEqual([
      [6, 1],
      [1, 0],
      [1, 0],
    ]);
    expect(Object.keys(reports[0]?.byFormat ?? {}).sort()).toEqual([
      'cef',
      'falco',
      'guardduty',
      'leef',
      'suricata-fast',
      'unrecognised',
    ]);
    const alerts = await storedAlerts(store);
    expect(alerts.length).toBe(8);
    for (const { row, stored } of alerts) {
      expect(stored?.alert.observedAtMs).toBe(row.observed_at_ms);
      expect(stored?.alert.title).toBe(row.title);
    }
    const times = new Map(alerts.map(({ row }) => [row.title, row.observed_at_ms]));
    expect(times.get('Name')).toBe(Date.UTC(new Date(NOW_MS).getUTCFullYear() - 1, 11, 31, 23, 59));
    expect(times.get('Other name')).toBe(NOW_MS);
  });

  it('stores nothing twice when the same lines come again', async () => {
    const { store } = await open();
    const { ingest } = settingOn(store);
    for (const expected of [6, 0]) {
      const options = { origin: 'mixed', format: 'auto', isHistory: false };
      expect((await ingest.ingest(readRecords(one(LINES)), options)).stored).toBe(expected);
    }
  });
});
