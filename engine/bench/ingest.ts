import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundHeap } from '../ingest/bounded-heap.ts';
import type { Clock, Log } from '../ports.ts';
import { generateEveFile } from '../sample/generate-eve.ts';
import { bareInserts } from '../store/bare-inserts.ts';
import type { BenchResult, Metric } from './bench-result.ts';
import { DAYS_TO_A_MILLION, DAYS_TO_TEN_MILLION, type Growth, measureGrowth, NO_GROWTH } from './ingest-growth.ts';
import { measureFormats, measureIndexing, measurePages, measureStorm } from './ingest-parts.ts';
import { bytesOnDisk, countGroups, type IngestSetting, openIngest, rounded } from './ingest-run.ts';
import { measureYear } from './ingest-year.ts';

export interface BenchIngestOptions {
  clock: Clock;
  log: Log;
  /** Alerts in the generated EVE file, about 900 bytes each. */
  records?: number;
  /** Alerts of each format. */
  recordsOfFormat?: number;
  /** The folder that holds policies/ and priors/. */
  resourcesDir: string;
  seed?: string;
  /** Ten million stored alerts too, which takes five to ten minutes more. */
  isFull?: boolean;
  /** Nothing but what an alert costs with many stored. */
  isGrowthOnly?: boolean;
  /** A file of arrival times to replay, one UTC second a line. */
  arrivals?: string | undefined;
  /** Told what is not measured and why, and how what takes long goes on. */
  say?(text: string): void;
}

const RECORDS = 300_000;
const RECORDS_OF_FORMAT = 40_000;
const RULES = 500;
/** The answer is the round in the middle, because a machine that does other things spoils single ones. */
const ROUNDS = 3;
/** A day of a sensor at a site of a hundred machines: most alerts join a group that is there. */
const SHAPE = { days: 1, entities: 100, rules: 60 };

/**
 * Alerts per second from an EVE file through parse, normalise, triage by 500 rules, group and store with its ledger,
 * against bare prepared inserts of the same lines of the same file into the same kind of database, equally durable;
 * and what that is made of: formats, storms, the index, many stored alerts, and people who look at the queue meanwhile.
 */
export async function benchIngest(options: BenchIngestOptions): Promise<BenchResult> {
  const { clock, log, resourcesDir, records = RECORDS, seed = 'bench' } = options;
  const setting: IngestSetting = { clock, log, resourcesDir, rules: RULES, seed };
  // From the beginning, so that making the file does not count as memory of reading it.
  boundHeap();
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-bench-'));
  try {
    if (options.isGrowthOnly) {
      const growth = await measureAnyGrowth(folder, { ...options, setting });
      return { name: 'ingest', metrics: { ...growth }, peers: {} };
    }
    const path = join(folder, 'eve.json');
    await generateEveFile(path, { records, seed, endsAtMs: clock.nowMs(), ...SHAPE });
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(await runRound(path, join(folder, `round-${round}`), setting));
    // Of the first round: what a process takes that has read one file.
    const peakRssBytes = rounds[0]?.peakRssBytes ?? 0;
    rounds.sort((a, b) => a.alertsPerSecond / a.rowsPerSecond - b.alertsPerSecond / b.rowsPerSecond);
    const middle = rounds[Math.floor(ROUNDS / 2)];
    if (middle === undefined) throw new Error('No round was run');
    return {
      name: 'ingest',
      metrics: {
        alertsPerSecond: Math.round(middle.alertsPerSecond),
        ratioToBareInserts: rounded(middle.alertsPerSecond / middle.rowsPerSecond, 4),
        rules: RULES,
        peakRssBytes,
        alertsPerGroup: rounded(middle.alertsPerGroup, 2),
        bytesOnDiskPerAlert: Math.round(middle.bytesOnDiskPerAlert),
        ...(await measureRest(path, folder, middle.rowsPerSecond, { ...options, setting })),
      },
      peers: { bareInserts: { rowsPerSecond: Math.round(middle.rowsPerSecond) } },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything but the speed of the one file. */
async function measureRest(
  path: string,
  folder: string,
  bareRowsPerSecond: number,
  options: BenchIngestOptions & { setting: IngestSetting },
): Promise<Record<string, Metric>> {
  const { setting, arrivals, records = RECORDS, say = () => {} } = options;
  const indexed = await measureIndexing(path, folder, setting);
  const pages = await measurePages(path, folder, setting);
  const storm = await measureStorm(folder, Math.min(records, 100_000), setting);
  const perFormat = await measureFormats(folder, options.recordsOfFormat ?? RECORDS_OF_FORMAT, setting);
  const growth = await measureAnyGrowth(folder, options);
  if (arrivals === undefined) say('replayYearSeconds needs the arrival times of a year: --arrivals FILE.');
  const year = arrivals === undefined ? null : await measureYear(arrivals, folder, setting);
  const alertsPerSecond = indexed.stored / (indexed.elapsedMs / 1_000);
  return {
    ratioIncludingIndex: rounded(alertsPerSecond / bareRowsPerSecond, 4),
    searchLagSeconds: indexed.searchLagSeconds,
    pageP95MsDuringIngest: pages.p95Ms,
    pagesDuringIngest: pages.pages,
    stormAlertsPerSecond: storm,
    ...growth,
    replayYearSeconds: year?.replayYearSeconds ?? null,
    yearAlerts: year?.yearAlerts ?? null,
    busiestMinuteAlerts: year?.busiestMinuteAlerts ?? null,
    busiestMinutePeakLagMs: year?.busiestMinutePeakLagMs ?? null,
    perFormat,
  };
}

/** A million alerts, or ten, one day after the other; none in a run too small to tell. */
async function measureAnyGrowth(
  folder: string,
  { setting, isFull = false, records = RECORDS, say = () => {} }: BenchIngestOptions & { setting: IngestSetting },
): Promise<Growth> {
  if (!isFull) say('costRatio10mTo100k is only measured with --full: it takes five to ten minutes more.');
  if (records < RECORDS && !isFull) return NO_GROWTH;
  return measureGrowth(folder, isFull ? DAYS_TO_TEN_MILLION : DAYS_TO_A_MILLION, setting, say);
}

interface Round {
  alertsPerSecond: number;
  /** Of bare inserts. */
  rowsPerSecond: number;
  alertsPerGroup: number;
  peakRssBytes: number;
  bytesOnDiskPerAlert: number;
}

/** Bare inserts once before and once after, because a machine that has just warmed up treats neither the same. */
async function runRound(path: string, folder: string, setting: IngestSetting): Promise<Round> {
  mkdirSync(folder);
  try {
    const before = await bareInserts(path, join(folder, 'before.db'), setting.clock);
    const database = join(folder, 'ours.db');
    const { store, take } = await openIngest(database, setting);
    const ours = await take(path);
    const groups = await countGroups(store);
    await store.close();
    const after = await bareInserts(path, join(folder, 'after.db'), setting.clock);
    return {
      alertsPerSecond: ours.stored / (ours.elapsedMs / 1000),
      rowsPerSecond: (before.rows + after.rows) / ((before.elapsedMs + after.elapsedMs) / 1000),
      alertsPerGroup: ours.stored / groups,
      peakRssBytes: ours.peakRssBytes,
      bytesOnDiskPerAlert: bytesOnDisk(database) / ours.stored,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
