import { describe, expect, it } from 'vitest';
import { carbonBlack } from '../../../../engine/ingest/formats/carbon-black.ts';
import { carbonBlackClusterAlert, carbonBlackOldAlert } from '../../../fixtures/interface-records.ts';
import { carbonBlackAlert } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Carbon Black', () => {
  it('reads an alert', () => {
    expect(alertOf(carbonBlack, carbonBlackAlert())).toMatchObject({
      product: 'carbon black',
      stableId: '5a3bd1d8-0000-4000-8000-000000000007',
      observedAtMs: Date.UTC(2026, 10, 2, 8, 39, 55, 120),
      severity: 'high',
      severityScore: 70,
      ruleId: 'rep-1',
      ruleName: 'Squiblydoo',
      tactics: ['defense-evasion'],
      techniques: ['T1218.010'],
      hosts: ['WS-UMA-03'],
      users: ['uma@corp.example'],
      sourceIp: '10.20.4.33',
      destinationIp: '203.0.113.71',
      destinationPort: 80,
      hashes: { md5: [], sha1: [], sha256: ['a1'.repeat(32)] },
      process: { executable: 'c:\\windows\\system32\\regsvr32.exe', parentExecutable: 'c:\\windows\\explorer.exe' },
      sourceAction: 'allowed',
      closedAtSource: false,
      sourceVerdict: null,
    });
  });

  it('enters closed what was closed there, with the verdict', () => {
    const record = {
      ...carbonBlackAlert(),
      workflow: { status: 'CLOSED' },
      determination: { value: 'FALSE_POSITIVE' },
    };
    expect(alertOf(carbonBlack, record)).toMatchObject({ closedAtSource: true, sourceVerdict: 'FALSE_POSITIVE' });
    const older = { ...carbonBlackAlert(), workflow: { state: 'DISMISSED' }, sensor_action: 'TERMINATE' };
    expect(alertOf(carbonBlack, older)).toMatchObject({ closedAtSource: true, sourceAction: 'blocked' });
  });

  it('refuses what has no time', () => {
    const record = { ...carbonBlackAlert(), backend_timestamp: 'x', detection_timestamp: [] };
    expect(whyNot(carbonBlack, record)).toMatch(/^reject: backend_timestamp "x"/);
  });

  it('reads an alert as the interface wrote it before, with behaviours and hashes under its indicators', () => {
    expect(carbonBlack.recognises(carbonBlackOldAlert())).toBe(1);
    expect(alertOf(carbonBlack, carbonBlackOldAlert())).toMatchObject({
      observedAtMs: Date.UTC(2026, 10, 2, 8, 25, 58),
      title: 'PowerShell that downloads',
      severity: 'high',
      ruleId: 'e41b-0',
      category: 'RESPONSE_WATCHLIST',
      techniques: ['T1059.001'],
      hosts: ['WS-UMA-03'],
      users: ['CORP\\uma'],
      sourceIp: '10.20.4.33',
      hashes: { md5: [], sha1: [], sha256: ['b2'.repeat(32)] },
      process: { executable: 'c:\\windows\\system32\\powershell.exe' },
      tags: ['MITRE_T1059_001_POWERSHELL', 'FILELESS'],
    });
    const { report_name: _, ...unnamed } = carbonBlackOldAlert();
    expect(alertOf(carbonBlack, unnamed).title).toMatch(/^Process powershell.exe was detected/);
  });

  it('reads an alert about a workload, which names no machine', () => {
    expect(carbonBlack.recognises(carbonBlackClusterAlert())).toBe(1);
    const expected = {
      severity: 'medium',
      severityScore: 50,
      ruleId: 'f8b1637a',
      ruleName: 'Allowed destinations',
      hosts: ['kube-system/logs-gm5tt'],
      domains: ['demo.example.test'],
    };
    const outbound = {
      sourceIp: '10.244.2.22',
      sourcePort: 56618,
      destinationIp: '203.0.113.40',
      destinationPort: 443,
    };
    expect(alertOf(carbonBlack, carbonBlackClusterAlert())).toMatchObject({ ...expected, ...outbound });
    const inbound = { sourceIp: '203.0.113.40', sourcePort: 443, destinationIp: '10.244.2.22', destinationPort: 56618 };
    const ingress = { ...carbonBlackClusterAlert(), connection_type: 'INGRESS' };
    expect(alertOf(carbonBlack, ingress)).toMatchObject({ ...expected, ...inbound });
  });

  it('reads the hit of a watchlist, which has no id and writes its hashes and its user as lists', () => {
    const hit = {
      schema: 1,
      create_time: '2026-11-02T08:41:04.118Z',
      device_name: 'WS-UMA-03',
      org_key: 'ABCD1234',
      process_hash: ['7'.repeat(32), '8'.repeat(64)],
      process_path: 'c:\\x.exe',
      process_username: ['CORP\\uma'],
      report_name: 'A report',
      severity: 5,
      type: 'watchlist.hit',
    };
    expect(carbonBlack.recognises(hit)).toBe(1);
    expect(alertOf(carbonBlack, hit)).toMatchObject({
      title: 'A report',
      users: ['CORP\\uma'],
      hashes: { md5: ['7'.repeat(32)], sha256: ['8'.repeat(64)] },
      process: { executable: 'c:\\x.exe' },
    });
  });

  it('passes over what the sensors merely saw', () => {
    const event = { type: 'endpoint.event.procstart', org_key: 'ABCD1234', backend_timestamp: '2026-11-02 08:00:00' };
    expect(carbonBlack.recognises(event)).toBe(1);
    expect(whyNot(carbonBlack, event)).toMatch(/^skip: a Carbon Black endpoint.event.procstart/);
  });
});
