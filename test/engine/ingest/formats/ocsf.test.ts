import { describe, expect, it } from 'vitest';
import { ocsf } from '../../../../engine/ingest/formats/ocsf.ts';
import { isJsonObject, type JsonObject } from '../../../../shared/model/json.ts';
import { ocsfFinding } from '../../../fixtures/alert-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

function withInfo(change: JsonObject, top: JsonObject = {}): JsonObject {
  const record = ocsfFinding();
  const info = isJsonObject(record.finding_info) ? record.finding_info : {};
  return { ...record, ...top, finding_info: { ...info, ...change } };
}

describe('OCSF Detection Finding', () => {
  it('reads a finding', () => {
    expect(alertOf(ocsf, ocsfFinding())).toMatchObject({
      product: 'example edr',
      stableId: 'finding-77',
      observedAtMs: 1793610001250,
      dedupeAtMs: 0,
      title: 'Credential dumping',
      description: 'LSASS memory was read',
      severity: 'high',
      severityScore: 80,
      ruleId: 'an-12',
      ruleName: 'LSASS access',
      category: 'Credential Access',
      tactics: ['credential-access'],
      techniques: ['T1003', 'T1003.001'],
      hosts: ['srv-dc-01'],
      users: ['CORP\\svc_backup', 'administrator'],
      sourceIp: '10.0.0.9',
      destinationIp: '10.0.0.5',
      destinationPort: 445,
      hashes: { md5: [], sha1: [], sha256: ['f'.repeat(64)] },
      urls: ['https://files.example.test/p.exe'],
      domains: ['files.example.test'],
      process: {
        executable: 'C:\\Temp\\procdump.exe',
        commandLine: 'procdump -ma lsass.exe',
        parentExecutable: 'C:\\Windows\\System32\\cmd.exe',
      },
      closedAtSource: false,
      warnings: [],
    });
  });

  it.each([
    [0, 'unknown', null],
    [1, 'informational', 5],
    [2, 'low', 25],
    [3, 'medium', 55],
    [4, 'high', 80],
    [5, 'critical', 95],
    [6, 'critical', 100],
  ])('reads severity_id %s as %s', (id, severity, severityScore) => {
    expect(alertOf(ocsf, { ...ocsfFinding(), severity_id: id })).toMatchObject({ severity, severityScore });
  });

  it('asks the text for severity 99, and the risk score where there is neither', () => {
    expect(alertOf(ocsf, { ...ocsfFinding(), severity_id: 99, severity: 'Moderate' }).severity).toBe('medium');
    const scored = { ...ocsfFinding(), severity_id: 0, severity: 'Unknown', risk_score: 91 };
    expect(alertOf(ocsf, scored)).toMatchObject({ severity: 'critical', severityScore: 91 });
  });

  it('makes a digest where the id was never filled in, whatever the order of the keys', () => {
    const one = alertOf(ocsf, withInfo({ uid: '<finding_uid>' }));
    const turned = Object.fromEntries(Object.entries(withInfo({ uid: '<finding_uid>' })).reverse());
    expect(one.stableId).toMatch(/^[0-9a-f]{32}$/);
    expect(one.dedupeAtMs).toBe(one.observedAtMs);
    expect(alertOf(ocsf, turned).stableId).toBe(one.stableId);
    expect(alertOf(ocsf, withInfo({ uid: '<finding_uid>', title: 'Other' })).stableId).not.toBe(one.stableId);
    expect(one.warnings.map((warning) => warning.field)).toEqual(['stableId']);
  });

  it('reads seconds where milliseconds should be', () => {
    expect(alertOf(ocsf, { ...ocsfFinding(), time: 1739539623 }).observedAtMs).toBe(1739539623000);
  });

  it.each([
    ['closed', { activity_id: 3 }],
    ['suppressed', { status_id: 3 }],
    ['resolved', { status_id: 4 }],
  ])('enters closed when %s there', (_name, change) => {
    expect(alertOf(ocsf, { ...ocsfFinding(), ...change }).closedAtSource).toBe(true);
  });

  it('lets a passed check of Prowler enter closed, and nobody else', () => {
    const passed = { ...ocsfFinding(), status_code: 'PASS' };
    expect(alertOf(ocsf, passed).closedAtSource).toBe(false);
    const prowler = { ...passed, metadata: { product: { name: 'Prowler' } } };
    expect(alertOf(ocsf, prowler)).toMatchObject({ product: 'prowler', closedAtSource: true });
  });

  it('keeps resources by identifier, without templates', () => {
    const resources = [
      { uid: 'arn:aws:s3:::logs', name: 'logs' },
      { uid: '<resource_uid>', name: '<resource_name>' },
    ];
    const { device: _device, ...record } = ocsfFinding();
    expect(alertOf(ocsf, { ...record, resources }).hosts).toEqual(['arn:aws:s3:::logs', 'logs']);
  });

  it('skips other classes and refuses what says too little', () => {
    expect(whyNot(ocsf, { ...ocsfFinding(), class_uid: 2003 })).toBe('skip: an OCSF compliance finding');
    expect(whyNot(ocsf, { ...ocsfFinding(), class_uid: 4001 })).toBe('skip: an OCSF event of class 4001');
    expect(whyNot(ocsf, { ...ocsfFinding(), is_alert: false })).toContain('skip:');
    expect(alertOf(ocsf, { ...ocsfFinding(), class_uid: 4001, is_alert: true }).title).toBe('Credential dumping');
    expect(whyNot(ocsf, withInfo({ title: '' }, { message: null }))).toContain('no title');
    expect(whyNot(ocsf, { ...ocsfFinding(), time: 0 })).toContain('reject: time is 1970-01-01');
  });

  it('reads the older class, with a state, an analytic at its own level and a level of risk', () => {
    const { finding_info: finding, severity_id: _, severity: __, ...rest } = ocsfFinding();
    const record: JsonObject = {
      ...rest,
      class_uid: 2001,
      finding: finding ?? null,
      state_id: 3,
      status_id: null,
      analytic: { name: 'Rule engine' },
      risk_level_id: 3,
      risk_score: 3,
      malware: [{ name: 'Stringler' }],
    };
    const alert = alertOf(ocsf, record);
    expect(alert).toMatchObject({ severity: 'high', closedAtSource: true });
    expect(alert.tags).toContain('malware:Stringler');
    expect(alertOf(ocsf, { ...record, state_id: 1 }).closedAtSource).toBe(false);
    const passed = { ...record, state_id: 1, compliance: { status: 'PASSED' } };
    expect(alertOf(ocsf, passed)).toMatchObject({ closedAtSource: true, sourceVerdict: 'check passed' });
    expect(alertOf(ocsf, { ...record, finding: { title: 'T', uid: 'u' } }).ruleName).toBe('Rule engine');
  });
});
