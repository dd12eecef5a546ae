import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recogniseFormat } from '../../../engine/ingest/formats/index.ts';
import { RecordSplitter } from '../../../engine/ingest/records/splitter.ts';
import { type RawRecord, readRecords } from '../../../engine/ingest/records.ts';
import { openAlertFile } from '../../../engine/ingest/sources/file.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import { NO_REAL_ALERTS, realAlertsDir } from '../../fixtures/real-alerts.ts';

/** Counts as the folders' own notes give them. */
const FILES: readonly { file: string; format: string; records: number }[] = [
  { file: 'suricata/eve-first-org-conf-2015.json', format: 'suricata-eve', records: 136 },
  { file: 'suricata/eve-wrccdc-2017.json', format: 'suricata-eve', records: 161 },
  { file: 'suricata/eve-wrccdc-2018.json', format: 'suricata-eve', records: 207 },
  { file: 'wazuh/wazuh-llmsoc-open.jsonl', format: 'wazuh', records: 90 },
  { file: 'ocsf/ocsf-2004-prowler-aws.json', format: 'ocsf', records: 5 },
  { file: 'ocsf/ocsf-2004-prowler-gcp.json', format: 'ocsf', records: 5 },
  { file: 'elastic/kibana-alert-8.3-ecs-rfc0031.json', format: 'elastic', records: 1 },
];

async function alertsOf(path: string, format: string): Promise<NormalisedAlert[]> {
  const alerts: NormalisedAlert[] = [];
  for await (const batch of readRecords(openAlertFile(path))) {
    for (const record of batch) {
      if (record.kind === 'fault') expect.fail(`line ${record.line}: ${record.message}`);
      const found = recogniseFormat(record.value);
      expect(found?.name).toBe(format);
      expect(JSON.parse(Buffer.from(record.bytes).toString())).toEqual(record.value);
      const result = found?.read(record.value);
      if (result?.kind !== 'alert') expect.fail(`line ${record.line}: ${result?.kind} ${result?.why}`);
      alerts.push(result.alert);
    }
  }
  return alerts;
}

const directory = realAlertsDir();
if (directory === null) console.log(`skipped: ${NO_REAL_ALERTS}`);

describe.skipIf(directory === null)('real alerts', () => {
  it.each(FILES)('reads every record of $file', async ({ file, format, records }) => {
    const alerts = await alertsOf(join(directory ?? '', file), format);
    expect(alerts.length).toBe(records);
    expect(new Set(alerts.map((alert) => alert.stableId)).size).toBe(records);
    for (const alert of alerts) {
      expect(alert.severity).not.toBe('unknown');
      expect(alert.observedAtMs).toBeGreaterThan(Date.UTC(2014, 0, 1));
      expect(alert.observedAtMs).toBeLessThan(Date.UTC(2026, 0, 1));
      expect(JSON.stringify(alert)).not.toMatch(/"(?:-|N\/A|0\.0\.0\.0|<[a-z_]+>)"/);
    }
  });

  it('ranks Suricata by priority as the sensors set it', async () => {
    const counts: Record<string, number> = {};
    for (const { file, format } of FILES.filter((entry) => entry.format === 'suricata-eve')) {
      for (const alert of await alertsOf(join(directory ?? '', file), format)) {
        counts[alert.severity] = (counts[alert.severity] ?? 0) + 1;
      }
    }
    expect(counts.high).toBe(203);
  });

  it('undoes what the Windows decoder of Wazuh does to paths', async () => {
    const alerts = await alertsOf(join(directory ?? '', 'wazuh/wazuh-llmsoc-open.jsonl'), 'wazuh');
    const programs = alerts.flatMap(({ process }) => [process.executable, process.parentExecutable]);
    const paths = programs.filter((path) => path !== null);
    expect(paths.length).toBeGreaterThan(70);
    for (const path of paths) expect(path).not.toMatch(/^[A-Z]:\\\\|&(?:amp|gt|lt|quot);/);
    expect(alerts.filter((alert) => alert.techniques.length > 0).length).toBe(75);
    expect(alerts.every((alert) => alert.hosts.length > 0)).toBe(true);
  });

  it.each(FILES)('survives damage to $file', async ({ file }) => {
    const whole = (await readFile(join(directory ?? '', file))).subarray(0, 60_000);
    const untouched = new RecordSplitter();
    const intact = readAll(untouched.push(whole)) + readAll(untouched.finish());
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.integer({ min: 1, max: 30_000 }), (changes, size) => {
        const bytes = Buffer.from(whole);
        for (const [place, byte] of changes) bytes[place] = byte;
        const splitter = new RecordSplitter();
        let count = 0;
        for (let from = 0; from < bytes.length; from += size) {
          count += readAll(splitter.push(Buffer.from(bytes.subarray(from, from + size))));
        }
        count += readAll(splitter.finish());
        // One byte spoils its record, and the next when it was the break between them or closed something.
        expect(count).toBeGreaterThanOrEqual(intact - 3 * changes.length);
      }),
      { numRuns: 150 },
    );
  });

  function readAll(found: readonly RawRecord[]): number {
    let alerts = 0;
    for (const record of found) {
      if (record.kind === 'fault') continue;
      if (recogniseFormat(record.value)?.read(record.value).kind === 'alert') alerts++;
    }
    return alerts;
  }
});
