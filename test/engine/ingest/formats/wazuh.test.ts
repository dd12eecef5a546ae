import { describe, expect, it } from 'vitest';
import { wazuh } from '../../../../engine/ingest/formats/wazuh.ts';
import { unescapeWindows } from '../../../../shared/domain/alert/windows-event.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { wazuhDocument, wazuhHit } from '../../../fixtures/alert-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Wazuh', () => {
  it('reads a hit and a bare document alike, but for the id', () => {
    const hit = alertOf(wazuh, wazuhHit());
    const bare = alertOf(wazuh, wazuhDocument());
    expect(hit.stableId).toBe('kQ0aBcD');
    expect(bare.stableId).toBe('wazuh-a:1793610001.4242');
    expect({ ...hit, stableId: '' }).toEqual({ ...bare, stableId: '' });
    expect(bare).toMatchObject({
      product: 'wazuh',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 0, 1, 250),
      dedupeAtMs: 1793610001000,
      title: 'Encoded command started by powershell.exe & cmd.exe',
      description: 'Process Create',
      severity: 'high',
      severityScore: 80,
      ruleId: '92057',
      category: 'sysmon',
      tags: ['sysmon', 'windows'],
      tactics: ['execution', 'defense-evasion'],
      techniques: ['T1059.001'],
      hosts: ['WS-ANA-01'],
      users: ['CORP\\ana'],
      sourceIp: '10.20.4.9',
      sourcePort: 50211,
      hashes: { md5: ['c'.repeat(32)], sha1: ['b'.repeat(40)], sha256: [] },
      process: {
        executable: 'C:\\Windows\\System32\\cmd.exe',
        commandLine: '"C:\\Windows\\cmd.exe" /c a > b && c',
        parentExecutable: 'C:\\Windows\\explorer.exe',
      },
      closedAtSource: false,
    });
  });

  it.each([
    [0, 'informational'],
    [3, 'informational'],
    [4, 'low'],
    [6, 'low'],
    [7, 'medium'],
    [11, 'medium'],
    [12, 'high'],
    [14, 'high'],
    [15, 'critical'],
    [16, 'critical'],
  ])('calls level %s %s', (level, severity) => {
    const record = { ...wazuhDocument(), rule: { level, id: '1', description: 'x' } };
    expect(alertOf(wazuh, record).severity).toBe(severity);
  });

  it('undoes each escape once', () => {
    expect(unescapeWindows('\\\\\\\\srv\\\\share')).toBe('\\\\srv\\share');
    expect(unescapeWindows('&amp;lt;')).toBe('&lt;');
    expect(unescapeWindows('a\\nb')).toBe('a\\nb');
  });

  it('takes the sender of a syslog line for the host when the manager speaks', () => {
    const record = { ...wazuhDocument(), data: {}, agent: { id: '000', name: 'wazuh-a' } };
    expect(alertOf(wazuh, { ...record, predecoder: { hostname: 'fw-1' } }).hosts).toEqual(['fw-1']);
    expect(alertOf(wazuh, record).hosts).toEqual(['wazuh-a']);
  });

  it('reads a Suricata alert within', () => {
    const data = {
      src_ip: '10.0.0.1',
      src_port: '49304',
      dest_ip: '10.0.0.2',
      dest_port: '5985',
      alert: { action: 'blocked', severity: '1', metadata: { mitre_technique_id: ['T1570'], cve: ['2014-6271'] } },
      http: { hostname: 'srv', url: '/wsman' },
    };
    expect(alertOf(wazuh, { ...wazuhDocument(), data })).toMatchObject({
      sourceIp: '10.0.0.1',
      sourcePort: 49304,
      destinationPort: 5985,
      sourceAction: 'blocked',
      urls: ['http://srv/wsman'],
      cves: ['CVE-2014-6271'],
      severity: 'high',
    });
  });

  it('lets the log speak for a rule without description', () => {
    const record = { ...wazuhDocument(), rule: { level: 4, id: '11' }, full_log: 'Too many logs.\nSecond line' };
    expect(alertOf(wazuh, record)).toMatchObject({ title: 'Too many logs.', ruleName: 'Wazuh rule 11' });
  });

  it('skips archived events and refuses what has no time', () => {
    const { rule: _rule, ...event } = wazuhDocument();
    expect(whyNot(wazuh, event)).toContain('skip: an archived');
    expect(whyNot(wazuh, { ...wazuhDocument(), timestamp: 'soon' })).toContain('reject: timestamp "soon"');
  });

  it.each<[string, JsonObject, string | null, string[]]>([
    ['AWS', { aws: { sourceIPAddress: '203.0.113.9', userIdentity: { userName: 'ops' } } }, '203.0.113.9', ['ops']],
    ['AWS flow', { aws: { source_ip_address: '203.0.113.8' } }, '203.0.113.8', []],
    [
      'Office 365',
      { office365: { ClientIP: '203.0.113.9:50312', UserId: 'a@corp.example' } },
      '203.0.113.9',
      ['a@corp.example'],
    ],
    [
      'Office 365 in IPv6',
      { office365: { ClientIP: '[2001:db8::1]:50312', UserId: 'a@corp.example' } },
      '2001:db8::1',
      ['a@corp.example'],
    ],
    [
      'Google Cloud',
      {
        gcp: {
          protoPayload: {
            requestMetadata: { callerIp: '203.0.113.7' },
            authenticationInfo: { principalEmail: 'g@corp.example' },
          },
        },
      },
      '203.0.113.7',
      ['g@corp.example'],
    ],
  ])('reads who and from where in the log of %s', (_name, data, sourceIp, users) => {
    expect(alertOf(wazuh, { ...wazuhDocument(), data, syscheck: {} })).toMatchObject({ sourceIp, users });
  });

  it('reads the program out of the audit log of Linux', () => {
    const audit = { exe: '/usr/bin/nc', command: 'nc', execve: { a0: 'nc', a1: '-l', a2: '4444' } };
    expect(alertOf(wazuh, { ...wazuhDocument(), data: { audit } }).process).toMatchObject({
      executable: '/usr/bin/nc',
      commandLine: 'nc',
    });
  });
});
