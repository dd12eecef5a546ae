const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two largest units of a duration: "12 m", "3 h 05 m", "2 d 4 h". Negative durations lose their sign. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE) return `${Math.floor(size / SECOND)} s`;
  if (size < HOUR) return `${Math.floor(size / MINUTE)} m`;
  if (size < DAY) {
    const minutes = Math.floor((size % HOUR) / MINUTE);
    return `${Math.floor(size / HOUR)} h ${String(minutes).padStart(2, '0')} m`;
  }
  const hours = Math.floor((size % DAY) / HOUR);
  const days = Math.floor(size / DAY);
  return days >= 10 || hours === 0 ? `${days} d` : `${days} d ${hours} h`;
}

/** One unit, for narrow columns: "45 s", "12 m", "3 h", "2 d". */
export function formatAge(ms: number): string {
  const size = Math.max(0, ms);
  if (size < MINUTE) return `${Math.floor(size / SECOND)} s`;
  if (size < HOUR) return `${Math.floor(size / MINUTE)} m`;
  if (size < 2 * DAY) return `${Math.floor(size / HOUR)} h`;
  return `${Math.floor(size / DAY)} d`;
}

export type Zone = 'utc' | 'local';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: Zone, withDate: boolean, withSeconds: boolean): Intl.DateTimeFormat {
  const key = `${zone}${withDate}${withSeconds}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    ...(withDate ? { year: 'numeric', month: '2-digit', day: '2-digit' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  });
  formats.set(key, made);
  return made;
}

/** ISO-like wall time in the zone, with the zone named: "2026-11-21 04:06:17 UTC". */
export function formatInstant(atMs: number, zone: Zone): string {
  if (!Number.isFinite(atMs)) return 'no time';
  return `${formatOf(zone, true, true).format(atMs).replace(',', '')} ${zoneName(zone, atMs)}`;
}

/** The same to the minute, for plans and other times that were never set to the second: "2026-11-21 04:06 UTC". */
export function formatMinute(atMs: number, zone: Zone): string {
  if (!Number.isFinite(atMs)) return 'no time';
  return `${formatOf(zone, true, false).format(atMs).replace(',', '')} ${zoneName(zone, atMs)}`;
}

/** "04:06" in the zone, for the clock of the frame. */
export function formatClock(atMs: number, zone: Zone): string {
  return formatOf(zone, false, false).format(atMs);
}

/** "UTC", or the local zone's own short name. */
export function zoneName(zone: Zone, atMs: number): string {
  if (zone === 'utc') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(atMs);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'local';
}
