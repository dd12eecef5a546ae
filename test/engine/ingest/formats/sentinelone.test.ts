import { describe, expect, it } from 'vitest';
import { sentinelone } from '../../../../engine/ingest/formats/sentinelone.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/model/json.ts';
import { sentineloneRuleAlert, sentineloneThreatActivity } from '../../../fixtures/interface-records.ts';
import { sentineloneActivity, sentineloneThreat } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

function lower(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), lower(one)]));
}

describe('SentinelOne', () => {
  it('reads the alert of a custom rule, in either case of letters', () => {
    for (const record of [sentineloneActivity(), lower(sentineloneActivity()) as JsonObject]) {
      expect(sentinelone.recognises(record)).toBe(1);
      expect(alertOf(sentinelone, record)).toMatchObject({
        product: 'sentinelone',
        stableId: '1570395776954206599',
        observedAtMs: Date.UTC(2026, 10, 2, 8, 0, 40),
        title: 'Archive made in a public folder',
        severity: 'critical',
        ruleId: '777',
        hosts: ['WS-KIM-04'],
        users: ['kim'],
        sourceIp: '10.20.4.51',
        destinationIp: '203.0.113.61',
        destinationPort: 8443,
        hashes: { md5: [], sha1: ['e'.repeat(40)], sha256: [] },
        warnings: [{ field: 'hosts', message: 'taken from the sentence in primaryDescription' }],
      });
    }
  });

  it('reads a threat, with what analysts there made of it', () => {
    expect(sentinelone.recognises(sentineloneThreat())).toBe(1);
    expect(alertOf(sentinelone, sentineloneThreat())).toMatchObject({
      stableId: '1570395776954206600',
      title: 'Ransomware: drop.exe',
      severity: 'high',
      tactics: ['persistence'],
      techniques: ['T1547.001'],
      hosts: ['SRV-LOG-02'],
      users: ['CORP\\svc-log'],
      sourceIp: '10.20.5.2',
      hashes: { md5: [], sha1: ['f'.repeat(40)], sha256: [] },
      closedAtSource: true,
      sourceVerdict: 'false_positive',
      sourceAction: 'blocked',
    });
  });

  it('passes over activities that are no alerts', () => {
    expect(whyNot(sentinelone, { ...sentineloneActivity(), activityType: 90 })).toMatch(
      /^skip: a SentinelOne activity of type 90/,
    );
    expect(whyNot(sentinelone, { ...sentineloneActivity(), activityType: null })).toMatch(/type unknown/);
  });

  it('takes port 0 for none', () => {
    const record = sentineloneActivity();
    const data = { ...(record.data as JsonObject), dstPort: 0, dstIp: '' };
    expect(alertOf(sentinelone, { ...record, data })).toMatchObject({ destinationIp: null, destinationPort: null });
  });

  it('reads an alert of a custom rule as its interface gives it, in either case of letters', () => {
    for (const record of [sentineloneRuleAlert(), lower(sentineloneRuleAlert()) as JsonObject]) {
      expect(sentinelone.recognises(record)).toBe(1);
      expect(alertOf(sentinelone, record)).toMatchObject({
        stableId: '2085998272619999973',
        observedAtMs: Date.UTC(2026, 10, 2, 9, 44, 3, 3),
        title: 'Shell out of a web server',
        severity: 'critical',
        ruleId: '1412136126226508571',
        hosts: ['SRV-APP-01'],
        users: ['IIS APPPOOL\\app'],
        sourceIp: '10.20.7.8',
        sourcePort: null,
        destinationIp: '203.0.113.9',
        destinationPort: 443,
        domains: ['pool.example.test'],
        hashes: { md5: ['1'.repeat(32)], sha1: ['2'.repeat(40)], sha256: ['3'.repeat(64)] },
        process: {
          executable: 'C:\\Windows\\System32\\powershell.exe',
          commandLine: 'powershell.exe -nop -w hidden',
          parentExecutable: 'C:\\inetpub\\w3wp.exe',
        },
        closedAtSource: false,
        sourceVerdict: null,
      });
    }
  });

  it('ranks a threat activity by how sure the agent is', () => {
    const threat = sentineloneThreatActivity();
    expect(alertOf(sentinelone, threat)).toMatchObject({
      stableId: '3001',
      severity: 'high',
      hosts: ['WS-PIA-02'],
      hashes: { sha1: ['9'.repeat(40)] },
      process: { executable: '/home/pia/loader.exe' },
    });
    const data = { ...(threat.data as JsonObject), confidencelevel: 'suspicious' };
    expect(alertOf(sentinelone, { ...threat, data }).severity).toBe('medium');
  });
});
