import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundHeap } from '../ingest/bounded-heap.ts';
import { createIngest } from '../ingest/pipeline.ts';
import { readRecords } from '../ingest/records.ts';
import { openAlertFile } from '../ingest/sources/file.ts';
import { loadPolicies } from '../policies.ts';
import type { Clock, Log } from '../ports.ts';
import { generateEveFile } from '../sample/generate-eve.ts';
import { bareInserts } from '../store/bare-inserts.ts';
import { openStore } from '../store/open.ts';
import { loadTriagePolicies } from '../triage/policies.ts';
import { loadPriors } from '../triage/priors.ts';
import { readRuleFiles } from '../triage/rule-files.ts';
import { makeTriageState } from '../triage/triage-state.ts';
import type { BenchResult } from './bench-result.ts';

export interface BenchIngestOptions {
  clock: Clock;
  log: Log;
  /** Alerts in the generated EVE file, about 900 bytes each. */
  records?: number;
  /** The folder that holds policies/, priors/ and rules/. */
  resourcesDir: string;
  seed?: string;
}

const RECORDS = 100_000;
/** The answer is the round in the middle, because a machine that does other things spoils single ones. */
const ROUNDS = 3;
/** A day of a sensor at a site of a hundred machines: most alerts join a group that is there. */
const SHAPE = { days: 1, entities: 100, rules: 60 };

/**
 * Alerts per second from an EVE file through parse, normalise, triage, group and store, against bare prepared inserts
 * of the same lines of the same file into the same kind of database, equally durable.
 */
export async function benchIngest(options: BenchIngestOptions): Promise<BenchResult> {
  const { clock, records = RECORDS } = options;
  // From the beginning, so that making the file does not count as memory of reading it.
  boundHeap();
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-bench-'));
  try {
    const path = join(folder, 'eve.json');
    const endsAtMs = clock.nowMs();
    await generateEveFile(path, { records, seed: options.seed ?? 'bench', endsAtMs, ...SHAPE });
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      rounds.push(await runRound(path, join(folder, `round-${round}`), options));
    // Of the first round: what a process takes that has read one file.
    const peakRssBytes = rounds[0]?.peakRssBytes ?? 0;
    rounds.sort((a, b) => a.alertsPerSecond / a.rowsPerSecond - b.alertsPerSecond / b.rowsPerSecond);
    const middle = rounds[Math.floor(ROUNDS / 2)];
    if (middle === undefined) throw new Error('No round was run');
    return {
      name: 'ingest',
      metrics: {
        alertsPerSecond: Math.round(middle.alertsPerSecond),
        ratioToBareInserts: Number((middle.alertsPerSecond / middle.rowsPerSecond).toFixed(4)),
        peakRssBytes,
        alertsPerGroup: Number(middle.alertsPerGroup.toFixed(2)),
      },
      peers: { bareInserts: { rowsPerSecond: Math.round(middle.rowsPerSecond) } },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Round {
  alertsPerSecond: number;
  /** Of bare inserts. */
  rowsPerSecond: number;
  alertsPerGroup: number;
  peakRssBytes: number;
}

/** Bare inserts once before and once after, because a machine that has just warmed up treats neither the same. */
async function runRound(path: string, folder: string, options: BenchIngestOptions): Promise<Round> {
  mkdirSync(folder);
  try {
    const before = await bareInserts(path, join(folder, 'before.db'), options.clock);
    const ours = await runIngest(path, join(folder, 'ours.db'), options);
    const after = await bareInserts(path, join(folder, 'after.db'), options.clock);
    return {
      alertsPerSecond: ours.stored / (ours.elapsedMs / 1000),
      rowsPerSecond: (before.rows + after.rows) / ((before.elapsedMs + after.elapsedMs) / 1000),
      alertsPerGroup: ours.stored / ours.groups,
      peakRssBytes: ours.peakRssBytes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIngest(
  path: string,
  database: string,
  { clock, log, resourcesDir }: BenchIngestOptions,
): Promise<{ stored: number; groups: number; elapsedMs: number; peakRssBytes: number }> {
  const store = await openStore({ target: { kind: 'sqlite', path: database }, log, clock });
  try {
    const state = makeTriageState({
      documents: readRuleFiles([join(resourcesDir, 'rules')]).rules.map(({ rule }) => rule),
      assets: [],
      identities: [],
      lookups: new Map(),
      isPaused: false,
      policies: loadTriagePolicies(join(resourcesDir, 'policies')),
      sla: loadPolicies(join(resourcesDir, 'policies')).sla,
      priors: loadPriors(resourcesDir),
      closedToday: new Map(),
      nowMs: clock.nowMs(),
    });
    const pipeline = createIngest({ store, ports: { clock, log }, triage: () => state, append: async () => {} });
    let peakRssBytes = 0;
    const startedAtMs = clock.nowMs();
    const report = await pipeline.ingest(readRecords(openAlertFile(path)), {
      origin: path,
      format: 'auto',
      isHistory: false,
      onProgress: () => {
        peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
      },
    });
    const elapsedMs = Math.max(1, clock.nowMs() - startedAtMs);
    const counts = await store.read((db) => db.selectFrom('group_count').select('n').execute());
    const groups = counts.reduce((sum, { n }) => sum + n, 0);
    return { stored: report.stored, groups, elapsedMs, peakRssBytes };
  } finally {
    await store.close();
  }
}
