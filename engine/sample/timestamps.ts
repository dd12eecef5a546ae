/**
 * How the products write time. `ms` is UTC epoch milliseconds; the digits below a millisecond are the caller's,
 * because a product writes them and we keep none.
 */
const pad = (value: number, width: number) => String(value).padStart(width, '0');

/** Suricata: `2026-11-20T09:14:05.118220+0000`. */
export function suricataTime(ms: number, micros: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}${pad(micros % 1000, 3)}+0000`;
}

/** Wazuh: `2026-11-20T09:14:05.118+0000`. */
export function wazuhTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}+0000`;
}

/** Windows event log: `2026-11-20T09:14:05.1182204Z`, seven digits. */
export function windowsTime(ms: number, ticks: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}${pad(ticks % 10_000, 4)}Z`;
}

/** Sysmon: `2026-11-20 09:14:05.118`, UTC without saying so. */
export function sysmonTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Syslog of RFC 3164: `Nov 20 09:14:05`, no year and no zone. */
export function syslogTime(ms: number): string {
  const date = new Date(ms);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, ' ')} ${date.toISOString().slice(11, 19)}`;
}
