import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp, timestampProblem } from '../../../../shared/domain/time/timestamp.ts';

function iso(value: string | number, nearMs: number | null = null): string | null {
  const found = parseTimestamp(value, nearMs);
  return found === null ? null : new Date(found.atMs).toISOString();
}

describe('times as products write them', () => {
  it.each([
    ['2018-03-24T14:37:19.037299-0600', '2018-03-24T20:37:19.037Z'],
    ['2018-03-24T14:37:19.037299-06:00', '2018-03-24T20:37:19.037Z'],
    ['2018-03-24T14:37:19+02', '2018-03-24T12:37:19.000Z'],
    ['2019-01-02T03:50:11.315110', '2019-01-02T03:50:11.315Z'],
    ['2025-07-03T08:07:40.229+0000', '2025-07-03T08:07:40.229Z'],
    ['2021-04-13T20:58:27.7211305Z', '2021-04-13T20:58:27.721Z'],
    ['2021-04-13T20:58:46.746609046Z', '2021-04-13T20:58:46.746Z'],
    ['2025-02-25 20:40:06.721', '2025-02-25T20:40:06.721Z'],
    ['2024-05-02 18:46:21.121000000', '2024-05-02T18:46:21.121Z'],
    ['2021-09-18 20:38:52Z', '2021-09-18T20:38:52.000Z'],
    ['2021-09-18 20:38:52 +0200', '2021-09-18T18:38:52.000Z'],
    ['2021-09-18T20:38:52,5Z', '2021-09-18T20:38:52.500Z'],
    ['2021-09-18T20:38', '2021-09-18T20:38:00.000Z'],
    ['2021-09-18', '2021-09-18T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    [' 2021-09-18T20:38:52Z\n', '2021-09-18T20:38:52.000Z'],
    ['1970-01-01 00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['1521911720.629574', '2018-03-24T17:15:20.629Z'],
    [1521911720.629574, '2018-03-24T17:15:20.629Z'],
    [1739539623, '2025-02-14T13:27:03.000Z'],
    [1521911720123, '2018-03-24T17:15:20.123Z'],
    ['1521911720123456', '2018-03-24T17:15:20.123Z'],
    ['1521911720123456789', '2018-03-24T17:15:20.123Z'],
    ['Jan 25 2021 20:37:54 UTC', '2021-01-25T20:37:54.000Z'],
    ['Mar 03 2021:20:07:54 UTC', '2021-03-03T20:07:54.000Z'],
    ['08/02/2014-10:50:25.823699', '2014-08-02T10:50:25.823Z'],
    ['11/2/2026, 9:05:03.123 AM', '2026-11-02T09:05:03.123Z'],
    ['11/2/2026, 12:05:03 AM', '2026-11-02T00:05:03.000Z'],
    ['11/12/2026 10:05:03 AM', '2026-11-12T10:05:03.000Z'],
    ['11/12/2026 12:05:03.5 AM', '2026-11-12T00:05:03.500Z'],
    ['11/12/2026 10:05:03PM', '2026-11-12T22:05:03.000Z'],
    ['11/2/2026 12:05:03 PM', '2026-11-02T12:05:03.000Z'],
    ['2026/11/02 10:00:00', '2026-11-02T10:00:00.000Z'],
    ['2026/11/02 10:00:00 +0100', '2026-11-02T09:00:00.000Z'],
    ['Mon, 02 Nov 2026 10:00:00 +0000', '2026-11-02T10:00:00.000Z'],
    ['02-Nov-2026 10:00:00.25', '2026-11-02T10:00:00.250Z'],
    ['02/Nov/2026:10:00:00 -0600', '2026-11-02T16:00:00.000Z'],
    ['Mon Nov  2 10:00:00 2026', '2026-11-02T10:00:00.000Z'],
    ['Aug 24 05:34:00 CEST 1987', '1987-08-24T03:34:00.000Z'],
    ['2026 Nov  2 10:00:00', '2026-11-02T10:00:00.000Z'],
    ['Nov 2, 2026 @ 10:00:00.123', '2026-11-02T10:00:00.123Z'],
    ['November 2, 2026 10:00:00 PM', '2026-11-02T22:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    ['40000-01-01T00:00:00Z', 'outside'],
    ['+040000-01-01T00:00:00Z', 'outside'],
    ['9999-12-31T23:59:59Z', 'outside'],
    ['2021-02-30T00:00:00Z', 'not in a form'],
    ['2021-13-01T00:00:00Z', 'not in a form'],
    ['2021-01-01T24:00:00Z', 'not in a form'],
    ['2021-01-01T10:00:00 Mars', 'not in a form'],
    ['yesterday', 'not in a form'],
    ['', 'not in a form'],
    [Number.NaN, 'not in a form'],
    [-5, 'not in a form'],
    ['9'.repeat(400), 'not in a form'],
  ])('refuses %s and says why', (text, why) => {
    expect(parseTimestamp(text)).toBeNull();
    expect(timestampProblem(text)).toContain(why);
  });

  it('reads an impossible zone as UTC and says so', () => {
    const found = parseTimestamp('2021-04-13T20:58:00.746609046Z+2');
    expect(found).toEqual({ atMs: Date.UTC(2021, 3, 13, 20, 58, 0, 746), note: '"Z+2" is no time zone, read as UTC' });
  });

  it('takes the latest year that is not in the future where none is written', () => {
    const near = Date.UTC(2026, 0, 5);
    expect(iso('Sep 10 16:03:01', near)).toBe('2025-09-10T16:03:01.000Z');
    expect(iso('Jan  4 16:03:01', near)).toBe('2026-01-04T16:03:01.000Z');
    expect(iso('07/03-09:10:05.894236', near)).toBe('2025-07-03T09:10:05.894Z');
    expect(iso('Feb 29 10:00:00', near)).toBe('2024-02-29T10:00:00.000Z');
    expect(parseTimestamp('Sep 10 16:03:01')).toBeNull();
  });

  it('agrees with the platform on every ISO time, whatever the offset', () => {
    const moment = fc.integer({ min: 0, max: Date.UTC(2199, 11, 30) });
    fc.assert(
      fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), (atMs, offset) => {
        const local = new Date(atMs + offset * 60_000).toISOString().slice(0, -1);
        fc.pre(local.length === 23);
        const sign = offset < 0 ? '-' : '+';
        const minutes = Math.abs(offset);
        const zone = `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
        expect(parseTimestamp(`${local}${sign}${zone}`)?.atMs).toBe(atMs);
      }),
    );
  });

  it('never throws and never leaves its range', () => {
    const texts = fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^[0-9TZ:. /+-]{1,40}$/));
    fc.assert(
      fc.property(texts, (value) => {
        const found = parseTimestamp(value, 0);
        if (found === null) return;
        expect(found.atMs).toBeGreaterThanOrEqual(0);
        expect(found.atMs).toBeLessThan(Date.UTC(2200, 0, 1));
      }),
    );
  });

  it.each([
    '13/2/2026, 9:05:03 AM',
    '2/30/2026, 9:05:03 AM',
    '11/2/2026, 13:05:03 PM',
    '2026 Foo  2 10:00:00',
    '31/Jun/2026:10:00:00',
  ])('takes %s for no time', (text) => expect(iso(text)).toBeNull());
});
