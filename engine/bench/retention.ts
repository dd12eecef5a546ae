import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { queueFilterSchema } from '../../shared/model/queue.ts';
import type { StorageRun } from '../../shared/model/storage.ts';
import { createIngest } from '../ingest/pipeline.ts';
import type { TriageState } from '../ingest/pipeline-input.ts';
import { readRecords } from '../ingest/records.ts';
import { openAlertFile } from '../ingest/sources/file.ts';
import { loadPolicies, loadStoragePolicy } from '../policies.ts';
import type { Clock, Log, Ports } from '../ports.ts';
import { Upkeep } from '../retention/upkeep.ts';
import { resolveFilter } from '../routing/resolve-filter.ts';
import { generateEveFile, generateEveLines } from '../sample/generate-eve.ts';
import { openStore } from '../store/open.ts';
import { itemsOf } from '../store/queue-items.ts';
import { readPage } from '../store/queue-page.ts';
import { vacuumWhole } from '../store/sqlite-space.ts';
import { storedTotals } from '../store/storage-totals.ts';
import type { Store } from '../store/store.ts';
import { loadTriagePolicies } from '../triage/policies.ts';
import { loadPriors } from '../triage/priors.ts';
import { makeTriageState } from '../triage/triage-state.ts';
import { ChangeNews, makeTransact } from '../writer.ts';
import type { BenchResult } from './bench-result.ts';

export interface BenchRetentionOptions {
  clock: Clock;
  log: Log;
  resourcesDir: string;
  /** Alerts that come in by file. */
  records?: number;
  /** Alerts that come in by a live source, three at a time. */
  liveRecords?: number;
}

const RECORDS = 100_000;
const LIVE_RECORDS = 6_000;
const LIVE_BATCH = 3;
const DAY_MS = 86_400_000;
const PAGE_ROWS = 200;

/**
 * Bytes on the disk before and after upkeep, and how long anybody waits for it: the longest slice on the writer, and
 * pages of the queue read between the slices. Against rewriting the file whole.
 */
