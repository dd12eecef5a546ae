import { describe, expect, it } from 'vitest';
import { sentinel } from '../../../../engine/ingest/formats/sentinel.ts';
import { sentinelAlert } from '../../../fixtures/cloud-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Microsoft Sentinel', () => {
  it('reads SecurityAlert, and follows its entities to the process and its parent', () => {
    expect(alertOf(sentinel, sentinelAlert())).toMatchObject({
      product: 'sentinel',
      stableId: '5f1f3a7e-0000-4000-8000-000000000042',
      observedAtMs: Date.UTC(2026, 10, 2, 6, 55, 10),
      severity: 'high',
      ruleId: 'VM_ShadowCopies',
      tactics: ['impact', 'defense-evasion'],
      techniques: ['T1490'],
      hosts: ['FS-LEE-01'],
      users: ['CORP\\lee'],
      sourceIp: '10.20.4.90',
      process: {
        executable: 'c:\\windows\\system32\\vssadmin.exe',
        commandLine: 'vssadmin delete shadows /all',
        parentExecutable: 'C:\\Windows\\System32\\cmd.exe',
      },
      sourceAction: 'blocked',
      closedAtSource: false,
    });
  });

  it.each([['{"cut":'], ['"text"'], ['[null,7,{"$id":"1","$ref":"1"}]'], ['']])('survives entities %s', (Entities) => {
    expect(alertOf(sentinel, { ...sentinelAlert(), Entities, ExtendedProperties: Entities }).hosts).toEqual([
      'FS-LEE-01',
    ]);
  });

  it('survives entities that refer to themselves', () => {
    const Entities = '[{"$id":"1","Type":"process","ParentProcess":{"$ref":"1"},"ImageFile":{"$ref":"2"}}]';
    expect(alertOf(sentinel, { ...sentinelAlert(), Entities }).process.executable).toBeNull();
  });

  it('reads SecurityIncident', () => {
    const incident = {
      IncidentName: '1c9b',
      IncidentNumber: '12',
      CreatedTime: '2026-11-02T08:00:00Z',
      Title: 'Ransomware on two machines',
      Severity: 'High',
      Status: 'Closed',
      Classification: 'BenignPositive',
      AlertIds: '["a-1","a-2"]',
    };
    expect(sentinel.recognises(incident)).toBe(1);
    expect(alertOf(sentinel, incident)).toMatchObject({
      stableId: '1c9b',
      closedAtSource: true,
      sourceVerdict: 'BenignPositive',
      tags: ['alert:a-1', 'alert:a-2'],
    });
  });

  it('passes over rows of incidents, whose alerts come themselves', () => {
    expect(whyNot(sentinel, { ...sentinelAlert(), IsIncident: 'True' })).toMatch(/^skip: an incident of Sentinel/);
    expect(whyNot(sentinel, { ...sentinelAlert(), SystemAlertId: null })).toMatch(/^reject: it has no SystemAlertId/);
    expect(whyNot(sentinel, { SystemAlertId: 'x' })).toBe('reject: it has no StartTime or TimeGenerated');
  });
});
