import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { RecordBatch } from '../ingest/records.ts';
import { readRecords } from '../ingest/records.ts';
import { generateEveFile, generateEveLines } from '../sample/generate-eve.ts';
import { type IngestSetting, openIngest, rounded } from './ingest-run.ts';

const MINUTE_MS = 60_000;
/** A site of a size that fits such a year. */
const SHAPE = { entities: 400, rules: 200 };

export interface YearMeasured {
  replayYearSeconds: number;
  yearAlerts: number;
  /** Alerts of the busiest minute of the year. */
  busiestMinuteAlerts: number;
  /** The longest that an alert of that minute waited until it was stored, when they came in as they did then. */
  busiestMinutePeakLagMs: number;
}

/** Arrival times, one UTC second a line behind a line of head, gzipped when the name says so. */
export async function readArrivals(path: string): Promise<Float64Array> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  const times: number[] = [];
  for await (const line of createInterface({ input })) {
    const atMs = Date.parse(`${line.trim().replace(' ', 'T')}Z`);
    if (!Number.isNaN(atMs)) times.push(atMs);
  }
  return Float64Array.from(times).sort();
}

/** The arrivals within the calendar minute that has most of them. */
export function busiestMinute(times: Float64Array): Float64Array {
  let best = times.subarray(0, 0);
  for (let from = 0; from < times.length; ) {
    const minute = Math.floor((times[from] ?? 0) / MINUTE_MS);
    let to = from;
    while (to < times.length && Math.floor((times[to] ?? 0) / MINUTE_MS) === minute) to += 1;
    if (to - from > best.length) best = times.subarray(from, to);
    from = to;
  }
  return best;
}

/** A year of arrivals through the whole pipeline as fast as it goes, then its busiest minute in real time. */
export async function measureYear(arrivals: string, folder: string, setting: IngestSetting): Promise<YearMeasured> {
  const timesMs = await readArrivals(arrivals);
  const path = join(folder, 'year.json');
  await generateEveFile(path, { records: timesMs.length, seed: setting.seed, endsAtMs: 0, timesMs, ...SHAPE });
  const opened = await openIngest(join(folder, 'year.db'), setting);
  try {
    const { stored, elapsedMs } = await opened.take(path);
    await rm(path);
    const busiest = busiestMinute(timesMs);
    return {
      replayYearSeconds: rounded(elapsedMs / 1_000, 1),
      yearAlerts: stored,
      busiestMinuteAlerts: busiest.length,
      busiestMinutePeakLagMs: await liveThrough(busiest, opened, setting),
    };
  } finally {
    await opened.store.close();
  }
}

/** Delivers each second's alerts when that second comes, as a live source does. */
async function liveThrough(
  times: Float64Array,
  { pipeline }: Pick<Awaited<ReturnType<typeof openIngest>>, 'pipeline'>,
  { clock, seed }: IngestSetting,
): Promise<number> {
  const startMs = clock.nowMs();
  const firstMs = times[0] ?? 0;
  const timesMs = times.map((atMs) => startMs + atMs - firstMs);
  const lines = [...generateEveLines({ records: times.length, seed: `${seed}/live`, endsAtMs: 0, timesMs, ...SHAPE })];
  let peakLagMs = 0;
  for (let from = 0; from < timesMs.length; ) {
    const dueMs = timesMs[from] ?? 0;
    let to = from;
    while (to < timesMs.length && timesMs[to] === dueMs) to += 1;
    await sleep(Math.max(0, dueMs - clock.nowMs()));
    const batches: RecordBatch[] = [];
    const bytes = Buffer.from(lines.slice(from, to).join('\n'));
    for await (const batch of readRecords(one(bytes))) batches.push(batch);
    await pipeline.ingestWhole(batches, { origin: 'live', format: 'auto' }, async () => {});
    peakLagMs = Math.max(peakLagMs, clock.nowMs() - dueMs);
    from = to;
  }
  return peakLagMs;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
