import { describe, expect, it } from 'vitest';
import { sentinel } from '../../../../engine/ingest/formats/sentinel.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
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

  it('reads an alert as the management interface gives it, of Defender for Cloud too', () => {
    const record: JsonObject = {
      id: '/subscriptions/s/providers/Microsoft.Security/alerts/7',
      name: '2518298467986649999_4d25',
      type: 'Microsoft.Security/Locations/alerts',
      properties: {
        systemAlertId: '2518298467986649999_4d25',
        alertDisplayName: 'Shadow copies deleted',
        alertType: 'VM_ShadowCopies',
        severity: 'High',
        status: 'Active',
        intent: 'Impact, Defense Evasion',
        startTimeUtc: '2026-11-02T06:55:10.3215Z',
        timeGeneratedUtc: '2026-11-02T07:05:00Z',
        compromisedEntity: 'FS-LEE-01',
        productName: 'Azure Security Center',
        extendedProperties: { 'Suspicious Command Line': 'vssadmin delete shadows /all' },
        entities: [
          { $id: '1', hostName: 'FS-LEE-01', type: 'host' },
          { $id: '2', name: 'lee', ntDomain: 'CORP', type: 'account' },
        ],
      },
    };
    expect(sentinel.recognises(record)).toBe(1);
    expect(alertOf(sentinel, record)).toMatchObject({
      stableId: '2518298467986649999_4d25',
      observedAtMs: Date.UTC(2026, 10, 2, 6, 55, 10, 321),
      title: 'Shadow copies deleted',
      severity: 'high',
      ruleId: 'VM_ShadowCopies',
      tactics: ['impact', 'defense-evasion'],
      hosts: ['FS-LEE-01'],
      users: ['CORP\\lee'],
      process: { commandLine: 'vssadmin delete shadows /all' },
    });
  });

  it('reads an incident as the management interface gives it', () => {
    const record = {
      name: '73e01a99-0000-4000-8000-000000000001',
      type: 'Microsoft.SecurityInsights/incidents',
      properties: {
        title: 'Two alerts on one machine',
        severity: 'Medium',
        status: 'Closed',
        classification: 'FalsePositive',
        incidentNumber: 3177,
        createdTimeUtc: '2026-11-02T07:20:00Z',
        additionalData: { alertsCount: 2, tactics: ['Persistence'] },
        relatedAnalyticRuleIds: ['rule-9'],
      },
    };
    expect(sentinel.recognises(record)).toBe(1);
    expect(alertOf(sentinel, record)).toMatchObject({
      stableId: '73e01a99-0000-4000-8000-000000000001',
      title: 'Two alerts on one machine',
      severity: 'medium',
      ruleId: 'rule-9',
      tactics: ['persistence'],
      closedAtSource: true,
      sourceVerdict: 'FalsePositive',
    });
  });

  it('reads times as the portal saves them in a table', () => {
    const { StartTimeUtc: _, TimeGenerated: __, ...rest } = sentinelAlert();
    const record = { ...rest, 'TimeGenerated [UTC]': '11/2/2026, 7:05:00.123 AM' };
    expect(alertOf(sentinel, record).observedAtMs).toBe(Date.UTC(2026, 10, 2, 7, 5, 0, 123));
    const started = { ...record, 'StartTime [UTC]': '11/2/2026, 6:55:00.000 AM' };
    expect(alertOf(sentinel, started).observedAtMs).toBe(Date.UTC(2026, 10, 2, 6, 55));
  });
});
