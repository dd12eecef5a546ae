import { describe, expect, it } from 'vitest';
import { falco } from '../../../../engine/ingest/formats/falco.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { falcoEvent } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

describe('Falco', () => {
  it('reads an event', () => {
    expect(alertOf(falco, falcoEvent())).toMatchObject({
      product: 'falco',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 20, 0, 746),
      title: 'Terminal shell in container',
      severity: 'low',
      severityScore: 25,
      tactics: ['privilege-escalation'],
      techniques: ['T1059'],
      hosts: ['prod/shop-7d9f', 'node-4'],
      users: ['root'],
      destinationIp: '203.0.113.90',
      destinationPort: 443,
      process: { executable: '/bin/sh', commandLine: 'sh -c id', parentExecutable: null },
      warnings: [],
    });
  });

  it.each([
    ['Emergency', 'critical', 100],
    ['ALERT', 'critical', 95],
    ['critical', 'critical', 95],
    ['Error', 'high', 80],
    ['Warning', 'medium', 55],
    ['Notice', 'low', 25],
    ['Informational', 'informational', 5],
    ['INFO', 'informational', 5],
    ['Debug', 'informational', 5],
    ['Loud', 'unknown', null],
  ])('takes priority %s as %s', (priority, severity, severityScore) => {
    expect(alertOf(falco, { ...falcoEvent(), priority })).toMatchObject({ severity, severityScore });
  });

  it('gives an id to each event and the same one to the same', () => {
    const id = alertOf(falco, falcoEvent()).stableId;
    expect(alertOf(falco, { ...falcoEvent(), tags: [], output_fields: {} }).stableId).toBe(id);
    const others: JsonObject[] = [
      { time: '2026-11-02T09:20:00.746609047Z' },
      { rule: 'x' },
      { output: 'x' },
      { hostname: 'x' },
    ];
    const ids = others.map((change) => alertOf(falco, { ...falcoEvent(), ...change }).stableId);
    expect(new Set([id, ...ids]).size).toBe(5);
  });

  it('reads the clock of the event in nanoseconds where the time is missing', () => {
    expect(alertOf(falco, { ...falcoEvent(), time: null }).observedAtMs).toBe(1793611200746);
  });

  it('passes over what Falco says about itself', () => {
    const drop = { ...falcoEvent(), rule: 'Falco internal: syscall event drop' };
    expect(whyNot(falco, drop)).toBe('skip: what Falco says about its own health');
  });

  it('reads the ends of a connection out of its name', () => {
    const fields = { 'fd.name': '10.0.0.1:40000->203.0.113.9:443', 'proc.pexepath': '/bin/sh', 'proc.pname': 'sh' };
    expect(alertOf(falco, { ...falcoEvent(), output_fields: fields })).toMatchObject({
      sourceIp: '10.0.0.1',
      sourcePort: 40000,
      destinationIp: '203.0.113.9',
      destinationPort: 443,
      process: { parentExecutable: '/bin/sh' },
    });
    const file = alertOf(falco, { ...falcoEvent(), output_fields: { 'fd.name': '/etc/shadow' } });
    expect(file).toMatchObject({ sourceIp: null, destinationIp: null });
  });

  it('reads who did it from CloudTrail and from the audit log of Kubernetes', () => {
    const trail = { 'ct.user': 'root', 'ct.srcip': '203.0.113.9', 'user.name': '<NA>' };
    expect(alertOf(falco, { ...falcoEvent(), output_fields: trail })).toMatchObject({
      users: ['root'],
      sourceIp: '203.0.113.9',
    });
    const audit = { 'ka.user.name': 'system:admin', 'ka.sourceips': ['203.0.113.8'] };
    expect(alertOf(falco, { ...falcoEvent(), output_fields: audit })).toMatchObject({
      users: ['system:admin'],
      sourceIp: '203.0.113.8',
    });
  });
});
