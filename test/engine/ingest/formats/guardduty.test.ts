import { describe, expect, it } from 'vitest';
import { guardduty } from '../../../../engine/ingest/formats/guardduty.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/model/json.ts';
import { eventBridge, guarddutyFinding } from '../../../fixtures/cloud-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

function pascal(value: Json): Json {
  if (Array.isArray(value)) return value.map(pascal);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key[0]?.toUpperCase() + key.slice(1), pascal(one)]),
  );
}

function withService(change: JsonObject): JsonObject {
  const finding = guarddutyFinding();
  return { ...finding, service: { ...(finding.service as JsonObject), ...change } };
}

const GOLDEN = {
  product: 'guardduty',
  stableId: '8ac1f0d2b3e44c55a6b7c8d9e0f10203',
  observedAtMs: Date.UTC(2026, 10, 2, 6, 10),
  dedupeAtMs: Date.UTC(2026, 10, 2, 5, 5, 0, 123),
  severity: 'high',
  severityScore: 82,
  ruleId: 'Recon:EC2/PortProbeUnprotectedPort',
  category: 'Recon',
  tactics: ['discovery'],
  hosts: ['build-agent-3', 'i-0aa11bb22cc33dd44'],
  sourceIp: '203.0.113.200',
  destinationIp: '10.40.1.9',
  destinationPort: 22,
  sourceAction: 'allowed',
  closedAtSource: false,
  tags: ['account:210987654321'],
  warnings: [],
};

describe('AWS GuardDuty', () => {
  it.each<[string, JsonObject]>([
    ['as exported', guarddutyFinding()],
    ['in EventBridge, whose own time is 1970', eventBridge(guarddutyFinding())],
    ['as the programming interface writes it', pascal(guarddutyFinding()) as JsonObject],
  ])('reads a finding %s', (_name, record) => {
    expect(guardduty.recognises(record)).toBe(1);
    expect(alertOf(guardduty, record)).toMatchObject(GOLDEN);
  });

  it.each([
    [1, 'low', 10],
    [3.9, 'low', 39],
    [4, 'medium', 40],
    [6.9, 'medium', 69],
    [7, 'high', 70],
    [8.9, 'high', 89],
    [9, 'critical', 90],
    [11, 'critical', 100],
    ['8', 'high', 80],
    [null, 'unknown', null],
  ])('takes severity %s as %s', (severity, word, severityScore) => {
    expect(alertOf(guardduty, { ...guarddutyFinding(), severity })).toMatchObject({ severity: word, severityScore });
  });

  it('turns the ends of outbound traffic round', () => {
    const action = {
      networkConnectionAction: {
        connectionDirection: 'OUTBOUND',
        blocked: true,
        remoteIpDetails: { ipAddressV4: '203.0.113.5' },
        remotePortDetails: { port: 443 },
        localPortDetails: { port: 51000 },
      },
    };
    expect(alertOf(guardduty, withService({ action }))).toMatchObject({
      sourceIp: '10.40.1.9',
      sourcePort: 51000,
      destinationIp: '203.0.113.5',
      destinationPort: 443,
      sourceAction: 'blocked',
    });
  });

  it('enters closed what was archived there, and tags samples', () => {
    expect(alertOf(guardduty, withService({ archived: true }))).toMatchObject({
      closedAtSource: true,
      sourceVerdict: 'archived',
    });
    expect(alertOf(guardduty, withService({ additionalInfo: { sample: true } })).tags).toContain('sample');
  });

  it('keeps the id and the time that pins it when the finding is sent again', () => {
    const again = withService({ count: 9, eventLastSeen: '2026-11-03T06:10:00Z' });
    const first = alertOf(guardduty, guarddutyFinding());
    const later = alertOf(guardduty, again);
    expect([later.stableId, later.dedupeAtMs]).toEqual([first.stableId, first.dedupeAtMs]);
    expect(later.observedAtMs).toBeGreaterThan(first.observedAtMs);
  });

  it('takes tactics, techniques and people of an attack sequence from wherever they stand', () => {
    const record = {
      ...withService({
        action: {},
        detection: {
          sequence: {
            actors: [{ user: { name: 'rui' } }],
            resources: [{ uid: 'arn:aws:s3:::plans' }],
            endpoints: [{ ip: '203.0.113.8' }],
            sequenceIndicators: [{ key: 'ATTACK_TECHNIQUE', values: ['T1530'] }],
          },
        },
      }),
      resource: { resourceType: 'AttackSequence' },
      type: 'AttackSequence:S3/CompromisedData',
      description: 'x\n - 2 MITRE ATT&CK tactics observed: Exfiltration, Defense Evasion\n - T1485 - Data Destruction',
    };
    expect(alertOf(guardduty, record)).toMatchObject({
      users: ['rui'],
      hosts: ['arn:aws:s3:::plans'],
      sourceIp: '203.0.113.8',
      tactics: ['exfiltration', 'defense-evasion'],
      techniques: ['T1530', 'T1485'],
    });
  });

  it('says why a record is no alert', () => {
    const { createdAt: _created, updatedAt: _updated, ...rest } = withService({ eventLastSeen: 'soon' });
    expect(whyNot(guardduty, rest)).toContain('eventLastSeen "soon" is not in a form that can be read');
    expect(whyNot(guardduty, { ...guarddutyFinding(), title: null, type: null })).toMatch(/^reject: it has no title/);
  });

  it('knows a thinned finding by its ARN, and an event by its type', () => {
    const { serviceName: _, ...service } = guarddutyFinding().service as JsonObject;
    const thin = { ...guarddutyFinding(), service, arn: 'arn:aws:guardduty:eu-west-1:1:detector/d/finding/f' };
    expect(guardduty.recognises(thin)).toBe(1);
    expect(guardduty.recognises({ 'detail-type': 'GuardDuty Finding', detail: guarddutyFinding() })).toBe(1);
  });

  it('reads the command, the malware of a scan and the workload of a cluster', () => {
    const finding = guarddutyFinding();
    const service = {
      ...(finding.service as JsonObject),
      runtimeDetails: { context: { commandLineExample: 'curl -X POST x' }, process: { name: 'curl' } },
      malwareScanDetails: { threats: [{ name: 'EICAR', itemPaths: [{ hash: 'ab'.repeat(32) }] }] },
    };
    const kubernetesDetails = { kubernetesWorkloadDetails: { name: 'web', namespace: 'shop' } };
    const alert = alertOf(guardduty, { ...finding, service, resource: { kubernetesDetails } });
    expect(alert.process).toMatchObject({ executable: 'curl', commandLine: 'curl -X POST x' });
    expect(alert.hashes.sha256).toContain('ab'.repeat(32));
    expect(alert.tags).toContain('malware:EICAR');
    expect(alert.hosts).toContain('shop/web');
  });
});
