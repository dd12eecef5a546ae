import { describe, expect, it } from 'vitest';
import { crowdstrike } from '../../../../engine/ingest/formats/crowdstrike.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { crowdstrikeApiDetection, crowdstrikeIdentityAlert } from '../../../fixtures/interface-records.ts';
import { crowdstrikeDetection } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

function changed(event: JsonObject, metadata: JsonObject = {}): JsonObject {
  const record = crowdstrikeDetection();
  return {
    metadata: { ...(record.metadata as JsonObject), ...metadata },
    event: { ...(record.event as JsonObject), ...event },
  };
}

describe('CrowdStrike', () => {
  it('reads a detection of the event stream', () => {
    expect(alertOf(crowdstrike, crowdstrikeDetection())).toMatchObject({
      product: 'crowdstrike',
      stableId: '0123:ind:4567:89-10-11',
      observedAtMs: 1793603705000,
      dedupeAtMs: 0,
      title: 'Credential theft: A process read the memory of LSASS.',
      severity: 'high',
      severityScore: 80,
      ruleId: '10197',
      ruleName: 'Credential theft',
      tactics: ['credential-access'],
      techniques: ['T1003'],
      hosts: ['WS-EVA-07'],
      users: ['CORP\\eva'],
      sourceIp: '10.20.4.7',
      hashes: { md5: [], sha1: [], sha256: ['d'.repeat(64)] },
      process: {
        executable: '\\Device\\HarddiskVolume2\\Temp\\pd.exe',
        commandLine: 'pd.exe -ma lsass',
        parentExecutable: 'powershell.exe',
      },
      sourceAction: 'blocked',
      tags: [],
    });
  });

  it('reads what the data replicator writes flat, or wraps', () => {
    const { event } = crowdstrikeDetection();
    const flat = { ...(event as JsonObject), ExternalApiType: 'Event_EppDetectionSummaryEvent' };
    const wrapped = { aid: 'x', event: flat, fdr_event_type: 'Event_EppDetectionSummaryEvent' };
    for (const record of [flat, wrapped]) {
      expect(crowdstrike.recognises(record)).toBe(1);
      expect(alertOf(crowdstrike, record)).toMatchObject({
        stableId: '0123:ind:4567:89-10-11',
        observedAtMs: 1793603700000,
      });
    }
  });

  it.each([
    ['DetectionSummaryEvent', 1, 'informational'],
    ['DetectionSummaryEvent', 2, 'low'],
    ['DetectionSummaryEvent', 5, 'critical'],
    ['EppDetectionSummaryEvent', 5, 'low'],
    ['EppDetectionSummaryEvent', 90, 'critical'],
    ['EppDetectionSummaryEvent', null, 'unknown'],
  ])('takes severity of %s %s without a word as %s', (eventType, Severity, severity) => {
    expect(alertOf(crowdstrike, changed({ SeverityName: null, Severity }, { eventType }))).toMatchObject({ severity });
  });

  it('reads an alert of the Alerts interface, and what people did with it there', () => {
    const record: JsonObject = {
      composite_id: 'cid:ind:1:2',
      cid: '0123',
      created_timestamp: '2026-11-02T08:15:05.123456789Z',
      name: 'CredentialTheft',
      display_name: 'Credential theft',
      description: 'A process read the memory of LSASS.',
      severity: 70,
      severity_name: 'High',
      tactic: 'Credential Access',
      tactic_id: 'TA0006',
      technique: 'OS Credential Dumping',
      technique_id: 'T1003',
      pattern_id: 10_197,
      status: 'new',
      device: { hostname: 'WS-EVA-07', local_ip: '10.20.4.7' },
      user_name: 'eva',
      filename: 'pd.exe',
      filepath: '\\Temp\\pd.exe',
      cmdline: 'pd.exe -ma lsass',
      sha256: 'd'.repeat(64),
      parent_details: { filepath: '\\powershell.exe' },
    };
    expect(crowdstrike.recognises(record)).toBe(1);
    expect(alertOf(crowdstrike, record)).toMatchObject({
      stableId: 'cid:ind:1:2',
      observedAtMs: Date.UTC(2026, 10, 2, 8, 15, 5, 123),
      title: 'Credential theft: A process read the memory of LSASS.',
      severity: 'high',
      ruleId: '10197',
      tactics: ['credential-access'],
      techniques: ['T1003'],
      hosts: ['WS-EVA-07'],
      users: ['eva'],
      sourceIp: '10.20.4.7',
      hashes: { sha256: ['d'.repeat(64)] },
      process: { executable: '\\Temp\\pd.exe', commandLine: 'pd.exe -ma lsass', parentExecutable: '\\powershell.exe' },
      closedAtSource: false,
      sourceVerdict: null,
    });
    const closed = alertOf(crowdstrike, { ...record, status: 'closed', resolution: 'false_positive' });
    expect(closed).toMatchObject({ closedAtSource: true, sourceVerdict: 'false_positive' });
  });

  it.each([
    ['User Execution', 'T1204'],
    ['os credential dumping', 'T1003'],
    ['LSASS Memory', 'T1003.001'],
    ['Cloud Accounts', null],
  ])('knows the id of the technique %s', (Technique, id) => {
    const { techniques, tags } = alertOf(crowdstrike, changed({ Technique }));
    expect([techniques, tags]).toEqual(id === null ? [[], [`technique:${Technique}`]] : [[id], []]);
  });

  it('leaves CrowdStrike’s own words out of ATT&CK', () => {
    expect(alertOf(crowdstrike, changed({ Tactic: 'Malware', Technique: 'PUP' }))).toMatchObject({
      tactics: [],
      tags: ['technique:PUP'],
    });
    expect(alertOf(crowdstrike, changed({ Tactic: 'N/A', Technique: 'N/A' }))).toMatchObject({ tactics: [], tags: [] });
  });

  it('puts folder and name together where the path is only the folder', () => {
    const event = { FilePath: '/Applications/app.app/Contents/MacOS/', FileName: 'pup app' };
    expect(alertOf(crowdstrike, changed(event)).process.executable).toBe(
      '/Applications/app.app/Contents/MacOS/pup app',
    );
  });

  it('passes over audit events, and refuses what has no usable time', () => {
    expect(whyNot(crowdstrike, changed({}, { eventType: 'AuthActivityAuditEvent' }))).toMatch(
      /^skip: a CrowdStrike AuthAct/,
    );
    const noTimes = changed({ UTCTimestamp: '1970-01-01 00:00:00Z' }, { eventCreationTime: null });
    expect(whyNot(crowdstrike, noTimes)).toContain('which means "never"');
  });

  it('reads a detection of the Detects interface: the worst behaviour, the techniques of all', () => {
    expect(crowdstrike.recognises(crowdstrikeApiDetection())).toBe(1);
    expect(alertOf(crowdstrike, crowdstrikeApiDetection())).toMatchObject({
      stableId: 'ldt:4567:8910',
      observedAtMs: Date.UTC(2026, 10, 2, 8, 20, 5, 123),
      title: 'Credential theft: A process read the memory of LSASS.',
      severity: 'high',
      tactics: ['credential-access', 'discovery'],
      techniques: ['T1003', 'T1057'],
      hosts: ['WS-EVA-07'],
      users: ['eva'],
      sourceIp: '10.20.4.7',
      hashes: { md5: ['c'.repeat(32)], sha256: ['d'.repeat(64)] },
      process: { executable: '\\Device\\HarddiskVolume2\\Temp\\pd.exe', commandLine: 'pd.exe -ma lsass' },
      closedAtSource: true,
      sourceVerdict: 'false_positive',
    });
  });

  it('reads an alert about an identity, which names no device', () => {
    expect(alertOf(crowdstrike, crowdstrikeIdentityAlert())).toMatchObject({
      title: 'Identity verification denied: A user denied a request to verify',
      severity: 'high',
      severityScore: 80,
      tactics: ['credential-access', 'initial-access'],
      techniques: ['T1110', 'T1078'],
      hosts: ['WS-TOM-01.corp.example'],
      users: ['adm.tom@corp.example'],
      sourceIp: '10.20.9.4',
    });
  });

  it('knows detections of every module by the end of their name, in any case of letters', () => {
    for (const eventType of ['EPPDetectionSummaryEvent', 'DataProtectionDetectionSummaryEvent']) {
      expect(crowdstrike.read(changed({}, { eventType })).kind).toBe('alert');
    }
    const incident = {
      IncidentType: 'UNUSUAL_ENDPOINT_USE',
      IncidentDescription: 'Seen at an unusual place',
      SeverityName: 'INFO',
      IdentityProtectionIncidentId: 'INC-1',
      UserName: 'eva',
      EndpointName: 'WS-EVA-07',
      EndpointIp: '10.20.4.7',
    };
    const metadata = { eventType: 'IdentityProtectionEvent', eventCreationTime: 1793603705000 };
    expect(alertOf(crowdstrike, { metadata, event: incident })).toMatchObject({
      stableId: 'INC-1',
      title: 'UNUSUAL_ENDPOINT_USE: Seen at an unusual place',
      severity: 'informational',
      hosts: ['WS-EVA-07'],
      users: ['eva'],
      sourceIp: '10.20.4.7',
    });
    expect(whyNot(crowdstrike, changed({}, { eventType: 'IncidentSummaryEvent' }))).toMatch(/^skip/);
  });

  it.each([
    ['Machine Learning', 'CSTA0004', []],
    ['Insecure security posture', null, []],
    ['Falcon Overwatch', 'TA0006', ['credential-access']],
  ])('takes the tactic %s (%s) for %j', (Tactic, TacticId, tactics) => {
    expect(alertOf(crowdstrike, changed({ Tactic, TacticId })).tactics).toEqual(tactics);
  });

  it('reads all of MitreAttack', () => {
    const MitreAttack = [{ Tactic: 'Exfiltration', TacticID: 'TA0010', Technique: 'x', TechniqueID: 'T1567' }];
    expect(alertOf(crowdstrike, changed({ Tactic: null, Technique: null, MitreAttack }))).toMatchObject({
      tactics: ['exfiltration'],
      techniques: ['T1567'],
    });
  });

  it.each([
    [19, 'informational'],
    [45, 'medium'],
    [60, 'high'],
    [80, 'critical'],
  ])('reads severity %s without a word by the classes of CrowdStrike as %s', (Severity, severity) => {
    expect(alertOf(crowdstrike, changed({ SeverityName: null, Severity })).severity).toBe(severity);
  });
});
