import type { SeededRandom } from './random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const BURST_MS = 40 * 60_000;
export const SAMPLE_DAYS = 14;

/** The fortnight, in hours from its start. */
export interface Fortnight {
  startsAtMs: number;
  endsAtMs: number;
  /** Share of the usual noise; 1 but for tests that need no more than a taste. The stories are always whole. */
  volume: number;
}

export function fortnightUntil(endsAtMs: number, volume = 1): Fortnight {
  return { startsAtMs: endsAtMs - SAMPLE_DAYS * DAY_MS, endsAtMs, volume };
}

/** How busy one hour is against others. Weekday 0 is Sunday, hours are UTC. */
export type Profile = (weekday: number, hour: number) => number;

/** People at work from 8 to 18, little on Saturday, next to nothing on Sunday, somebody always awake. */
export const OFFICE: Profile = (weekday, hour) => {
  const day = weekday === 0 ? 0.06 : weekday === 6 ? 0.14 : 1;
  const ofDay = hour >= 8 && hour < 18 ? (hour === 12 ? 0.8 : 1) : hour >= 6 && hour < 21 ? 0.25 : 0.06;
  return day * ofDay;
};

/** The internet does not sleep; it only has more to do when Europe is awake. */
export const INTERNET: Profile = (weekday, hour) => (weekday === 0 || weekday === 6 ? 0.8 : 1) * (hour < 6 ? 0.75 : 1);

/** Three shifts in the warehouses, Saturday until noon. */
export const WAREHOUSE: Profile = (weekday, hour) =>
  weekday === 0 ? 0.05 : weekday === 6 ? (hour < 12 ? 0.6 : 0.1) : hour >= 5 && hour < 22 ? 1 : 0.35;

/** Between 1 and 4 in the nights that begin Monday, Wednesday and Friday. */
export const SCAN_NIGHTS: Profile = (weekday, hour) =>
  (weekday === 2 || weekday === 4 || weekday === 6) && hour >= 1 && hour < 4 ? 1 : 0;

export const BACKUP_NIGHTS: Profile = (_weekday, hour) => (hour >= 22 || hour < 2 ? 1 : 0);
export const ALWAYS: Profile = () => 1;
/** Wednesday evening: updates go out to desks. */
export const PATCH_EVENING: Profile = (weekday, hour) => (weekday === 3 && hour >= 18 && hour < 22 ? 1 : 0);

/** `count` times of the fortnight (at full volume) in proportion to a profile, in order. */
export function drawTimes(random: SeededRandom, fortnight: Fortnight, count: number, profile: Profile): number[] {
  const weights: number[] = [];
  let total = 0;
  for (let atMs = fortnight.startsAtMs; atMs < fortnight.endsAtMs; atMs += HOUR_MS) {
    const date = new Date(atMs);
    total += profile(date.getUTCDay(), date.getUTCHours());
    weights.push(total);
  }
  const times = Array.from({ length: Math.ceil(count * fortnight.volume) }, () => {
    const point = random.next() * total;
    const hour = lowerBound(weights, point);
    return Math.floor(fortnight.startsAtMs + hour * HOUR_MS + random.next() * HOUR_MS);
  });
  return times.sort((a, b) => a - b);
}

/** Times that come in bursts of up to 40 minutes, as sweeps and bad habits do; each with the number of its burst. */
export function drawBursts(
  random: SeededRandom,
  fortnight: Fortnight,
  count: number,
  bursts: number,
  profile: Profile,
): { atMs: number; burst: number }[] {
  const anchors = drawTimes(random, fortnight, bursts, profile);
  return Array.from({ length: Math.ceil(count * fortnight.volume) }, () => {
    const burst = random.int(0, anchors.length - 1);
    const atMs = (anchors[burst] ?? fortnight.startsAtMs) + random.int(0, BURST_MS);
    return { atMs: Math.min(atMs, fortnight.endsAtMs - 1), burst };
  });
}

/** First index whose running total is above `point`. */
function lowerBound(totals: readonly number[], point: number): number {
  let low = 0;
  let high = totals.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((totals[middle] ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
