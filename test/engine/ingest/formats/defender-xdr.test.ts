import { describe, expect, it } from 'vitest';
import { defenderXdr } from '../../../../engine/ingest/formats/defender-xdr.ts';
import { huntingAlert, huntingRecord } from '../../../fixtures/cloud-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Defender XDR stream', () => {
  it('reads AlertInfo', () => {
    expect(alertOf(defenderXdr, huntingAlert())).toMatchObject({
      product: 'microsoft defender',
      stableId: 'da11223344_1',
      observedAtMs: Date.UTC(2026, 10, 2, 6, 29, 0, 765),
      severity: 'medium',
      tactics: ['execution'],
      techniques: ['T1218', 'T1218.011'],
    });
  });

  it('reads evidence of what was hit as an alert about that thing, beside the alert that it belongs to', () => {
    const evidence = (more: object) =>
      huntingRecord('AlertEvidence', {
        AlertId: 'da11223344_1',
        Timestamp: '2026-11-02T06:29:30Z',
        Title: 'Suspicious use of rundll32',
        Severity: 'Medium',
        Categories: '["Execution"]',
        AttackTechniques: '["Rundll32 (T1218.011)"]',
        EvidenceRole: 'Impacted',
        ...more,
      });
    const machine = alertOf(
      defenderXdr,
      evidence({ EntityType: 'Machine', DeviceId: 'd1', DeviceName: 'ws-7.corp.example', LocalIP: '10.0.0.7' }),
    );
    const info = alertOf(defenderXdr, huntingAlert());
    expect(machine).toMatchObject({
      title: info.title,
      ruleId: info.ruleId,
      product: info.product,
      severity: 'medium',
      tactics: ['execution'],
      techniques: ['T1218.011'],
      hosts: ['ws-7.corp.example'],
      sourceIp: '10.0.0.7',
    });
    expect(machine.tags).toEqual(expect.arrayContaining(['evidence', 'alert:da11223344_1']));
    expect(info.tags).toContain('alert:da11223344_1');
    const user = alertOf(defenderXdr, evidence({ EntityType: 'User', AccountName: 'ana', AccountDomain: 'CORP' }));
    expect(user.users).toEqual(['CORP\\ana']);
    expect(new Set([machine.stableId, user.stableId, info.stableId]).size).toBe(3);
    const again = evidence({
      EntityType: 'User',
      AccountName: 'ana',
      AccountDomain: 'CORP',
      Timestamp: '2026-11-02T07:00:00Z',
    });
    expect(alertOf(defenderXdr, again).stableId).toBe(user.stableId);
    expect(whyNot(defenderXdr, evidence({ EntityType: 'File', FileName: 'x.dll' }))).toMatch(/^skip: evidence/);
  });

  it('passes over evidence and telemetry, and says whose evidence it is', () => {
    const evidence = huntingRecord('AlertEvidence', { AlertId: 'da11223344_1', EntityType: 'Ip' });
    expect(whyNot(defenderXdr, evidence)).toBe(
      'skip: evidence of the Defender alert da11223344_1 that names no machine or account which was hit',
    );
    expect(whyNot(defenderXdr, huntingRecord('DeviceProcessEvents', {}))).toMatch(
      /^skip: a Defender DeviceProcessEvents/,
    );
    expect(whyNot(defenderXdr, huntingRecord('AlertInfo', { Title: 'x' }))).toMatch(
      /^reject: it has no properties.AlertId/,
    );
  });
});
