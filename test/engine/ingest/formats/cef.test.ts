import { describe, expect, it } from 'vitest';
import { cef } from '../../../../engine/ingest/formats/cef.ts';
import { CEF_LINE } from '../../../fixtures/sensor-records.ts';
import { alertOf, whyNot } from './expect-alert.ts';

const NOW = Date.UTC(2026, 10, 3);

function read(line: string, nearMs = NOW) {
  const result = cef.read({ line }, nearMs);
  if (result.kind !== 'alert') expect.fail(`${result.kind}: ${result.why}`);
  return { ...result.alert, warnings: result.warnings };
}

const plain = (severity: string, extension = '') => `CEF:0|V|P|1|r|Name|${severity}|${extension}`;

const HEAD_OF_TEST = 'CEF:0|V|P|1|E|Name|5|rt=1793603705000 ';

describe('CEF', () => {
  it('reads a line with escapes, labels and free text', () => {
    expect(alertOf(cef, { line: CEF_LINE })).toMatchObject({
      product: 'example corp gate',
      observedAtMs: 1793612400000,
      dedupeAtMs: 1793612400000,
      title: 'Exploit of a \\ share',
      description: 'Two lines\nuid=0 user=root\nMITRE Technique: T1210',
      severity: 'high',
      severityScore: 70,
      ruleId: 'sig|77',
      category: 'intrusion',
      techniques: ['T1210'],
      hosts: ['WS-MIA-01'],
      users: ['mia', 'svc'],
      sourceIp: '10.20.4.71',
      sourcePort: 50000,
      destinationIp: '203.0.113.99',
      destinationPort: 445,
      hashes: { md5: [], sha1: [], sha256: ['9'.repeat(64)] },
      urls: ['https://share.example.test/a?b=c'],
      domains: ['share.example.test'],
      sourceAction: 'blocked',
      warnings: [],
    });
  });

  it.each([
    ['0', 'low', 0],
    ['3', 'low', 30],
    ['4', 'medium', 40],
    ['6', 'medium', 60],
    ['7', 'high', 70],
    ['8', 'high', 80],
    ['9', 'critical', 90],
    ['10', 'critical', 100],
    ['Low', 'low', 25],
    ['Very-High', 'critical', 95],
    ['Unknown', 'unknown', null],
    ['None', 'unknown', null],
    ['-1', 'unknown', null],
  ])('takes severity %s as %s', (said, severity, severityScore) => {
    expect(read(plain(said))).toMatchObject({ severity, severityScore });
  });

  it.each([
    ['rt=Nov 02 2026 10:00:00.250 CET', Date.UTC(2026, 10, 2, 9, 0, 0, 250)],
    ['rt=Nov 02 2026 10:00:00 dtz=+02:00', Date.UTC(2026, 10, 2, 8)],
    ['rt=Nov 02 2026 10:00:00 UTC dtz=+02:00', Date.UTC(2026, 10, 2, 10)],
    ['rt=2026-11-02T10:00:00 dtz=EST', Date.UTC(2026, 10, 2, 15)],
    ['rt=Nov 02 2026 10:00:00 dtz=Europe/Berlin', Date.UTC(2026, 10, 2, 10)],
    ['rt=1793612400000 dtz=+02:00', 1793612400000],
  ])('takes the zone from where the line says it: %s', (times, expected) => {
    expect(alertOf(cef, { line: `CEF:0|V|P|1|R|Name|5|${times}` })).toMatchObject({ observedAtMs: expected });
  });

  it('keeps a raw line break and an equals sign that nobody escaped within free text', () => {
    const message = 'CEF:0|V|P|1|R|Name|5|rt=1793612400000 src=10.0.0.1 msg=first uid=0\nsecond a=b act=blocked';
    expect(alertOf(cef, { message })).toMatchObject({
      description: 'first uid=0\nsecond a=b',
      sourceIp: '10.0.0.1',
      sourceAction: 'blocked',
    });
  });

  it('finds the alert behind whatever stands in front of it, also within JSON', () => {
    const fronts = [
      '',
      'ASM:',
      'cef[24366]: ',
      'host: ',
      '<13>1 2026-11-02T10:00:00Z h app - - - ',
      '<134>Nov  2 10:00:00 h ',
    ];
    for (const front of fronts) expect(read(`${front}${plain('5', 'src=10.0.0.1')}`).sourceIp).toBe('10.0.0.1');
    const wrapped = { '@timestamp': '2026-11-02T11:00:00Z', message: plain('5') };
    expect(cef.recognises(wrapped)).toBe(0.9);
    expect(alertOf(cef, wrapped).observedAtMs).toBe(Date.UTC(2026, 10, 2, 11));
  });

  it('takes the year from when the line came in, and the moment itself where none is written', () => {
    const dated = read(`<134>Dec 31 23:59:00 fw ${plain('5')}`, Date.UTC(2027, 0, 1));
    expect(dated).toMatchObject({ observedAtMs: Date.UTC(2026, 11, 31, 23, 59), dedupeAtMs: 0, hosts: ['fw'] });
    const undated = read(plain('5'));
    expect(undated).toMatchObject({ observedAtMs: NOW, dedupeAtMs: 0 });
    expect(undated.warnings[0]?.message).toBe('no time is written in it; the time at which it came in stands in');
    expect(whyNot(cef, { line: plain('5') })).toBe('reject: no time is written in it');
  });

  it('gives the same id whenever the line comes in', () => {
    for (const line of [plain('5'), `<134>Dec 31 23:59:00 fw ${plain('5')}`]) {
      expect(read(line, Date.UTC(2026, 5, 1)).stableId).toBe(read(line, Date.UTC(2030, 1, 1)).stableId);
    }
  });

  it('reads the stored line as it was read first', () => {
    const line = `<134>Dec 31 23:59:00 fw ${plain('5', 'src=10.0.0.1')}`;
    const first = read(line, Date.UTC(2027, 0, 1));
    expect(read(line, first.observedAtMs)).toEqual(first);
  });

  it('goes by the device’s own id, and takes 0 for none', () => {
    const id = (extension: string) => read(plain('5', extension)).stableId;
    expect(id('rt=1793612400000 externalId=7 cnt=1')).toBe(id('rt=1793612400000 externalId=7 cnt=2'));
    expect(id('rt=1793612400000 externalId=7')).not.toBe(id('rt=1793612400001 externalId=7'));
    expect(id('rt=1793612400000 externalId=0 cnt=1')).not.toBe(id('rt=1793612400000 externalId=0 cnt=2'));
  });

  it.each([
    ['act=blocked a \\= dst=1.1.1.1', { destinationIp: '1.1.1.1' }],
    ['act=not blocked', { sourceAction: 'allowed' }],
    ['src= suser=root', { sourceIp: null, users: ['root'] }],
    ['src=0.0.0.0 dst=0.0.0.0 dvc=sensor', { hosts: ['sensor'] }],
    ['src=10.0.0.1 dvchost=sensor', { hosts: [] }],
    ['deviceDirection=1 shost=ours dhost=theirs.test', { hosts: ['ours', 'theirs.test'] }],
    ['shost=theirs.test dhost=ours', { hosts: ['ours', 'theirs.test'] }],
    ['c6a2=fe80::1 c6a2Label=Source', { sourceIp: 'fe80::1' }],
    ['cs2=a -> /var/log b cs2Label=Location', { description: 'Location: a -> /var/log b' }],
  ])('reads %s', (extension, expected) => {
    expect(read(plain('5', extension))).toMatchObject(expected);
  });

  it('refuses a header that was cut off', () => {
    expect(whyNot(cef, { line: 'CEF:0|V|P|1' })).toMatch(/^reject: its CEF header has 4 of 7 parts/);
  });

  it('stays quick on a line that is made to be slow', () => {
    for (const piece of ['a', ' ', 'a=', ' a', '\\', '=', 'k= ', '\\=']) {
      expect(read(plain('5', piece.repeat(1_000_000 / piece.length))).title).toBe('Name');
    }
  });

  it('ends free text at keys of the device that look like no word, and takes hashes by the name of their key', () => {
    const line = `${HEAD_OF_TEST}msg=Realtime scan of x=1 TrendMicroDsFileMD5=${'AB'.repeat(16)} fileSHA256=${'cd'.repeat(32)} act=Delete`;
    expect(alertOf(cef, { line })).toMatchObject({
      description: 'Realtime scan of x=1',
      hashes: { md5: ['ab'.repeat(16)], sha1: [], sha256: ['cd'.repeat(32)] },
    });
  });

  it('puts the domain in front of an account', () => {
    const line = `${HEAD_OF_TEST}suser=lea sntdom=CORP duser=CORP\\\\adm dntdom=CORP`;
    expect(alertOf(cef, { line }).users).toEqual(['CORP\\lea', 'CORP\\adm']);
  });

  it.each([
    ['<111> Nov  2 09:50:00 ', Date.UTC(2026, 10, 2, 9, 50)],
    ['2026-11-02 09:50:00.250 gw ', Date.UTC(2026, 10, 2, 9, 50, 0, 250)],
  ])('reads the time of the header %s', (head, expected) => {
    const result = cef.read({ line: `${head}CEF:0|V|P|1|E|Name|5|src=10.0.0.1` }, Date.UTC(2026, 10, 21));
    expect(result).toMatchObject({ kind: 'alert', alert: { observedAtMs: expected } });
  });
});
