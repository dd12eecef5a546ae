import type { OutputOf } from '../handlers.ts';
import { currentRules, ingestDaysSince, ruleDaysSince } from '../store/automation.ts';
import { getMeta } from '../store/meta.ts';
import type { Read } from '../store/store.ts';
import { AUTOMATION_PAUSED } from './triage-state.ts';

const DAY_MS = 86_400_000;
/** A chart of more days says nothing; older ones are in the ledger. */
const DAYS_MAX = 366;

/**
 * What rules did since the UTC day of `sinceMs`, in alerts. Counts are kept by day, so the window begins at the start
 * of that day and `sinceMs` of the answer says so.
 */
export async function automationSummary(
  db: Read,
  sinceMs: number,
  nowMs: number,
): Promise<OutputOf<'automation', 'summary'>> {
  const today = Math.floor(nowMs / DAY_MS);
  const fromDay = Math.min(today, Math.max(Math.floor(sinceMs / DAY_MS), today - DAYS_MAX + 1));
  const ruleDays = new Map((await ruleDaysSince(db, fromDay)).map((day) => [day.day, day]));
  const ingestDays = new Map((await ingestDaysSince(db, fromDay)).map((day) => [day.day, day]));
  const pausedBy = await getMeta(db, AUTOMATION_PAUSED);
  const days = Array.from({ length: today - fromDay + 1 }, (_, index) => {
    const day = fromDay + index;
    return {
      dayMs: day * DAY_MS,
      closedByRules: ruleDays.get(day)?.closed ?? 0,
      queued: ingestDays.get(day)?.queued ?? 0,
    };
  });
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  const queued = sum(days.map((day) => day.queued));
  const closedByRules = sum(days.map((day) => day.closedByRules));
  const autoClosed = sum([...ingestDays.values()].map((day) => day.autoClosed));
  // A run that began the day before the window closes within it: then rules closed more than the window's runs say.
  const closedAtSource = Math.max(0, autoClosed - closedByRules);
  return {
    sinceMs: fromDay * DAY_MS,
    asOfMs: nowMs,
    paused: pausedBy !== null,
    pausedBy,
    received: queued + closedByRules + closedAtSource,
    closedByRules,
    closedAtSource,
    queued,
    withheldByGuards: sum([...ruleDays.values()].map((day) => day.withheld)),
    rules: await currentRules(db, nowMs),
    days,
  };
}
