import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BUILT_IN, FORMATS, recogniseFormat } from '../../../../engine/ingest/formats/index.ts';
import { recordOfOriginal } from '../../../../engine/ingest/records/original.ts';
import { type RawRecord, readRecords } from '../../../../engine/ingest/records.ts';
import { openAlertFile } from '../../../../engine/ingest/sources/file.ts';
import type { NormalisedAlert } from '../../../../shared/model/alert.ts';
import { NO_REAL_ALERTS, realAlertsDir } from '../../../fixtures/real-alerts.ts';
import { type Covered, conformanceTable, NOT_COVERED } from './conformance-table.ts';

/** What each real file comes to: alerts, ids among them (rule tests reuse ids), what is passed over, what is refused. */
const FILES: readonly (Omit<Covered, 'alerts'> & { alerts: number; ids: number })[] = [
  {
    file: 'suricata/eve-first-org-conf-2015.json',
    format: 'suricata-eve',
    alerts: 136,
    ids: 136,
    skipped: 0,
    rejected: 0,
  },
  { file: 'suricata/eve-wrccdc-2017.json', format: 'suricata-eve', alerts: 161, ids: 161, skipped: 0, rejected: 0 },
  { file: 'suricata/eve-wrccdc-2018.json', format: 'suricata-eve', alerts: 207, ids: 207, skipped: 0, rejected: 0 },
  { file: 'suricata/fast-http2-files.log', format: 'suricata-fast', alerts: 28, ids: 22, skipped: 0, rejected: 0 },
  { file: 'wazuh/wazuh-llmsoc-open.jsonl', format: 'wazuh', alerts: 90, ids: 90, skipped: 0, rejected: 0 },
  { file: 'elastic/kibana-alert-8.3-ecs-rfc0031.json', format: 'elastic', alerts: 1, ids: 1, skipped: 0, rejected: 0 },
  { file: 'ocsf/ocsf-2004-prowler-aws.json', format: 'ocsf', alerts: 5, ids: 5, skipped: 0, rejected: 0 },
  { file: 'ocsf/ocsf-2004-prowler-gcp.json', format: 'ocsf', alerts: 5, ids: 5, skipped: 0, rejected: 0 },
  { file: 'guardduty/guardduty-panther.ndjson', format: 'guardduty', alerts: 8, ids: 3, skipped: 0, rejected: 0 },
  {
    file: 'guardduty/guardduty-eventbridge-ec2-duty-event.json',
    format: 'guardduty',
    alerts: 1,
    ids: 1,
    skipped: 0,
    rejected: 0,
  },
  {
    file: 'guardduty/guardduty-eventbridge-iam-duty-event.json',
    format: 'guardduty',
    alerts: 1,
    ids: 1,
    skipped: 0,
    rejected: 0,
  },
  { file: 'aws-securityhub/asff-panther.ndjson', format: 'security-hub', alerts: 2, ids: 1, skipped: 0, rejected: 0 },
  {
    file: 'msgraph/graph-alerts-panther.ndjson',
    format: 'microsoft-graph',
    alerts: 4,
    ids: 4,
    skipped: 0,
    rejected: 0,
  },
  { file: 'sentinel/securityalert-open.csv.gz', format: 'sentinel', alerts: 85, ids: 85, skipped: 0, rejected: 0 },
  {
    file: 'crowdstrike/crowdstrike-eventstreams-panther.ndjson',
    format: 'crowdstrike',
    alerts: 5,
    ids: 1,
    skipped: 4,
    rejected: 0,
  },
  {
    file: 'crowdstrike/crowdstrike-detectionsummary-panther.ndjson',
    format: 'crowdstrike',
    alerts: 2,
    ids: 1,
    skipped: 1,
    rejected: 0,
  },
  {
    file: 'sentinelone/sentinelone-activity-panther.ndjson',
    format: 'sentinelone',
    alerts: 2,
    ids: 1,
    skipped: 1,
    rejected: 0,
  },
  { file: 'proofpoint/proofpoint-panther.ndjson', format: 'proofpoint', alerts: 16, ids: 16, skipped: 1, rejected: 0 },
  // Two of the records are of AWS CloudTrail and belong to no format.
  { file: 'okta/okta-systemlog-panther.ndjson', format: 'okta', alerts: 7, ids: 5, skipped: 9, rejected: 2 },
  { file: 'falco/falco-falcosidekick.ndjson', format: 'falco', alerts: 3, ids: 2, skipped: 3, rejected: 0 },
  { file: 'zeek/notice-wrccdc2018.json.gz', format: 'zeek-notice', alerts: 207, ids: 207, skipped: 0, rejected: 0 },
  { file: 'zeek/notice-wrccdc2018.log.gz', format: 'zeek-notice', alerts: 207, ids: 207, skipped: 0, rejected: 0 },
  { file: 'cef/cef-graylog-fixtures.ndjson', format: 'cef', alerts: 34, ids: 33, skipped: 0, rejected: 0 },
  { file: 'leef/leef-sc4s-comments.ndjson', format: 'leef', alerts: 9, ids: 9, skipped: 0, rejected: 0 },
];

const NOW = Date.UTC(2026, 10, 21);
const directory = realAlertsDir();
if (directory === null) console.log(`skipped: ${NO_REAL_ALERTS}`);

async function recordsOf(file: string): Promise<RawRecord[]> {
  const records: RawRecord[] = [];
  for await (const batch of readRecords(openAlertFile(join(directory ?? '', file)))) records.push(...batch);
  return records;
}

interface Outcome {
  alerts: NormalisedAlert[];
  skipped: string[];
  rejected: string[];
}

