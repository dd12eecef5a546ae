import { describe, expect, it } from 'vitest';
import { defenderEndpoint } from '../../../../engine/ingest/formats/defender-endpoint.ts';
import { microsoftGraph } from '../../../../engine/ingest/formats/microsoft-graph.ts';
import { readRecords } from '../../../../engine/ingest/records.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { defenderIncident, endpointAlert } from '../../../fixtures/interface-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

async function recordsOf(text: string): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  async function* bytes() {
    yield Buffer.from(text);
  }
  for await (const batch of readRecords(bytes())) {
    for (const record of batch) if (record.kind === 'record') found.push(record.value);
  }
  return found;
}

describe('Defender for Endpoint', () => {
  it('reads an alert of its interface', () => {
    expect(defenderEndpoint.recognises(endpointAlert())).toBe(1);
    expect(alertOf(defenderEndpoint, endpointAlert())).toMatchObject({
      product: 'microsoft defender',
      stableId: 'da638_-77',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 5, 38, 548),
      dedupeAtMs: Date.UTC(2026, 10, 2, 9, 8, 11, 108),
      title: 'Suspicious process injection observed',
      severity: 'medium',
      ruleId: '7f1c3609',
      tactics: ['defense-evasion'],
      techniques: ['T1055'],
      hosts: ['srv-web-02.corp.example'],
      users: ['CORP\\adm.tom'],
      sourceIp: '203.0.113.12',
      hashes: { md5: [], sha1: ['4'.repeat(40)], sha256: ['5'.repeat(64)] },
      process: {
        executable: 'C:\\Windows\\System32\\notepad.exe',
        commandLine: '"notepad.exe"',
        parentExecutable: 'C:\\Windows\\explorer.exe',
      },
      closedAtSource: false,
      tags: ['WindowsDefenderAtp', 'incident:12'],
    });
  });

  it('reads evidence that a shipper has split into records of one piece each', () => {
    const [process] = endpointAlert().evidence as JsonObject[];
    const alert = alertOf(defenderEndpoint, { ...endpointAlert(), evidence: process ?? {} });
    expect(alert.hashes.sha256).toEqual(['5'.repeat(64)]);
  });

  it('takes the alerts out of incidents, alone, in lists and in answers', async () => {
    const incident = JSON.stringify(defenderIncident());
    for (const text of [incident, `[${incident}]`, `{"@odata.context":"x","value":[${incident}]}`]) {
      const records = await recordsOf(text);
      expect(records.map((record) => alertOf(defenderEndpoint, record))).toMatchObject([
        {
          stableId: 'da638_-78',
          severity: 'low',
          hosts: ['ws-eva-07.corp.example'],
          techniques: ['T1564.001'],
          hashes: { sha1: ['6'.repeat(40)] },
          closedAtSource: true,
          sourceVerdict: 'TruePositive',
        },
        { stableId: 'da638_-79', severity: 'high', tactics: ['impact'] },
      ]);
    }
  });

  it('passes over an incident whose alerts are not in it', () => {
    const { alerts: _, ...bare } = defenderIncident();
    expect(microsoftGraph.recognises(bare)).toBe(1);
    expect(whyNot(microsoftGraph, bare)).toMatch(/^skip: an incident of Defender/);
  });

  it('refuses an alert without an id or a time', () => {
    expect(whyNot(defenderEndpoint, { ...endpointAlert(), id: null })).toMatch(/^reject: it has no id/);
    const { alertCreationTime: _, firstEventTime: __, lastEventTime: ___, ...timeless } = endpointAlert();
    expect(whyNot(defenderEndpoint, timeless)).toMatch(/^reject/);
  });
});
