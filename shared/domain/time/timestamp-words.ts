/** A day and a clock as some form writes them, and the zone behind, which may be nothing. */
export interface WordyTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
  zone: string;
}

const CLOCK = String.raw`(?<h>\d{1,2}):(?<min>\d{2}):(?<s>\d{2})(?:[.,](?<frac>\d{1,9}))?`;
const NAMED = String.raw`(?<name>[A-Za-z]{3})[a-z]{0,6}`;
const ZONE = String.raw`(?<zone>(?: ?(?:[A-Z]{1,5}|(?:UTC|GMT)?[+-]\d{2}:?\d{2}))?)`;
const DAY = String.raw`(?<d>\d{1,2})`;
const YEAR = String.raw`(?<y>\d{4})`;

/** Forms with a year that are neither ISO 8601 nor those of syslog, each with who writes it. */
const FORMS: readonly RegExp[] = [
  // A table that somebody saved out of the portal of Azure in English: "11/2/2026, 9:05:03.123 AM".
  new RegExp(String.raw`^(?<mon>\d{1,2})/${DAY}/${YEAR},? +${CLOCK} ?(?<half>[AP]M)?$`),
  // Firewalls: "2026/11/02 10:00:00".
  new RegExp(String.raw`^${YEAR}/(?<mon>\d{2})/${DAY}[ T]${CLOCK}${ZONE}$`),
  // RFC 5322: "Mon, 02 Nov 2026 10:00:00 +0000"; also without the day of the week, or with dashes.
  new RegExp(String.raw`^(?:[A-Z][a-z]{2}, )?${DAY}[ -]${NAMED}[ -]${YEAR} ${CLOCK}${ZONE}$`),
  // Web servers: "02/Nov/2026:10:00:00 +0000".
  new RegExp(String.raw`^${DAY}/${NAMED}/${YEAR}:${CLOCK}${ZONE}$`),
  // ctime, and RFC 3164 with a year behind: "Mon Nov  2 10:00:00 2026", "Nov  2 10:00:00 CET 2026".
  new RegExp(String.raw`^(?:[A-Z][a-z]{2} )?${NAMED} +${DAY} ${CLOCK}${ZONE} ${YEAR}$`),
  // Network devices: "2026 Nov  2 10:00:00".
  new RegExp(String.raw`^${YEAR} ${NAMED} +${DAY} ${CLOCK}${ZONE}$`),
  // "Nov 2, 2026 10:00:00 AM", with "@" where Kibana shows it.
  new RegExp(String.raw`^${NAMED} ${DAY}, ${YEAR},?(?: @)? ${CLOCK} ?(?<half>[AP]M)?$`),
];

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Reads one of these forms; null for every other text. Whether the calendar has that day is not asked. */
export function parseWordyTime(text: string): WordyTime | null {
  for (const form of FORMS) {
    const found = form.exec(text)?.groups;
    if (found === undefined) continue;
    const named = found.name === undefined ? Number(found.mon) : MONTHS.indexOf(found.name.toLowerCase()) + 1;
    const ms = Number((found.frac ?? '').slice(0, 3).padEnd(3, '0'));
    return {
      year: Number(found.y),
      month: named,
      day: Number(found.d),
      hour: hourOf(Number(found.h), found.half),
      minute: Number(found.min),
      second: Number(found.s),
      ms,
      zone: found.zone ?? '',
    };
  }
  return null;
}

/** 12 AM is midnight, 12 PM is noon; without either the hour is that of the day. Hours that no clock has stay wrong. */
function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 99;
  return (hour % 12) + (half === 'PM' ? 12 : 0);
}
