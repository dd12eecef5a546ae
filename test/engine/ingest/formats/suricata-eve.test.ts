import { describe, expect, it } from 'vitest';
import { suricataEve } from '../../../../engine/ingest/formats/suricata-eve.ts';
import { isJsonObject, type JsonObject } from '../../../../shared/model/json.ts';
import { eveRecord } from '../../../fixtures/alert-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

function changed(change: JsonObject, finding: JsonObject = {}): JsonObject {
  const record = eveRecord();
  const alert = isJsonObject(record.alert) ? record.alert : {};
  return { ...record, ...change, alert: { ...alert, ...finding } };
}

describe('Suricata EVE', () => {
  it('reads an alert', () => {
    expect(alertOf(suricataEve, eveRecord())).toMatchObject({
      product: 'suricata',
      observedAtMs: Date.UTC(2026, 10, 2, 7, 15, 30, 123),
      title: 'ET EXPLOIT Example appliance RCE attempt (CVE-2024-31999)',
      description: 'Attempted Administrator Privilege Gain',
      severity: 'critical',
      severityScore: 95,
      ruleId: '1:2034567:3',
      tactics: ['initial-access'],
      techniques: ['T1190', 'T1059.001'],
      hosts: [],
      sourceIp: '203.0.113.24',
      sourcePort: 52044,
      destinationIp: '10.20.4.17',
      destinationPort: 443,
      hashes: { md5: [], sha1: [], sha256: [`${'a'.repeat(63)}1`] },
      urls: ['http://Vpn.Example.test:8443/remote/login?x=1'],
      domains: ['vpn.example.test'],
      cves: ['CVE-2024-31999'],
      sourceAction: 'allowed',
      closedAtSource: false,
      tags: ['Exploit_Kit'],
      warnings: [],
    });
  });

  it.each([
    [1, 'high', 80],
    [2, 'medium', 55],
    [3, 'low', 25],
    [4, 'informational', 5],
    [255, 'informational', 5],
    [0, 'unknown', null],
    [null, 'unknown', null],
  ])('turns priority %s round to %s', (priority, severity, severityScore) => {
    const record = changed({}, { severity: priority, metadata: {} });
    expect(alertOf(suricataEve, record)).toMatchObject({ severity, severityScore });
  });

  it('gives the same id for the same event and another for each part that differs', () => {
    const id = alertOf(suricataEve, eveRecord()).stableId;
    expect(alertOf(suricataEve, changed({ pcap_cnt: 7 })).stableId).toBe(id);
    const others = [
      changed({ timestamp: '2026-11-02T08:15:30.123457+0100' }),
      changed({ flow_id: 1 }),
      changed({ tx_id: 1 }),
      changed({}, { gid: 2 }),
      changed({}, { signature_id: 2 }),
      changed({}, { rev: 9 }),
    ].map((record) => alertOf(suricataEve, record).stableId);
    expect(new Set([id, ...others]).size).toBe(7);
  });

  it('reads a drop that names its rule as a stand-in for the alert of the same packet', () => {
    const alert = alertOf(suricataEve, changed({}, { action: 'blocked' }));
    const result = suricataEve.read(
      changed({ event_type: 'drop', http: null, drop: { len: 60 } }, { action: 'blocked' }),
    );
    expect(result).toMatchObject({
      kind: 'alert',
      isStandIn: true,
      alert: { stableId: alert.stableId, title: alert.title, sourceAction: 'blocked', urls: [] },
    });
    expect(suricataEve.read(eveRecord())).not.toHaveProperty('isStandIn');
  });

  it('takes attacker and victim where the rule names them', () => {
    const record = changed({}, { source: { ip: '10.20.4.17', port: 1 }, target: { ip: '203.0.113.24', port: 2 } });
    expect(alertOf(suricataEve, record)).toMatchObject({ sourceIp: '10.20.4.17', destinationIp: '203.0.113.24' });
  });

  it('lets a rule id stand in for a missing signature', () => {
    const alert = alertOf(suricataEve, changed({}, { signature: null }));
    expect(alert.title).toBe('Suricata rule 1:2034567:3');
    expect(alert.warnings[0]?.field).toBe('title');
  });

  it('drops placeholders, and shortens IPv6', () => {
    const record = changed({ src_ip: '0.0.0.0', dest_ip: '2001:0db8:0000:0000:0000:0000:0000:0001', dest_port: 'x' });
    expect(alertOf(suricataEve, record)).toMatchObject({
      sourceIp: null,
      destinationIp: '2001:db8::1',
      destinationPort: null,
    });
  });

  it('skips other events and refuses what has no time, no alert or no name', () => {
    expect(whyNot(suricataEve, { ...eveRecord(), event_type: 'flow' })).toBe('skip: a Suricata flow event');
    expect(whyNot(suricataEve, { ...eveRecord(), event_type: 'drop', alert: null })).toBe(
      'skip: a Suricata drop event',
    );
    expect(whyNot(suricataEve, { ...eveRecord(), alert: null })).toContain('reject: event_type is "alert"');
    expect(whyNot(suricataEve, changed({ timestamp: '40000-01-01T00:00:00Z' }))).toContain('outside the years');
    expect(whyNot(suricataEve, changed({ timestamp: null }))).toBe('reject: it has no timestamp');
    expect(whyNot(suricataEve, changed({}, { signature: '', signature_id: null }))).toContain('no title');
  });

  it('reads DNS of both versions', () => {
    const two = changed({ dns: { query: [{ rrname: 'A.example.test' }], rrname: 'b.example.test' } });
    expect(alertOf(suricataEve, two).domains).toContain('a.example.test');
    expect(alertOf(suricataEve, two).domains).toContain('b.example.test');
    const three = changed({ dns: { version: 3, queries: [{ rrname: 'c.example.test' }] } });
    expect(alertOf(suricataEve, three).domains).toContain('c.example.test');
  });

  it('passes over events of protocols that have no flow', () => {
    const event = { timestamp: '2026-11-02T08:00:00+0000', event_type: 'dhcp', dhcp: { type: 'request' } };
    expect(suricataEve.recognises(event)).toBeGreaterThan(0.5);
    expect(suricataEve.read(event).kind).toBe('skip');
  });
});
