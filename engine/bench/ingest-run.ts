import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openFiles } from '../ingest/ahead/open-files.ts';
import { BUILT_IN } from '../ingest/formats/index.ts';
import { createIngest, type Ingest } from '../ingest/pipeline.ts';
import type { TriageState } from '../ingest/pipeline-input.ts';
import { appendMachineDecision } from '../ledger/machine-decision.ts';
import { loadPolicies } from '../policies.ts';
import type { Clock, Log } from '../ports.ts';
import { seededRandom } from '../sample/random.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { loadTriagePolicies } from '../triage/policies.ts';
import { loadPriors } from '../triage/priors.ts';
import { makeTriageState } from '../triage/triage-state.ts';
import { generateRules } from './generate-rules.ts';
import { readRule, ruleText } from './rule-documents.ts';

/** What all parts of the benchmark of ingest run with. */
export interface IngestSetting {
  clock: Clock;
  log: Log;
  /** The folder that holds policies/ and priors/. */
  resourcesDir: string;
  /** Rules in force, generated; every alert is asked of all. */
  rules: number;
  seed: string;
}

/** Where the reading thread's code lies. */
export const READER_URL = new URL('../ingest/ahead/reader-worker.ts', import.meta.url);

/** The rules in force, as files would hold them. */
export function benchRuleTexts({ rules, seed }: IngestSetting): string[] {
  const random = seededRandom(`rules/${seed}`);
  return generateRules(random.fork('rules'), rules).map((rule, index) => ruleText(rule, index, random));
}

/** A workspace of nothing but a store, rules and the ledger. */
export interface OpenedIngest {
  store: Store;
  pipeline: Ingest;
  /** Takes one file in, on two threads as the product does, and says how long it took. */
  take(path: string, format?: string): Promise<Taken>;
}

/** One file that was taken in. `cpuMs` is what all threads of the process did meanwhile, which other work changes little. */
export interface Taken {
  stored: number;
  elapsedMs: number;
  cpuMs: number;
  peakRssBytes: number;
}

export async function openIngest(database: string, setting: IngestSetting): Promise<OpenedIngest> {
  const { clock, log, resourcesDir } = setting;
  const store = await openStore({ target: { kind: 'sqlite', path: database }, log, clock });
  const state: TriageState = makeTriageState({
    documents: benchRuleTexts(setting).map(readRule),
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
  const triage = () => state;
  const pipeline = createIngest({ store, ports: { clock, log }, triage, append: appendMachineDecision });
  const openFile = openFiles({ readerUrl: READER_URL.href, formats: BUILT_IN, triage });
  return {
    store,
    pipeline,
    async take(path, format = 'auto') {
      let peakRssBytes = 0;
      const cpuBefore = process.cpuUsage();
      const startedAtMs = clock.nowMs();
      const { stored } = await pipeline.ingest(await openFile(path, format, () => {}), {
        origin: path,
        format,
        isHistory: false,
        onProgress: () => {
          peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
        },
      });
      const elapsedMs = Math.max(1, clock.nowMs() - startedAtMs);
      const { user, system } = process.cpuUsage(cpuBefore);
      return { stored, elapsedMs, cpuMs: (user + system) / 1_000, peakRssBytes };
    },
  };
}

/** Groups of a store, open and closed. */
export async function countGroups(store: Store): Promise<number> {
  const counts = await store.read((db) => db.selectFrom('group_count').select('n').execute());
  return counts.reduce((sum, { n }) => sum + n, 0);
}

/** Bytes of a closed database. */
export function bytesOnDisk(database: string): number {
  return statSync(database).size;
}

/** Nearest rank, rounded to hundredths. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return Number((sorted[rank] ?? 0).toFixed(2));
}

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
