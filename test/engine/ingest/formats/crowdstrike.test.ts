import { describe, expect, it } from 'vitest';
import { crowdstrike } from '../../../../engine/ingest/formats/crowdstrike.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
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
      techniques: [],
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
      tags: ['technique:OS Credential Dumping'],
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
});
