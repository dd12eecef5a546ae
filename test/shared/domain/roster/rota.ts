import type { Duty } from '../../../../shared/model/people.ts';

/** "2026-11-02T08:00" as UTC, or with an offset of its own: "2026-03-28T22:00+01:00". */
export function at(text: string): number {
  const ms = Date.parse(/([+-]\d\d:\d\d|Z)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw new Error(`Not a time: ${text}`);
  return ms;
}

/** `shift 2026-11-02T08:00 2026-11-02T16:00` is one duty of `ana`; an end may be given as a time of the same day. */
export function duty(line: string, personId = 'ana'): Duty {
  const [kind, from = '', to = ''] = line.trim().split(/\s+/);
  if (kind !== 'shift' && kind !== 'on_call' && kind !== 'leave') throw new Error(`Not a duty: ${line}`);
  const end = to.includes('T') ? to : `${from.slice(0, 11)}${to}${from.slice(16)}`;
  return { personId, kind, startsAtMs: at(from), endsAtMs: at(end) };
}

export function rota(lines: readonly string[], personId = 'ana'): Duty[] {
  return lines.map((line) => duty(line, personId));
}

/** Day shifts of 08:00 to 16:00 UTC on the days from `firstDay` of a month on. */
export function dayShifts(month: string, firstDay: number, lastDay: number): string[] {
  return Array.from({ length: lastDay - firstDay + 1 }, (_, index) => {
    const day = String(firstDay + index).padStart(2, '0');
    return `shift ${month}-${day}T08:00 16:00`;
  });
}
