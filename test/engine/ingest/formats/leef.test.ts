import { describe, expect, it } from 'vitest';
import { leef } from '../../../../engine/ingest/formats/leef.ts';
import { LEEF_LINE } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

const HEAD = '<13>1 2026-11-02T09:50:00.000Z gw ';

describe('LEEF', () => {
  it('reads a line of version 2', () => {
    expect(alertOf(leef, { line: LEEF_LINE })).toMatchObject({
      product: 'example mail',
      observedAtMs: Date.UTC(2026, 10, 2, 9, 49, 30),
      title: 'Worm in an attachment',
      severity: 'critical',
      severityScore: 90,
      ruleId: 'M-12',
      category: 'virus',
      users: ['lea'],
      sourceIp: '10.20.4.81',
      sourcePort: 40000,
      destinationIp: '203.0.113.101',
      destinationPort: 25,
    });
  });

  it.each([
    ['MMM dd yyyy HH:mm:ss.SSS zzz', 'Nov 02 2026 11:50:00.250 GMT+02:00', Date.UTC(2026, 10, 2, 9, 50, 0, 250)],
    ['dd/MM/yyyy HH:mm:ss', '02/11/2026 09:50:00', Date.UTC(2026, 10, 2, 9, 50)],
    ['nonsense', '2026-11-02T09:50:00Z', Date.UTC(2026, 10, 2, 9, 50)],
    ['yyyy-MM-dd', '2026-11-02T09:51:00Z', Date.UTC(2026, 10, 2, 9, 51)],
  ])('reads devTime in the form %s', (form, time, expected) => {
    const line = `LEEF:1.0|V|P|1|E|devTime=${time}\tdevTimeFormat=${form}\tsev=5`;
    expect(alertOf(leef, { line })).toMatchObject({ observedAtMs: expected });
  });

  it.each([
    ['1.0 with tabs', 'LEEF:1.0|V|P|1|E|src=10.0.0.1\tsev=5\tcat=a b'],
    ['1.0 with blanks', 'LEEF:1.0|V|P|1|E|src=10.0.0.1 sev=5 cat=a b'],
    ['1.0 with bars', 'LEEF:1.0|V|P|1|E|src=10.0.0.1|sev=5|cat=a b'],
    ['2.0 with a character', 'LEEF:2.0|V|P|1|E|^|src=10.0.0.1^sev=5^cat=a b'],
    ['2.0 with a code', 'LEEF:2.0|V|P|1|E|0x7C|src=10.0.0.1|sev=5|cat=a b'],
    ['2.0 with nothing, which is a tab', 'LEEF:2.0|V|P|1|E||src=10.0.0.1\tsev=5\tcat=a b'],
    ['2.0 without the part', 'LEEF:2.0|V|P|1|E|src=10.0.0.1\tsev=5\tcat=a b'],
  ])('reads %s', (_name, line) => {
    expect(alertOf(leef, { line: HEAD + line })).toMatchObject({
      title: 'V P event E: a b',
      sourceIp: '10.0.0.1',
      severity: 'medium',
      category: 'a b',
    });
  });

  it('counts the digits of a severity into which the next attribute has run', () => {
    const line = `${HEAD}LEEF:1.0|V|P|1|E|src=10.0.0.1 sev=5cat=anomaly srcPort=81`;
    expect(alertOf(leef, { line })).toMatchObject({ severityScore: 50, sourcePort: 81 });
  });

  it('names the sender where the line names nobody', () => {
    expect(alertOf(leef, { line: `${HEAD}LEEF:1.0|V|P|1|E|sev=11` })).toMatchObject({
      hosts: ['gw'],
      severityScore: 100,
    });
  });

  it('refuses a header that was cut off', () => {
    expect(whyNot(leef, { line: `${HEAD}LEEF:1.0|V|P|1` })).toMatch(/^reject: its LEEF header/);
  });

  it.each([
    ['the delimiter in front of the attributes', 'LEEF:2.0|V|P|1|E\tsrc=10.0.0.1\tsev=high\tcat=a b', 'E'],
    ['the product version', 'LEEF:2.0|V|P|E|src=10.0.0.1\tsev=high\tcat=a b', 'E'],
  ])('reads a header that leaves out %s', (_name, text, ruleId) => {
    expect(alertOf(leef, { line: HEAD + text })).toMatchObject({
      ruleId,
      title: 'V P event E: a b',
      sourceIp: '10.0.0.1',
      severity: 'high',
    });
  });

  it('reads the keys of CEF, which some devices mix in', () => {
    const line = `${HEAD}LEEF:1.0|V|P|1|E|src=10.0.0.1\tspt=1232\tdpt=22\tseverity=8\tsuser=lea`;
    expect(alertOf(leef, { line })).toMatchObject({
      sourcePort: 1232,
      destinationPort: 22,
      severityScore: 80,
      users: ['lea'],
    });
  });
});
