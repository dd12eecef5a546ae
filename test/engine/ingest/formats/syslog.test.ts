import { describe, expect, it } from 'vitest';
import { recogniseFormat } from '../../../../engine/ingest/formats/index.ts';
import { syslog } from '../../../../engine/ingest/formats/syslog.ts';
import { alertOf, whyNot } from './expect-alert.ts';

const nearMs = Date.UTC(2026, 10, 21, 8);
const read = (line: string) => alertOf({ ...syslog, read: (record) => syslog.read(record, nearMs) }, { line });

describe('any message of syslog', () => {
  it('reads RFC 5424, with structured data', () => {
    const line =
      '<34>1 2026-11-21T07:30:00.003Z mail.example su 77 ID47 [a@1 k="x\\"] y"][b@1] \ufeff\'su root\' failed for CVE-2026-1234 user\nmore';
    expect(read(line)).toMatchObject({
      product: 'syslog',
      observedAtMs: Date.UTC(2026, 10, 21, 7, 30, 0, 3),
      title: "'su root' failed for CVE-2026-1234 user",
      description: "'su root' failed for CVE-2026-1234 user\nmore",
      severity: 'unknown',
      severityScore: null,
      ruleId: 'su ID47',
      hosts: ['mail.example'],
      cves: ['CVE-2026-1234'],
      tags: ['syslog-severity:critical', 'syslog-facility:auth'],
      warnings: [],
    });
    expect(read('<165>1 - - - - - - only a text')).toMatchObject({
      title: 'only a text',
      hosts: [],
      ruleId: 'only a text',
    });
  });

  it('reads RFC 3164, with and without its parts', () => {
    expect(read('<13>Nov 21 07:45:10 fw-1 sshd[411]: Failed password for root')).toMatchObject({
      observedAtMs: Date.UTC(2026, 10, 21, 7, 45, 10),
      title: 'Failed password for root',
      ruleId: 'sshd',
      hosts: ['fw-1'],
    });
    expect(read('Nov  3 07:45:10 192.0.2.7 kernel: link down')).toMatchObject({
      title: 'link down',
      ruleId: 'kernel',
      sourceIp: '192.0.2.7',
      hosts: [],
      tags: [],
    });
    expect(read('<13>a device that writes no header')).toMatchObject({
      observedAtMs: nearMs,
      title: 'a device that writes no header',
      warnings: [{ field: 'observedAtMs' }],
    });
  });

  it('gives the same line the same id, and other lines others', () => {
    const ids = ['<13>Nov 21 07:45:10 a b: c', '<13>Nov 21 07:45:10 a b: c', '<13>Nov 21 07:45:11 a b: c'].map(
      (line) => read(line).stableId,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it('refuses what holds no message', () => {
    expect(whyNot(syslog, { n: 1 })).toContain('no line of text');
    expect(
      whyNot({ ...syslog, read: (record) => syslog.read(record, nearMs) }, { line: '<13>Nov 21 07:45:10 a b: ' }),
    ).toContain('no message');
  });

  it('claims nothing by itself: most of what syslog carries is no alert', () => {
    expect(recogniseFormat({ line: '<13>Nov 21 07:45:10 a b: c' })).toBeNull();
  });

  it.each([
    ['<165>Aug 24 05:34:00 CEST 2026 gw proc[10]: text', Date.UTC(2026, 7, 24, 3, 34), 'gw', 'text'],
    ['<14>Nov  2 09:50:00 2026 gw proc: text', Date.UTC(2026, 10, 2, 9, 50), 'gw', 'text'],
    ['<14>2026 Nov  2 09:50:00 gw proc: text', Date.UTC(2026, 10, 2, 9, 50), 'gw', 'text'],
    ['<14>2026-11-02 09:50:00 gw proc: text', Date.UTC(2026, 10, 2, 9, 50), 'gw', 'text'],
    ['<189>123: *Nov  2 2026 09:50:00.123: %SEC-4-FAILED: text', Date.UTC(2026, 10, 2, 9, 50, 0, 123), null, 'text'],
  ])('reads the header of %s', (line, observedAtMs, host, title) => {
    const result = syslog.read({ line }, Date.UTC(2026, 10, 21));
    expect(result).toMatchObject({ kind: 'alert', alert: { observedAtMs, title, hosts: host === null ? [] : [host] } });
  });
});