export async function benchRetention(options: BenchRetentionOptions): Promise<BenchResult> {
  const { clock, log, records = RECORDS, liveRecords = LIVE_RECORDS } = options;
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-bench-'));
  const path = join(folder, 'ours.db');
  const time = { aheadMs: 0, nowMs: () => clock.nowMs() + time.aheadMs };
  const store = await openStore({ target: { kind: 'sqlite', path }, log, clock: time });
  try {
    await fill(store, folder, { ...options, clock: time, records, liveRecords });
    const before = await amounts(store, path);
    const merging = await tidy(store, time, options);
    const merged = await amounts(store, path);
    await store.settle();
    const copy = copied(path, folder);
    const startedAt = performance.now();
    const peer = { bytes: vacuumWhole(copy), pauseMs: performance.now() - startedAt };
    // A day at a time: a clock that leaps is not believed.
    time.aheadMs = DAY_MS;
    await tidy(store, time, options);
    time.aheadMs = 2 * DAY_MS;
    const dropping = await tidy(store, time, options);
    const after = await amounts(store, path);
    return {
      name: 'retention',
      metrics: {
        liveBlocks: before.blocks,
        liveBlocksMerged: merged.blocks,
        originalBytesBefore: before.storedBytes,
        originalBytesMerged: merged.storedBytes,
        fileBytesBefore: before.fileBytes,
        fileBytesAfter: after.fileBytes,
        droppedRecords: dropping.run.droppedRecords,
        freedBytes: dropping.run.freedBytes,
        mergeSliceP50Ms: percentile(merging.slices, 0.5),
        mergeSliceP95Ms: percentile(merging.slices, 0.95),
        mergeSliceCpuP95Ms: percentile(merging.cpuMs, 0.95),
        longestMergeSliceMs: percentile(merging.slices, 1),
        dropSliceP50Ms: percentile(dropping.slices, 0.5),
        dropSliceP95Ms: percentile(dropping.slices, 0.95),
        dropSliceCpuP95Ms: percentile(dropping.cpuMs, 0.95),
        longestDropSliceMs: percentile(dropping.slices, 1),
        totalMs: Math.round(dropping.slices.reduce((sum, ms) => sum + ms, 0)),
        pageP95MsMeanwhile: percentile(dropping.pages, 0.95),
      },
      peers: { vacuumWhole: { pauseMs: Math.round(peer.pauseMs), bytes: peer.bytes } },
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the whole file, as it is before anything is dropped. */
function copied(path: string, folder: string): string {
  const copy = join(folder, 'peer.db');
  copyFileSync(path, copy);
  return copy;
}

/** Everything is closed by one rule: what is open would be held. */
function closingTriage(resourcesDir: string, nowMs: number): TriageState {
  const policies = join(resourcesDir, 'policies');
  const state = makeTriageState({
    documents: [],
    assets: [],
    identities: [],
    lookups: new Map(),
    isPaused: false,
    policies: loadTriagePolicies(policies),
    sla: loadPolicies(policies).sla,
    priors: loadPriors(resourcesDir),
    closedToday: new Map(),
    nowMs,
  });
  const close = {
    ruleId: 'bench',
    ruleVersion: 1,
    disposition: 'false_positive',
    why: 'Closed to be measured.',
  } as const;
  return { ...state, decide: (...given) => ({ ...state.decide(...given), close }) };
}

async function fill(
  store: Store,
  folder: string,
  options: BenchRetentionOptions & { records: number; liveRecords: number },
): Promise<void> {
  const { clock, log, resourcesDir, records, liveRecords } = options;
  const triage = closingTriage(resourcesDir, clock.nowMs());
  const pipeline = createIngest({ store, ports: { clock, log }, triage: () => triage, append: async () => {} });
  const endsAtMs = clock.nowMs();
  const file = join(folder, 'eve.json');
  await generateEveFile(file, { records, seed: 'bench', endsAtMs, days: 1, entities: 100 });
  const given = { origin: 'bench', format: 'auto', isHistory: false };
  await pipeline.ingest(readRecords(openAlertFile(file)), given);
  rmSync(file);
  let lines: string[] = [];
  for (const line of generateEveLines({ records: liveRecords, seed: 'live', endsAtMs, days: 1, entities: 100 })) {
    lines.push(line);
    if (lines.length < LIVE_BATCH) continue;
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
    await pipeline.ingest(
      readRecords(
        (async function* () {
          yield bytes;
        })(),
      ),
      given,
    );
  }
}

async function amounts(
  store: Store,
  path: string,
): Promise<{ blocks: number; storedBytes: number; fileBytes: number }> {
  await store.settle();
  const totals = await store.read((db) => storedTotals(db, null));
  return {
    blocks: totals.reduce((sum, { blocks }) => sum + blocks, 0),
    storedBytes: totals.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    fileBytes: statSync(path).size,
  };
}

interface Tidied {
  run: StorageRun;
  /** Of the clock: what anybody waits at most. */
  slices: number[];
  /** Of the processor: what a machine that does nothing else would take. */
  cpuMs: number[];
  pages: number[];
}

/** A stopwatch around all that holds the writer, and a page of the queue after each. */
async function tidy(store: Store, clock: Clock, { log, resourcesDir }: BenchRetentionOptions): Promise<Tidied> {
  const ports: Ports = {
    clock,
    log,
    random: { bytes: (length) => new Uint8Array(length) },
    secrets: { get: async () => null, set: async () => {} },
  };
  const policy = structuredClone(loadStoragePolicy(join(resourcesDir, 'policies')));
  for (const severity of ['unknown', 'informational', 'low', 'medium', 'high', 'critical'] as const) {
    policy.originals.keepDays[severity] = 1;
  }
  const slices: number[] = [];
  const cpuMs: number[] = [];
  const pages: number[] = [];
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
    const result = await work();
    slices.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(cpu);
    cpuMs.push((user + system) / 1000);
    return result;
  };
  const transact = makeTransact(store, ports, new ChangeNews());
  const upkeep = new Upkeep({
    policy,
    store: {
      dialect: store.dialect,
      read: (work) => store.read(work),
      write: (work) => store.write(work),
      space: () => store.space(),
      giveBack: () => timed(() => store.giveBack()),
      settle: () => store.settle(),
      close: () => store.close(),
    },
    transact: (actor, work) => timed(() => transact(actor, work)),
    yieldToOthers: async () => {
      const startedAt = performance.now();
      await readFirstPage(store);
      pages.push(performance.now() - startedAt);
    },
  });
  const sum: StorageRun = await upkeep.tidy(clock.nowMs(), { kind: 'system', id: 'bench' });
  while (!sum.isDone) {
    const more = await upkeep.tidy(clock.nowMs(), { kind: 'system', id: 'bench' });
    sum.droppedRecords += more.droppedRecords;
    sum.freedBytes += more.freedBytes;
    sum.isDone = more.isDone;
  }
  return { run: sum, slices, cpuMs, pages };
}

function readFirstPage(store: Store): Promise<unknown> {
  return store.read(async (db) => {
    const filter = queueFilterSchema.parse({ state: 'all' });
    const resolved = await resolveFilter(db, filter, null, async () => []);
    const page = await readPage(db, resolved, { sort: 'newest', cursor: null, limit: PAGE_ROWS });
    return itemsOf(db, page.rows);
  });
}

/** Nearest rank, rounded to hundredths. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(2));
}
