import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimePattern, readTimePattern } from '../../../../shared/domain/time/time-pattern.ts';

function readAs(form: string, text: string, zone = 0): string | null {
  const pattern = parseTimePattern(form);
  if (typeof pattern === 'string') throw new Error(pattern);
  const atMs = readTimePattern(pattern, text, zone);
  return atMs === null ? null : new Date(atMs).toISOString();
}

describe('forms of time', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss', '2026-11-02 10:00:01', '2026-11-02T10:00:01.000Z'],
    ['dd.MM.yyyy HH:mm', '2.11.2026 10:00', '2026-11-02T10:00:00.000Z'],
    ['yyyyMMddHHmmssSSS', '20261102100001123', '2026-11-02T10:00:01.123Z'],
    ['MMM dd yyyy HH:mm:ss.SSS zzz', 'Nov 02 2026 10:00:01.5 GMT+02:00', '2026-11-02T08:00:01.500Z'],
    ['EEE, d MMM yy hh:mm:ss a z', 'Mon, 2 Nov 26 12:00:01 AM EST', '2026-11-02T05:00:01.000Z'],
    ["yyyy-MM-dd'T'HH:mm:ssX", '2026-11-02T10:00:01-0530', '2026-11-02T15:30:01.000Z'],
    ['MMMM d, yyyy h:mm a', 'November 2, 2026 1:05 pm', '2026-11-02T13:05:00.000Z'],
    ["d 'o''clock' M yyyy", "2 o'clock 11 2026", '2026-11-02T00:00:00.000Z'],
  ])('%s reads %s', (form, text, expected) => {
    expect(readAs(form, text)).toBe(expected);
  });

  it('takes the zone that is given where the text names none', () => {
    expect(readAs('yyyy-MM-dd HH:mm', '2026-11-02 10:00', 120)).toBe('2026-11-02T08:00:00.000Z');
    expect(readAs('yyyy-MM-dd HH:mm z', '2026-11-02 10:00 UTC', 120)).toBe('2026-11-02T10:00:00.000Z');
  });

  it.each([
    ['yyyy-MM-dd', '2026-02-30'],
    ['yyyy-MM-dd', '2026-02-03x'],
    ['yyyy-MM-dd', ''],
    ['yyyy-MM-dd HH:mm z', '2026-02-03 10:00 here'],
    ['d MMM yyyy', '2 Foo 2026'],
  ])('%s does not read "%s"', (form, text) => {
    expect(readAs(form, text)).toBeNull();
  });

  it('says what is wrong with a form', () => {
    expect(parseTimePattern('HH:mm')).toContain('needs a year');
    expect(parseTimePattern('yyyy-MM-dd QQ')).toContain('the letter "Q"');
    expect(parseTimePattern('y'.repeat(200))).toContain('longer than');
  });

  it('reads back what it was written as', () => {
    const dates = fc.date({ min: new Date('1971-01-01'), max: new Date('2199-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const text = date.toISOString();
        expect(readAs("yyyy-MM-dd'T'HH:mm:ss.SSSX", text)).toBe(text);
      }),
    );
  });

  it('never throws, whatever the form and the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (form, text) => {
        const pattern = parseTimePattern(form);
        if (typeof pattern !== 'string') readTimePattern(pattern, text);
      }),
    );
  });
});
