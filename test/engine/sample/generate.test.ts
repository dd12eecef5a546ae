import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { recogniseFormat } from '../../../engine/ingest/formats/index.ts';
import { generateSample, type Sample } from '../../../engine/sample/generate.ts';
import type { SampleRecord } from '../../../engine/sample/record.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';

const ENDS_AT_MS = Date.UTC(2026, 10, 20, 14, 20);
const FORTNIGHT_MS = 14 * 86_400_000;

interface ReadAlert {
  alert: NormalisedAlert;
  from: SampleRecord;
}

function digestOf(sample: Sample): string {
  const hash = createHash('sha256');
  for (const { atMs, file, record } of sample.records) hash.update(`${atMs} ${file} ${JSON.stringify(record)}\n`);
  return hash.digest('hex');
}

describe('the generated fortnight', () => {
  let sample: Sample;
  const alerts: ReadAlert[] = [];
  const skipped: string[] = [];
  const warnings: string[] = [];
  beforeAll(() => {
    sample = generateSample({ endsAtMs: ENDS_AT_MS });
    for (const from of sample.records) {
      const record = JSON.parse(JSON.stringify(from.record));
      const result = recogniseFormat(record)?.read(record);
      if (result?.kind === 'alert') {
        alerts.push({ alert: result.alert, from });
        warnings.push(...result.warnings.map((warning) => `${from.file} ${warning.field}: ${warning.message}`));
      } else if (result?.kind === 'skip') skipped.push(result.why);
      else throw new Error(`Nothing reads ${JSON.stringify(record).slice(0, 300)}: ${result?.why}`);
    }
  });

  it('is the same to the byte for the same seed and end, and another for another seed', () => {
    expect(digestOf(generateSample({ endsAtMs: ENDS_AT_MS }))).toBe(digestOf(sample));
    expect(digestOf(generateSample({ endsAtMs: ENDS_AT_MS, seed: 'other' }))).not.toBe(digestOf(sample));
  });

  it('is read whole by the four formats, each in its own file, without a warning', () => {
    expect(warnings).toEqual([]);
    const formats = new Set(sample.records.map((from) => `${from.file} ${recogniseFormat(from.record)?.name}`));
    expect([...formats].sort()).toEqual([
      'alerts.json wazuh',
      'elastic.ndjson elastic',
      'eve.json suricata-eve',
      'findings.ndjson ocsf',
    ]);
    expect(skipped.every((why) => why.startsWith('a Suricata '))).toBe(true);
    expect(skipped.length).toBeGreaterThan(500);
  });

  it('has 12,000 to 20,000 alerts within its fortnight, each with title, entity, severity and an id of its own', () => {
    expect(alerts.length).toBeGreaterThan(12_000);
    expect(alerts.length).toBeLessThan(20_000);
    const ids = new Set(alerts.map(({ alert }) => `${alert.product} ${alert.stableId}`));
    expect(ids.size).toBe(alerts.length);
    for (const { alert } of alerts) {
      expect(alert.title).not.toBe('');
      expect(alert.severity).not.toBe('unknown');
      expect(alert.hosts.length > 0 || alert.sourceIp !== null || alert.users.length > 0, alert.title).toBe(true);
      expect(alert.observedAtMs).toBeGreaterThan(ENDS_AT_MS - FORTNIGHT_MS - 60_000);
      expect(alert.observedAtMs).toBeLessThanOrEqual(ENDS_AT_MS);
    }
  });

  it('is believable: few are high, fewer critical, days are busier than nights and Sundays quiet', () => {
    const share = (test: (alert: NormalisedAlert) => boolean) =>
      alerts.filter(({ alert }) => test(alert)).length / alerts.length;
    expect(share((alert) => alert.severity === 'critical')).toBeLessThan(0.005);
    expect(share((alert) => alert.severity === 'high')).toBeLessThan(0.06);
    expect(share((alert) => alert.severity === 'medium')).toBeGreaterThan(0.08);
    expect(share((alert) => alert.severity === 'low' || alert.severity === 'informational')).toBeGreaterThan(0.6);
    const perHour = (weekdays: readonly number[], hours: readonly number[]) =>
      alerts.filter(({ alert }) => {
        const date = new Date(alert.observedAtMs);
        return weekdays.includes(date.getUTCDay()) && hours.includes(date.getUTCHours());
      }).length /
      (2 * weekdays.length * hours.length);
    const work = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17];
    expect(perHour([1, 2, 3, 4, 5], work)).toBeGreaterThan(1.6 * perHour([1, 2, 3, 4, 5], [19, 20, 21, 22, 23, 4, 5]));
    expect(perHour([1, 2, 3, 4, 5], work)).toBeGreaterThan(2 * perHour([0], work));
    expect(perHour([2, 4, 6], [1, 2, 3])).toBeGreaterThan(2 * perHour([1, 3, 5], [3, 4]));
  });

  it('names nothing outside the ranges and names that are reserved for documentation', () => {
    const outside = /^(10\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/;
    for (const { alert } of alerts) {
      for (const address of [alert.sourceIp, alert.destinationIp]) {
        if (address !== null) expect(address).toMatch(outside);
      }
      for (const domain of alert.domains) expect(domain).toMatch(/\.(example|test)$|^(10|192|198|203)\.|^evil\.test$/);
    }
  });

  it('tells the intrusion by five products over four days, with the techniques in their order, to the last hour', () => {
    const steps = alerts.filter(({ from }) => from.story === 'intrusion');
    expect(new Set(steps.map(({ alert }) => alert.product))).toEqual(
      new Set(['mailshield', 'elastic', 'wazuh', 'suricata', 'nimbus watch']),
    );
    const first = (technique: string) => steps.findIndex(({ alert }) => alert.techniques.includes(technique));
    const order = [
      'T1566.001',
      'T1218.005',
      'T1071.001',
      'T1003.001',
      'T1021.002',
      'T1003.006',
      'T1560.001',
      'T1041',
      'T1490',
      'T1486',
    ].map(first);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBe(0);
    const last = steps.at(-1)?.alert.observedAtMs ?? 0;
    expect(ENDS_AT_MS - last).toBeLessThan(3_600_000);
    expect(last - (steps[0]?.alert.observedAtMs ?? 0)).toBeGreaterThan(3.5 * 86_400_000);
    const hosts = new Set(steps.flatMap(({ alert }) => alert.hosts));
    for (const host of ['hl-fs01', 'hl-dc01']) expect(hosts).toContain(host);
  });

  it('tells the abused assistant with the tags of ATLAS and OWASP', () => {
    const steps = alerts.filter(({ from }) => from.story === 'assistant');
    const tags = new Set(steps.flatMap(({ alert }) => alert.tags));
    for (const tag of ['AML.T0051', 'AML.T0057', 'LLM01:2025', 'LLM02:2025', 'LLM06:2025']) expect(tags).toContain(tag);
    expect(new Set(steps.map(({ alert }) => alert.product))).toEqual(new Set(['elastic', 'promptgate', 'suricata']));
  });

  it('holds text that must never be rendered: markup, bidi controls, a title of 400 characters', () => {
    const text = alerts.map(({ from }) => JSON.stringify(from.record)).join('\n');
    expect(text).toContain('<script>');
    expect(text).toContain('\u202e');
    expect(alerts.some(({ alert }) => alert.title.length === 400)).toBe(true);
  });
});
