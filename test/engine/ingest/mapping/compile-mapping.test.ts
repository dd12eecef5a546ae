import { describe, expect, it } from 'vitest';
import type { AlertFormat } from '../../../../engine/ingest/format.ts';
import { compileMapping } from '../../../../engine/ingest/mapping/compile-mapping.ts';
import { parseMapping } from '../../../../shared/domain/mapping/parse-mapping.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';

function formatOf(yaml: string): AlertFormat {
  const { mapping, problems } = parseMapping(yaml);
  if (mapping === null) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return compileMapping(mapping);
}

const DOOR = formatOf(`
name: door-control
label: Door control
product: { from: maker, default: doors }
recognise: [{ has: door }, { has: badge.reader }]
skip:
  - { when: { field: kind, in: [open, close] }, why: a door that was opened or closed as it should be }
reject:
  - { when: { has: test }, why: the controller tests itself }
id: [site, seq]
closedAtSource: { field: state, equals: cleared }
fields:
  time: { from: at, transforms: [{ time: { format: 'dd.MM.yyyy HH:mm:ss', zone: '+01:00' } }] }
  title: { join: [{ const: Door }, door, { from: kind, transforms: [lower] }] }
  description: text
  severity: { from: prio, transforms: [{ map: { 1: critical, 2: high, 9: informational } }] }
  ruleId: kind
  category: { const: physical }
  tactics: { const: Initial Access }
  techniques: [attack, { const: T1200 }]
  hosts: [badge.reader, camera.host]
  users: { from: badge.holder, transforms: [{ split: ';' }] }
  sourceIp: badge.ip
  sourcePort: badge.port
  hashes: image.sha256
  domains: portal
  action: result
  verdict: state
  tags: { all: [{ const: door }, zone] }
`);

const EVENT: JsonObject = {
  maker: 'Acme Doors',
  site: 'RTM',
  seq: 4711,
  at: '02.11.2026 11:00:00',
  door: 'B2',
  kind: 'Forced',
  prio: 2,
  text: 'The door was forced, see CVE-2024-12345',
  badge: { reader: 'reader-7', holder: 'ana; ben ;ana', ip: '10.1.2.3', port: '4050' },
  camera: [{ host: 'cam-1' }, { host: 'cam-2' }],
  attack: 'AML.T0051 and T1078.004',
  image: { sha256: 'AB'.repeat(32) },
  portal: 'https://Doors.Example.test/x',
  result: 'Denied',
  zone: ['lab', '-'],
  state: 'active',
};

describe('a mapping as a format', () => {
  it('fills every field from where the file says', () => {
    const result = DOOR.read(EVENT);
    expect(result).toMatchObject({ kind: 'alert', warnings: [] });
    expect(result.kind === 'alert' && result.alert).toMatchObject({
      product: 'acme doors',
      stableId: expect.stringMatching(/^[0-9a-f]{32}$/),
      observedAtMs: Date.UTC(2026, 10, 2, 10),
      dedupeAtMs: 0,
      title: 'Door B2 forced',
      severity: 'high',
      severityScore: 80,
      ruleId: 'Forced',
      ruleName: 'Door B2 forced',
      category: 'physical',
      tactics: ['initial-access'],
      techniques: ['AML.T0051', 'T1078.004', 'T1200'],
      hosts: ['reader-7', 'cam-1', 'cam-2'],
      users: ['ana', 'ben'],
      sourceIp: '10.1.2.3',
      sourcePort: 4050,
      hashes: { md5: [], sha1: [], sha256: ['ab'.repeat(32)] },
      domains: ['doors.example.test'],
      cves: ['CVE-2024-12345'],
      sourceAction: 'blocked',
      closedAtSource: false,
      sourceVerdict: 'active',
      tags: ['door', 'lab'],
    });
  });

  it('recognises its records, and passes over and refuses what the file says', () => {
    expect(DOOR.recognises(EVENT)).toBe(1);
    expect(DOOR.recognises({ door: 'x' })).toBe(0);
    expect(DOOR.read({ ...EVENT, kind: 'OPEN' })).toEqual({
      kind: 'skip',
      why: 'a door that was opened or closed as it should be',
    });
    expect(DOOR.read({ ...EVENT, test: 1 })).toEqual({ kind: 'reject', why: 'the controller tests itself' });
    expect(DOOR.read({ ...EVENT, state: 'Cleared' })).toMatchObject({ alert: { closedAtSource: true } });
  });

  it('keeps its id when the rest changes, and digests the record where the id is missing', () => {
    const idOf = (record: JsonObject) => {
      const result = DOOR.read(record);
      return result.kind === 'alert' ? result.alert.stableId : null;
    };
    expect(idOf({ ...EVENT, prio: 1 })).toBe(idOf(EVENT));
    expect(idOf({ ...EVENT, seq: 4712 })).not.toBe(idOf(EVENT));
    const { seq: _seq, ...nameless } = EVENT;
    const result = DOOR.read(nameless);
    expect(result).toMatchObject({
      alert: { dedupeAtMs: Date.UTC(2026, 10, 2, 10) },
      warnings: [{ field: 'stableId', message: 'nothing stands at seq: a digest of the record is its id' }],
    });
  });

  it('says which place had no time, no title, no severity and no address', () => {
    expect(DOOR.read({ ...EVENT, at: 'noon' })).toEqual({
      kind: 'reject',
      why: 'it has no usable time: its mapping makes nothing of "noon" at at',
    });
    const titled = formatOf('name: acme\nrecognise: { has: x }\nfields: { time: at, title: [a.b, c] }\n');
    expect(titled.read({ x: 1, at: 1_793_613_600 })).toMatchObject({
      kind: 'reject',
      why: 'it has no title: nothing stands at a.b or c',
    });
    const odd = DOOR.read({ ...EVENT, prio: 5, badge: { reader: 'r', ip: 'door' } });
    expect(odd).toMatchObject({ alert: { severity: 'unknown', severityScore: null, sourceIp: null } });
    expect(odd.kind === 'alert' && odd.warnings.map(({ message }) => message)).toEqual([
      '"5" is neither a severity nor a number from 0 to 100; add it to a table of the mapping',
      '"door" at badge.ip is no address',
    ]);
  });
});
