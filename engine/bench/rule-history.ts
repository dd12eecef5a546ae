import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { BUILT_IN } from '../ingest/formats/index.ts';
import type { Clock, Log } from '../ports.ts';
import { generateEveFile } from '../sample/generate-eve.ts';
import { makeHeavyReads } from '../triage/history/heavy-reads.ts';
import { type IngestSetting, openIngest, percentile, rounded } from './ingest-run.ts';

/** Alerts that the generated history has, and its shape: a sensor at a site of a hundred machines. */
const SLICE_ALERTS = 100_000;
const SHAPE = { days: 1, entities: 100, rules: 60 };
const STORED_ALERTS = 100_000;
const MILLION = 1_000_000;
const DAY_MS = 86_400_000;

export interface RuleHistoryFigures {
  /** The whole backtest of one closing rule, report included, over the alerts that are stored. */
  backtestSeconds: number;
  /** Of processors during it, which other work on the machine makes little longer. */
  backtestCpuSeconds: number;
  /** Alerts that the backtest asked the rule about. */
  alerts: number;
  matchedAlerts: number;
  /** From a change of a text to what it would do on the newest 10,000 alerts, the first change included. */
  previewP95Ms: number;
  /** The same of processor time. */
  previewCpuP95Ms: number;
  /** The first one alone, which reads those alerts. */
  previewFirstMs: number;
}

/**
 * Stores so many alerts (whole hundreds of thousands, or fewer), runs the backtest of a rule that closes, and types
 * that rule letter by letter with a preview at each letter, all on the thread that is asked.
 */
export async function measureRuleHistory(setting: IngestSetting & { alerts: number }): Promise<RuleHistoryFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-bench-'));
  const { clock, log, resourcesDir, alerts, seed } = setting;
  const { store, take } = await openIngest(join(folder, 'evenwatch.db'), setting);
  try {
    const path = join(folder, 'eve.json');
    for (let stored = 0, day = 0; stored < alerts; stored += SLICE_ALERTS, day++) {
      const endsAtMs = clock.nowMs() - (Math.ceil(alerts / SLICE_ALERTS) - 1 - day) * DAY_MS;
      const records = Math.min(SLICE_ALERTS, alerts - stored);
      await generateEveFile(path, { records, seed: `${seed}/history/${day}`, endsAtMs, ...SHAPE });
      await take(path);
    }
    const reads = makeHeavyReads({ store, clock, log, resourcesDir, formats: BUILT_IN });
    const startedAt = performance.now();
    const usedBefore = process.cpuUsage();
    const { report } = await reads.backtest(
      closingRule('ET SCAN', clock.nowMs()),
      () => {},
      new AbortController().signal,
    );
    const backtestSeconds = (performance.now() - startedAt) / 1000;
    const used = process.cpuUsage(usedBefore);
    const { waits, works } = await typeRule(reads, clock.nowMs());
    await reads.close();
    return {
      backtestSeconds: rounded(backtestSeconds, 2),
      backtestCpuSeconds: rounded((used.user + used.system) / 1e6, 2),
      alerts: report.alerts,
      matchedAlerts: report.matchedAlerts,
      previewP95Ms: percentile(waits, 0.95),
      previewCpuP95Ms: percentile(works, 0.95),
      previewFirstMs: rounded(waits[0] ?? 0, 2),
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of each letter's preview, and of them at work, while a value is typed, taken back and typed otherwise. */
async function typeRule(
  reads: { preview(text: string): Promise<{ alerts: number } | null> },
  nowMs: number,
): Promise<{ waits: number[]; works: number[] }> {
  const texts = ['ET SCAN Suspicious inbound', 'ET POLICY Observed DNS Query', 'ET INFO'].flatMap((text) =>
    [...text].map((_letter, at) => text.slice(0, at + 1)),
  );
  const waits: number[] = [];
  const works: number[] = [];
  for (const text of texts) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const preview = await reads.preview(closingRule(text, nowMs));
    waits.push(performance.now() - startedAt);
    const used = process.cpuUsage(before);
    works.push((used.user + used.system) / 1000);
    if (preview === null) throw new Error(`there was no preview of "${text}"`);
  }
  return { waits, works };
}

function closingRule(start: string, nowMs: number): string {
  const expires = new Date(nowMs + 90 * DAY_MS).toISOString().slice(0, 10);
  return `title: Scans of our own\nid: 0b4c7a52-6d1e-4f6a-9a3e-5a0f6a3c1d01\nrationale: For measuring.\nowner: lead\nstatus: draft\nexpires: ${expires}\nactions: [{ close: false_positive }]\ndetection:\n  scan:\n    rule.name|startswith: '${start}'\n  loud:\n    event.severity_name: [high, critical]\n  condition: scan and not loud\n`;
}

export interface HistoryOptions {
  clock: Clock;
  log: Log;
  resourcesDir?: string;
  storedAlerts?: number;
  isFull?: boolean;
  seed?: string;
  say?(text: string): void;
}

/** The figures by their names in the answer of the benchmark. */
export interface History {
  backtestSeconds1m: number | null;
  backtestCpuSeconds1m: number | null;
  backtestSeconds100k: number | null;
  backtestCpuSeconds100k: number | null;
  previewP95Ms: number;
  previewCpuP95Ms: number;
  previewFirstMs: number;
}

/** What a rule costs on what is stored; null where the policies are not given. */
export async function measureHistory(options: HistoryOptions): Promise<History | null> {
  const { clock, log, resourcesDir, storedAlerts = STORED_ALERTS, isFull = false, seed = 'bench' } = options;
  if (resourcesDir === undefined) return null;
  const setting = { clock, log, resourcesDir, rules: 50, seed };
  const small = await measureRuleHistory({ ...setting, alerts: storedAlerts });
  const large = isFull ? await measureRuleHistory({ ...setting, alerts: MILLION }) : null;
  if (large === null)
    options.say?.('backtestSeconds1m is measured with --full only: storing a million alerts takes minutes.');
  const { previewP95Ms, previewCpuP95Ms, previewFirstMs } = large ?? small;
  const isNamed = storedAlerts === STORED_ALERTS;
  return {
    backtestSeconds1m: large?.backtestSeconds ?? null,
    backtestCpuSeconds1m: large?.backtestCpuSeconds ?? null,
    backtestSeconds100k: isNamed ? small.backtestSeconds : null,
    backtestCpuSeconds100k: isNamed ? small.backtestCpuSeconds : null,
    previewP95Ms,
    previewCpuP95Ms,
    previewFirstMs,
  };
}
