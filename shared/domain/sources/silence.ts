/** Hours since the epoch, UTC, with the records that came in each. */
export type RecordsByHour = ReadonlyMap<number, number>;

export interface SilenceInput {
  /** Records of the last five weeks; hours without any may be left out. */
  hours: RecordsByHour;
  /** When the last record came, or since when anybody listens when that is later. */
  sinceMs: number;
  nowMs: number;
  /** Minutes that a person set; null goes by habit, 0 never asks. */
  quietAfterMinutes: number | null;
}

export interface Silence {
  isSilent: boolean;
  /** Chance that a source of this habit is quiet for so long by itself; null where no habit is known or asked. */
  chance: number | null;
  /** Records that usually come in such a time. */
  expected: number | null;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;
const WEEKS_MAX = 4;
const DAYS_MAX = 10;
const WEEKS_MIN = 2;
/** Of the same kind. */
const DAYS_MIN = 3;
/** Nobody is asked about less, however busy the source. */
const LEAST_MS = 15 * MINUTE_MS;
/**
 * A pause counts as silence when its chance is below this. A source has at most some 1,300 pauses a day that could come
 * to it (busier ones are held by LEAST_MS), so that a source is wrongly called silent about once in two years at worst.
 */
export const SILENCE_CHANCE = 1e-6;
/** A storm is no habit: an hour counts for no more than twice the next largest of its like, or this many records. */
const STORM_FROM = 10;
/** So many clumps in comparable hours are no longer chance. */
const BUSY_FROM = 20;
/** Hours of a pause that are looked at: longer ones are silent by then, or their source has no habit. */
const PAUSE_HOURS_MAX = WEEKS_MAX * WEEK_HOURS;

/**
 * Whether a source is quiet against its own habit. Compared with the same hours of the last weeks, or, while it is
 * younger than two weeks, of the last days of the same kind (weekday or weekend, UTC).
 *
 * Records are taken to come in clumps at a rate that the earlier hours tell: with n records in K comparable hours and
 * clumps of the size phi, the chance of none in the next such hour is (K / (K + 1)) ^ (n / phi), the predictive
 * distribution of a Poisson process whose rate is known from K periods (Gelman et al., Bayesian Data Analysis, 3rd
 * edition, 2.6; negative binomial at 0). Phi is the ratio of variance to mean of comparable hours (Fano factor), at its
 * upper quartile over all hours and never below 1. Where a busy time begins or ends, the quieter side counts: clocks
 * change twice a year, and people come later.
 */
export function silenceOf({ hours, sinceMs, nowMs, quietAfterMinutes }: SilenceInput): Silence {
  const pauseMs = nowMs - sinceMs;
  if (quietAfterMinutes !== null) {
    const isSilent = quietAfterMinutes > 0 && pauseMs >= quietAfterMinutes * MINUTE_MS;
    return { isSilent, chance: null, expected: null };
  }
  const habit = habitOf(hours, Math.floor(sinceMs / HOUR_MS));
  if (pauseMs < LEAST_MS || habit === null) return { isSilent: false, chance: null, expected: null };
  const { chance, expected } = pauseAgainst(habit, sinceMs, nowMs);
  return { isSilent: chance < SILENCE_CHANCE, chance, expected };
}

interface Habit {
  /** The hours that an hour is compared with. */
  like(hour: number): number[];
  /** With fewer of them nothing is a habit. */
  least: number;
  recordsIn(hour: number): number;
  clump: number;
}

function habitOf(hours: RecordsByHour, sinceHour: number): Habit | null {
  const first = [...hours.keys()].reduce((least, hour) => Math.min(least, hour), Number.POSITIVE_INFINITY);
  if (!Number.isFinite(first)) return null;
  const weeks = Math.min(WEEKS_MAX, Math.floor((sinceHour - first) / WEEK_HOURS));
  const like = weeks >= WEEKS_MIN ? sameHourOfWeek(first, weeks) : sameHourOfDay(first);
  const least = weeks >= WEEKS_MIN ? WEEKS_MIN : DAYS_MIN;
  const recordsIn = (hour: number) => hours.get(hour) ?? 0;
  const seen: number[] = [];
  for (let hour = sinceHour - WEEK_HOURS; hour < sinceHour; hour += 1) {
    const counts = [hour, ...like(hour)].map(recordsIn);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    if (mean === 0 || counts.length < 2) continue;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    seen.push(variance / mean);
  }
  seen.sort((a, b) => a - b);
  return { like, least, recordsIn, clump: Math.max(1, seen[Math.floor(seen.length * 0.75)] ?? 1) };
}

function sameHourOfWeek(first: number, weeks: number): Habit['like'] {
  return (hour) => range(weeks).flatMap((k) => (hour - k * WEEK_HOURS >= first ? [hour - k * WEEK_HOURS] : []));
}

function sameHourOfDay(first: number): Habit['like'] {
  return (hour) => {
    const days = range(DAYS_MAX).map((k) => hour - k * DAY_HOURS);
    return days.filter((each) => each >= first && isWeekend(each) === isWeekend(hour));
  };
}

function range(upTo: number): number[] {
  return Array.from({ length: upTo }, (_, i) => i + 1);
}

/** Hour 0 began a Thursday. */
function isWeekend(hour: number): boolean {
  const day = Math.floor(hour / DAY_HOURS) % 7;
  return day === 2 || day === 3;
}

function pauseAgainst(
  { like, least, recordsIn, clump }: Habit,
  sinceMs: number,
  nowMs: number,
): { chance: number; expected: number } {
  let logChance = 0;
  let expected = 0;
  const fromMs = Math.max(sinceMs, nowMs - PAUSE_HOURS_MAX * HOUR_MS);
  for (let hour = Math.floor(fromMs / HOUR_MS); hour * HOUR_MS < nowMs; hour += 1) {
    const share = (Math.min(nowMs, (hour + 1) * HOUR_MS) - Math.max(fromMs, hour * HOUR_MS)) / HOUR_MS;
    // Only hours before the pause tell anything: the pause itself is what is asked about.
    const alike = like(hour).filter((each) => (each + 1) * HOUR_MS <= sinceMs);
    if (alike.length < least) continue;
    const records = usualIn(alike, recordsIn, clump * BUSY_FROM) * share;
    expected += records / alike.length;
    logChance += (records / clump) * Math.log(alike.length / (alike.length + 1));
  }
  return { chance: Math.exp(logChance), expected };
}

/** Records in these hours; beside a quieter hour of a busy time, no more than that one had. */
function usualIn(alike: readonly number[], recordsIn: Habit['recordsIn'], busyFrom: number): number {
  const [earlier = 0, own = 0, later = 0] = [-1, 0, 1].map((shift) =>
    sumWithoutStorm(alike.map((hour) => recordsIn(hour + shift))),
  );
  return Math.max(earlier, own, later) >= busyFrom ? Math.min(earlier, own, later) : own;
}

function sumWithoutStorm(counts: readonly number[]): number {
  const [, next = 0] = [...counts].sort((a, b) => b - a);
  const most = Math.max(STORM_FROM, next * 2);
  return counts.reduce((sum, count) => sum + Math.min(count, most), 0);
}
