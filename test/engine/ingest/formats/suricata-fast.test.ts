import { describe, expect, it } from 'vitest';
import { suricataFast } from '../../../../engine/ingest/formats/suricata-fast.ts';
import { FAST_LINE } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

const at = '11/02/2026-10:00:00.123456';

describe('Suricata fast.log', () => {
  it('reads a line', () => {
    expect(alertOf(suricataFast, { line: FAST_LINE })).toMatchObject({
      product: 'suricata',
      observedAtMs: Date.UTC(2026, 10, 2, 10, 0, 0, 123),
      title: 'ET WORM Example CVE-2026-20002',
      description: 'A Network Trojan was detected',
      severity: 'high',
      ruleId: '1:2034567:3',
      sourceIp: '10.20.4.91',
      sourcePort: 40001,
      destinationIp: '2001:db8::7',
      destinationPort: 443,
      cves: ['CVE-2026-20002'],
      sourceAction: 'blocked',
      warnings: [],
    });
  });

  it('lets the rule id stand in where there is no text', () => {
    const line = `${at}  [**] [1:6:1] (null) [**] [Classification: (null)] [Priority: 3] {TCP} ::1:3000 -> ::1:56508`;
    expect(alertOf(suricataFast, { line })).toMatchObject({
      title: 'Suricata rule 1:6:1',
      category: null,
      severity: 'low',
    });
  });

  it('takes type and code of ICMP for no ports', () => {
    const line = `${at}  [**] [1:6:1] Ping [**] [Priority: 4] {ICMP} 10.0.0.1:8 -> 10.0.0.2:0`;
    expect(alertOf(suricataFast, { line })).toMatchObject({
      severity: 'informational',
      sourceIp: '10.0.0.1',
      sourcePort: null,
      destinationPort: null,
    });
  });

  it('takes the year of Snort’s lines from when they came in, and its id from the line alone', () => {
    const line = '11/02-10:00:00.123456  [**] [1:6:1] Ping [**] [Priority: 1] {UDP} 10.0.0.1:8 -> 10.0.0.2:0';
    const early = suricataFast.read({ line }, Date.UTC(2026, 10, 3));
    const late = suricataFast.read({ line }, Date.UTC(2027, 10, 3));
    if (early.kind !== 'alert' || late.kind !== 'alert') expect.fail('no alert');
    expect(early.alert.observedAtMs).toBe(Date.UTC(2026, 10, 2, 10, 0, 0, 123));
    expect(late.alert.stableId).toBe(early.alert.stableId);
    expect([early.alert.dedupeAtMs, late.alert.dedupeAtMs]).toEqual([0, 0]);
  });

  it('refuses what was cut off', () => {
    expect(whyNot(suricataFast, { line: `${at}  [**] [1:6:1] Ping` })).toMatch(
      /^reject: the second \[\*\*\] is missing/,
    );
  });
});
