import { instantOf } from '../../shared/domain/roster/local-time.ts';

const TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

export type RotaTime = { atMs: number } | { problem: string };

/**
 * A time of a rota: `2026-11-21T08:00+01:00`, `2026-11-21 07:00Z`, or a wall-clock time with the row's zone. Never the
 * zone of the machine, since the same file must mean the same rota everywhere.
 */
export function readRotaTime(text: string, zone: string): RotaTime {
  const match = TIME.exec(text);
  if (match === null) return { problem: `“${text}” is no time. Write it as 2026-11-21T08:00+01:00.` };
  const [, year, month, day, hour, minute, second = '0', offset] = match;
  const wallMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const back = new Date(wallMs);
  if (back.getUTCDate() !== Number(day) || back.getUTCHours() !== Number(hour) || Number(minute) > 59) {
    return { problem: `“${text}” is no date or time that exists.` };
  }
  if (offset !== undefined) return { atMs: wallMs - offsetMs(offset) };
  if (zone === '') {
    return {
      problem: `“${text}” names no zone. Add an offset such as +01:00, or a column zone such as Europe/Madrid.`,
    };
  }
  const offsetAt = zoneOffset(zone);
  if (offsetAt === null) return { problem: `“${zone}” is no time zone. Write it as Europe/Madrid.` };
  const local = instantOf(wallMs, offsetAt);
  if (local.kind === 'skipped') return { problem: `“${text}” does not exist in ${zone}: the clocks jump over it.` };
  return { atMs: local.atMs };
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  const digits = offset.replaceAll(/\D/g, '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // RangeError: the zone does not exist. Remembered, since every row of a file would ask again.
  }
  if (formats.size > 1000) formats.clear();
  formats.set(zone, format);
  return format;
}

function zoneOffset(zone: string): ((utcMs: number) => number) | null {
  const format = formatOf(zone);
  if (format === null) return null;
  return (utcMs) => {
    const parts = new Map(format.formatToParts(utcMs).map((part) => [part.type, Number(part.value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const wallMs = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wallMs - Math.floor(utcMs / 1000) * 1000;
  };
}
