import { describe, expect, it } from 'vitest';
import { microsoftGraph } from '../../../../engine/ingest/formats/microsoft-graph.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { graphAlert } from '../../../fixtures/cloud-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Microsoft Graph alerts_v2', () => {
  it('reads an alert and its evidence', () => {
    expect(alertOf(microsoftGraph, graphAlert())).toMatchObject({
      product: 'microsoft defender',
      stableId: 'da637551227677560813_-961444813',
      observedAtMs: Date.UTC(2026, 10, 2, 5, 59, 36, 985),
      dedupeAtMs: Date.UTC(2026, 10, 2, 6, 0, 4, 351),
      title: 'Suspicious execution of a hidden file',
      severity: 'high',
      ruleId: 'e0da400f-affd-43ef-b1d5-afc2eb6f2756',
      tactics: ['defense-evasion'],
      techniques: ['T1564.001'],
      hosts: ['ws-omar-02.corp.example'],
      users: ['CORP\\omar'],
      sourceIp: '203.0.113.40',
      hashes: { md5: [], sha1: [], sha256: ['c'.repeat(64)] },
      urls: ['https://Get.Example.test/h'],
      domains: ['get.example.test'],
      process: {
        executable: 'C:\\Temp\\Hidden.exe',
        commandLine: '"Hidden.exe" /quiet',
        parentExecutable: 'C:\\Windows\\explorer.exe',
      },
      closedAtSource: false,
      sourceVerdict: 'truePositive',
      tags: ['microsoftDefenderForEndpoint', 'antivirus', 'incident:2890'],
    });
  });

  it('enters closed what was resolved there', () => {
    const record = { ...graphAlert(), status: 'resolved', classification: null };
    expect(alertOf(microsoftGraph, record)).toMatchObject({ closedAtSource: true, sourceVerdict: 'resolved' });
  });

  it('takes a category that is no tactic for no tactic, and an unknown severity for none', () => {
    const record = { ...graphAlert(), category: 'AnonymousLogin', severity: 'unknownFutureValue' };
    expect(alertOf(microsoftGraph, record)).toMatchObject({
      tactics: [],
      category: 'AnonymousLogin',
      severity: 'unknown',
    });
  });

  it('reads evidence whose type stands under a key without special characters', () => {
    const evidence = [{ at_sign_odata_type: '#microsoft.graph.security.ipEvidence', ipAddress: '2001:0db8::0009' }];
    expect(alertOf(microsoftGraph, { ...graphAlert(), evidence })).toMatchObject({
      sourceIp: '2001:db8::9',
      hosts: [],
    });
    expect(alertOf(microsoftGraph, { ...graphAlert(), evidence: null }).hosts).toEqual([]);
  });

  it('refuses what has no time', () => {
    const times = { createdDateTime: null, firstActivityDateTime: null, lastActivityDateTime: null };
    expect(whyNot(microsoftGraph, { ...graphAlert(), ...times })).toMatch(/^reject: it has no lastActivityDateTime/);
  });

  it.each<[JsonObject, JsonObject]>([
    [
      {
        '@odata.type': '#microsoft.graph.security.networkConnectionEvidence',
        sourceAddress: { ipAddress: '10.20.4.7' },
        sourcePort: 4711,
        destinationAddress: { ipAddress: '203.0.113.9' },
        destinationPort: 443,
      },
      { sourceIp: '10.20.4.7', sourcePort: 4711, destinationIp: '203.0.113.9', destinationPort: 443 },
    ],
    [
      { '@odata.type': '#microsoft.graph.security.dnsEvidence', domainName: 'c2.example.test' },
      { domains: ['c2.example.test'] },
    ],
    [
      {
        '@odata.type': '#microsoft.graph.security.hostLogonSessionEvidence',
        account: { userAccount: { accountName: 'eva', domainName: 'CORP' } },
        host: { deviceDnsName: 'ws-eva-07' },
      },
      { users: ['CORP\\eva'], hosts: ['ws-eva-07'] },
    ],
    [
      { '@odata.type': '#microsoft.graph.security.kubernetesPodEvidence', name: 'web-1', namespace: { name: 'shop' } },
      { hosts: ['shop/web-1'] },
    ],
    [{ '@odata.type': '#microsoft.graph.security.iotDeviceEvidence', deviceName: 'cam-2' }, { hosts: ['cam-2'] }],
    [
      {
        '@odata.type': '#microsoft.graph.security.submissionMailEvidence',
        recipient: 'ana@corp.example',
        senderIp: '203.0.113.4',
      },
      { users: ['ana@corp.example'], sourceIp: '203.0.113.4' },
    ],
  ])('reads the evidence %j', (evidence, expected) => {
    expect(alertOf(microsoftGraph, { ...graphAlert(), evidence: [evidence] })).toMatchObject(expected);
  });
});
