import type { Duty } from '../../shared/model/people.ts';
import { TEAM } from './team.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const WEEKS_BACK = 5;
const WEEKS_AHEAD = 2;

/** Starts of the shifts in hours UTC; each lasts eight hours. */
const SHIFT_STARTS: Readonly<Record<string, number>> = { D: 7, L: 15, N: 23 };
const SHIFT_HOURS = 8;

/** Monday to Sunday: D day, L late, N night. Somebody of tier 1 is there at every hour of the week. */
const TIER1_WEEKS = ['NNNN---', '----NNN', '-LLLLL-', 'DDDDD--', 'DDD---L', '-D--DDD', 'L-DDD--'];
/** One of the four holds the telephone at night instead. */
const TIER2_WEEKS = ['DDDDD--', 'LLLLL--', 'DDDDD--', 'DDDD---'];
const OFFICE_WEEK = 'DDDDD--';

/** The Monday (UTC) on or before a time. */
function mondayOf(atMs: number): number {
  return atMs - ((((atMs - FIRST_MONDAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS);
}

function weekNumber(mondayMs: number): number {
  return Math.round((mondayMs - FIRST_MONDAY_MS) / WEEK_MS);
}

function shift(personId: string, dayMs: number, letter: string): Duty | null {
  const start = SHIFT_STARTS[letter];
  if (start === undefined) return null;
  const startsAtMs = dayMs + start * HOUR_MS;
  return { personId, kind: 'shift', startsAtMs, endsAtMs: startsAtMs + SHIFT_HOURS * HOUR_MS };
}

function weekOf(personId: string, mondayMs: number, pattern: string): Duty[] {
  return [...pattern].flatMap((letter, day) => shift(personId, mondayMs + day * DAY_MS, letter) ?? []);
}

function onCallWeek(personId: string, mondayMs: number): Duty[] {
  return Array.from({ length: 7 }, (_, day): Duty => {
    const startsAtMs = mondayMs + day * DAY_MS + 23 * HOUR_MS;
    return { personId, kind: 'on_call', startsAtMs, endsAtMs: startsAtMs + 8 * HOUR_MS };
  });
}

const ofTier = (tier: string) => TEAM.filter((each) => each.tier === tier).map((each) => each.id);

function plannedWeek(mondayMs: number): Duty[] {
  const week = weekNumber(mondayMs);
  const duties: Duty[] = [];
  ofTier('tier1').forEach((id, index) => {
    duties.push(...weekOf(id, mondayMs, TIER1_WEEKS[(index + week) % TIER1_WEEKS.length] ?? OFFICE_WEEK));
  });
  ofTier('tier2').forEach((id, index) => {
    const place = (index + week) % TIER2_WEEKS.length;
    duties.push(...weekOf(id, mondayMs, TIER2_WEEKS[place] ?? OFFICE_WEEK));
    if (place === 3) duties.push(...onCallWeek(id, mondayMs));
  });
  ofTier('tier3').forEach((id, index, all) => {
    duties.push(...weekOf(id, mondayMs, OFFICE_WEEK));
    if ((index + week) % all.length === 0) duties.push(...onCallWeek(id, mondayMs));
  });
  for (const id of ofTier('lead')) duties.push(...weekOf(id, mondayMs, OFFICE_WEEK));
  return duties;
}

/** Tuesday to Saturday are late in the third of the seven weeks. */
const LATE_WEEK = 2;
/** Who has an early day there, and none on the next: by the day (Monday is 0), the week of the colleague who swaps. */
const SWAPS: Readonly<Record<number, number>> = { 2: 4, 4: 6 };

function tier1InWeek(mondayMs: number, place: number): string | undefined {
  const people = ofTier('tier1');
  const week = weekNumber(mondayMs) % people.length;
  return people[(place - week + people.length) % people.length];
}

/**
 * Two people swap a late against a day, which leaves one of them eight hours between a late and a day: the directive
 * asks for eleven. `day` is 2 (Wednesday) or 4 (Friday).
 */
function swapLateAndDay(duties: Duty[], mondayMs: number, day: 2 | 4): void {
  const late = tier1InWeek(mondayMs, LATE_WEEK);
  const colleague = tier1InWeek(mondayMs, SWAPS[day] ?? LATE_WEEK);
  const at = mondayMs + day * DAY_MS;
  for (const duty of duties) {
    if (duty.kind !== 'shift' || duty.startsAtMs < at || duty.startsAtMs >= at + DAY_MS) continue;
    const letter = duty.personId === late ? 'D' : duty.personId === colleague ? 'L' : null;
    const swapped = letter === null ? null : shift(duty.personId, at, letter);
    if (swapped !== null) Object.assign(duty, swapped);
  }
}

function onLeave(duties: Duty[], personId: string, fromMs: number, days: number): Duty[] {
  const toMs = fromMs + days * DAY_MS;
  const kept = duties.filter(
    (duty) => duty.personId !== personId || duty.endsAtMs <= fromMs || duty.startsAtMs >= toMs,
  );
  kept.push({ personId, kind: 'leave', startsAtMs: fromMs, endsAtMs: toMs });
  return kept;
}

/**
 * The rota from five weeks before to two weeks after `nowMs`: three shifts round the clock, on-call, two leaves, a few
 * short rests in the past and one in what is planned.
 */
export function makeRota(nowMs: number): Duty[] {
  const thisMonday = mondayOf(nowMs);
  let duties: Duty[] = [];
  for (let week = -WEEKS_BACK; week <= WEEKS_AHEAD; week += 1) {
    duties.push(...plannedWeek(thisMonday + week * WEEK_MS));
  }
  swapLateAndDay(duties, thisMonday - 3 * WEEK_MS, 4);
  swapLateAndDay(duties, thisMonday - 2 * WEEK_MS, 2);
  swapLateAndDay(duties, thisMonday - 2 * WEEK_MS, 4);
  swapLateAndDay(duties, thisMonday + WEEK_MS, 4);
  duties = onLeave(duties, 'yusuf.haddad', thisMonday - 3 * WEEK_MS, 7);
  duties = onLeave(duties, 'oksana.melnyk', thisMonday + WEEK_MS, 5);
  return duties.sort((a, b) => a.startsAtMs - b.startsAtMs || (a.personId < b.personId ? -1 : 1));
}

export function rotaCsv(duties: readonly Duty[]): string {
  const rows = duties.map((duty) =>
    [duty.personId, new Date(duty.startsAtMs).toISOString(), new Date(duty.endsAtMs).toISOString(), duty.kind].join(
      ',',
    ),
  );
  return `${['person,starts,ends,kind', ...rows].join('\n')}\n`;
}

/** The people of a tier whose shift it is. */
export function onShift(duties: readonly Duty[], tier: string, atMs: number): string[] {
  const members = new Set(ofTier(tier));
  return duties
    .filter(
      (duty) => duty.kind === 'shift' && members.has(duty.personId) && duty.startsAtMs <= atMs && atMs < duty.endsAtMs,
    )
    .map((duty) => duty.personId);
}