async function readFileAsIngestDoes(file: string, format: string): Promise<Outcome> {
  const outcome: Outcome = { alerts: [], skipped: [], rejected: [] };
  for (const record of await recordsOf(file)) {
    if (record.kind === 'fault') expect.fail(`line ${record.line}: ${record.message}`);
    // What is shown later is read from the stored bytes: they must come to the same record.
    expect(recordOfOriginal(record.bytes)).toEqual(record.value);
    const found = recogniseFormat(record.value);
    if (found === null) {
      outcome.rejected.push('no known product');
      continue;
    }
    expect(found.name).toBe(format);
    const result = found.read(record.value, NOW);
    if (result.kind === 'alert') outcome.alerts.push(result.alert);
    else (result.kind === 'skip' ? outcome.skipped : outcome.rejected).push(result.why);
  }
  return outcome;
}

const DOCUMENT = fileURLToPath(new URL('../../../../docs/formats.md', import.meta.url));

describe('formats and the table about them', () => {
  it('says of each format what it does not cover', () => {
    expect(Object.keys(NOT_COVERED).sort()).toEqual(FORMATS.map((format) => format.name).sort());
  });
});

describe.skipIf(directory === null)('real alerts of every format', () => {
  const covered: Covered[] = [];

  it.each(FILES)('$file', async ({ file, format, ...expected }) => {
    const { alerts, skipped, rejected } = await readFileAsIngestDoes(file, format);
    const ids = new Set(alerts.map((alert) => alert.stableId)).size;
    expect({ alerts: alerts.length, ids, skipped: skipped.length, rejected: rejected.length }).toEqual(expected);
    for (const alert of alerts) {
      expect(alert.title).not.toBe('');
      expect(alert.severity).not.toBe('unknown');
      expect(alert.observedAtMs).toBeGreaterThan(Date.UTC(2001, 0, 1) - 1);
      expect(alert.observedAtMs).toBeLessThanOrEqual(NOW);
      expect(JSON.stringify(alert)).not.toMatch(/"(?:-|N\/A|0\.0\.0\.0|\(empty\)|<[a-z_]+>|0{32,64})"/);
    }
    for (const why of [...skipped, ...rejected]) expect(why.length).toBeGreaterThan(10);
    covered.push({ file, format, alerts, skipped: skipped.length, rejected: rejected.length });
  });

  it('gives a notice of Zeek one id, whether it comes as JSON or as a table', async () => {
    const ids = async (file: string) =>
      (await readFileAsIngestDoes(file, 'zeek-notice')).alerts.map((one) => one.stableId);
    expect(await ids('zeek/notice-wrccdc2018.log.gz')).toEqual(await ids('zeek/notice-wrccdc2018.json.gz'));
  });

  it('tags each sample finding of GuardDuty, which other rules pass over', async () => {
    const { alerts } = await readFileAsIngestDoes('guardduty/guardduty-panther.ndjson', 'guardduty');
    const expected = await readFile(join(directory ?? '', 'guardduty/guardduty-panther.expected.csv'), 'utf8');
    const shouldAlert = expected
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().endsWith('True'));
    expect(alerts.map((alert) => !alert.tags.includes('sample'))).toEqual(shouldAlert);
  });

  it('enters closed the alert that Microsoft Graph calls resolved', async () => {
    const { alerts } = await readFileAsIngestDoes('msgraph/graph-alerts-panther.ndjson', 'microsoft-graph');
    expect(alerts.map((alert) => alert.closedAtSource)).toEqual([false, false, true, false]);
  });

  it('ranks the five detections of CrowdStrike by their words', async () => {
    const { alerts } = await readFileAsIngestDoes('crowdstrike/crowdstrike-eventstreams-panther.ndjson', 'crowdstrike');
    const words = ['informational', 'low', 'medium', 'high', 'critical'];
    expect(alerts.map((alert) => alert.severity)).toEqual(words);
  });

  it('follows the entities of Sentinel to a machine for all but a few alerts', async () => {
    const { alerts } = await readFileAsIngestDoes('sentinel/securityalert-open.csv.gz', 'sentinel');
    expect(alerts.filter((alert) => alert.hosts.length > 0).length).toBeGreaterThan(80);
    expect(alerts.filter((alert) => alert.process.commandLine !== null).length).toBeGreaterThan(65);
    for (const { process } of alerts) expect(process.commandLine ?? '').not.toMatch(/^\{|\$ref/);
  });

  it.each(FILES)('survives damage to $file', async ({ file }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of openAlertFile(join(directory ?? '', file))) chunks.push(chunk);
    const packed = Buffer.concat(chunks);
    const whole = (file.endsWith('.gz') ? gunzipSync(packed) : packed).subarray(0, 40_000);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [place, byte] of changes) bytes[place] = byte;
        async function* source(): AsyncGenerator<Uint8Array> {
          yield bytes;
        }
        for await (const batch of readRecords(source())) {
          for (const record of batch) {
            if (record.kind === 'fault') continue;
            const result = recogniseFormat(record.value)?.read(record.value, NOW);
            if (result?.kind !== 'alert') continue;
            const { stableId, title, observedAtMs } = result.alert;
            expect(stableId !== '' && title !== '' && observedAtMs > 0).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  afterAll(async () => {
    if (covered.length < FILES.length) return;
    const text = conformanceTable(FORMATS, covered);
    if (process.env.UPDATE_DOCS === '1') await writeFile(DOCUMENT, text);
    const written = await readFile(DOCUMENT, 'utf8').catch(() => '');
    if (written !== text) throw new Error('docs/formats.md is not what these files come to: run with UPDATE_DOCS=1');
  });

  it('finds each format by the name under which it is stored', () => {
    for (const { format } of FILES) expect(BUILT_IN.named(format)?.name).toBe(format);
  });
});
