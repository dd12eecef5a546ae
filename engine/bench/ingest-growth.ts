import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateEveFile } from '../sample/generate-eve.ts';
import { type IngestSetting, openIngest, rounded, type Taken } from './ingest-run.ts';

const DAY_MS = 86_400_000;
const ALERTS_A_DAY = 100_000;
/** Days after which a million, or ten, are stored. */
export const DAYS_TO_A_MILLION = 10;
export const DAYS_TO_TEN_MILLION = 100;
/** The best of so many days in a row, because the machine's other work makes times longer and never shorter. */
const DAYS_COMPARED = 3;

/** What an alert costs with a million (ten million) stored against a hundred thousand; null where it was not measured. */
export interface Growth {
  costRatio1mTo100k: number | null;
  costRatio10mTo100k: number | null;
  /** The same by what processors did for it: waiting for the disk is not in it, and neither is other work. */
  cpuRatio1mTo100k: number | null;
  cpuRatio10mTo100k: number | null;
}

export const NO_GROWTH: Growth = {
  costRatio1mTo100k: null,
  costRatio10mTo100k: null,
  cpuRatio1mTo100k: null,
  cpuRatio10mTo100k: null,
};

/** Takes a day of 100,000 alerts in again and again, each a day later, and says every tenth day how it goes. */
export async function measureGrowth(
  folder: string,
  days: number,
  setting: IngestSetting,
  say: (text: string) => void,
): Promise<Growth> {
  const path = join(folder, 'day.json');
  const database = join(folder, 'growth.db');
  const { store, take } = await openIngest(database, setting);
  const taken: Taken[] = [];
  try {
    for (let day = 0; day < days; day += 1) {
      const endsAtMs = setting.clock.nowMs() - (days - day) * DAY_MS;
      const shape = { records: ALERTS_A_DAY, days: 1, entities: 100, rules: 60 };
      await generateEveFile(path, { ...shape, seed: `${setting.seed}/${day}`, endsAtMs });
      const today = await take(path);
      taken.push(today);
      if (taken.length % 10 > 0) continue;
      const stored = (taken.length * ALERTS_A_DAY).toLocaleString('en-US');
      const microseconds = Math.round((today.cpuMs * 1_000) / today.stored);
      say(`${stored} alerts stored; one costs ${microseconds} µs of processor time.`);
    }
  } finally {
    await store.close();
    for (const file of [path, database]) rmSync(file, { force: true });
  }
  const elapsed = taken.map(({ elapsedMs }) => elapsedMs);
  const cpu = taken.map(({ cpuMs }) => cpuMs);
  return {
    costRatio1mTo100k: costRatio(elapsed, DAYS_TO_A_MILLION),
    costRatio10mTo100k: costRatio(elapsed, DAYS_TO_TEN_MILLION),
    cpuRatio1mTo100k: costRatio(cpu, DAYS_TO_A_MILLION),
    cpuRatio10mTo100k: costRatio(cpu, DAYS_TO_TEN_MILLION),
  };
}

/**
 * The cost of a day up to the one with this number against the cost of an early one; null when so many were not
 * measured. The first day is not counted, so that a small database is one of a day.
 */
export function costRatio(costs: readonly number[], days: number): number | null {
  if (costs.length < days) return null;
  const late = Math.min(...costs.slice(days - DAYS_COMPARED, days));
  return rounded(late / Math.min(...costs.slice(1, 1 + DAYS_COMPARED)), 2);
}
