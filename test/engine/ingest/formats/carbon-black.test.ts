import { describe, expect, it } from 'vitest';
import { carbonBlack } from '../../../../engine/ingest/formats/carbon-black.ts';
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
});
