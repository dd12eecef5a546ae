import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import { makeEnricher } from '../../shared/domain/enrichment/enricher.ts';
import { compileRules } from '../../shared/domain/rules/rule-set.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import { makeClassifier } from '../ingest/pipeline-classify.ts';
import { readRecords } from '../ingest/records.ts';
import { listAlertFiles, openAlertFile } from '../ingest/sources/file.ts';
import type { Clock, Log } from '../ports.ts';
import { generateEveLines } from '../sample/generate-eve.ts';
import { type SeededRandom, seededRandom } from '../sample/random.ts';
import type { BenchResult } from './bench-result.ts';
import { type GeneratedRule, generateRules } from './generate-rules.ts';
import { garbageCollector, type Measured, measureAgainstLoop, plainLoop } from './rule-contenders.ts';
import { documentOf } from './rule-documents.ts';
import { measureHistory } from './rule-history.ts';
import { loadRivals, measureRival, type RuleRival } from './rule-rivals.ts';

export interface BenchRulesOptions {
  clock: Clock;
  log: Log;
  /** Generated alerts in a round. */
  alerts?: number;
  /** Files and folders of real alerts, mixed among the generated ones. */
  alertPaths?: readonly string[];
  /** Rounds that count, after a few that do not. */
  rounds?: number;
  seed?: string;
  /** The folder that holds policies/ and priors/: the backtest and the preview need it, and are not measured without. */
  resourcesDir?: string;
  /** Stored alerts that the standard run backtests on. */
  storedAlerts?: number;
  /** A backtest on a million stored alerts too. */
  isFull?: boolean;
  /** Told what could not be measured, and why. */
  say?(text: string): void;
}

const ALERTS = 4_000;
const ROUNDS = 40;
const SIZES = [50, 500, 5000];
/** Rivals are so much slower that fewer and longer rounds say as much. */
const RIVAL_SIZE = 500;
const RIVAL_ROUNDS = 5;
const RIVAL_ROUND_MS = 300;
const RIVAL_CHECKED_ALERTS = 100;
const NO_FACTS = { assets: [], identities: [], knownExploited: new Map() };

/**
 * Alerts per second through rule sets of three sizes, with explanations, against a plain loop over the same rules as
 * closures written by hand, and at 500 rules against json-rules-engine and zen-engine with the same rules as far as they
 * can express them, on the same alerts; then a backtest over what is stored and the preview while typing. Each round
 * reads the alerts anew from their bytes, because texts that were asked before are faster to ask again.
 */
export async function benchRules(options: BenchRulesOptions): Promise<BenchResult> {
  const random = seededRandom(`rules/${options.seed ?? 'bench'}`);
  const lines = await alertLines(options);
  const generated = generateRules(random.fork('rules'), Math.max(...SIZES));
  const documents = generated.map((rule, index) => documentOf(rule, index, random));
  const fresh = (count: number): FieldSubject[] => freshSubjects(lines.slice(0, count));
  const measured = new Map<number, Measured>();
  for (const size of SIZES) {
    const ruleSet = compileRules(documents.slice(0, size));
    measured.set(size, measureAgainstLoop(ruleSet, generated.slice(0, size), fresh, options.rounds ?? ROUNDS));
  }
  const rivals = await measureRivals(generated.slice(0, RIVAL_SIZE), lines, options.say ?? (() => {}));
  const timesRival = (name: RuleRival['name']): number | null => {
    const rival = rivals.get(name);
    return rival === undefined ? null : Number((rival.ours / rival.alertsPerSecond).toFixed(1));
  };
  const history = await measureHistory(options);
  const of = (size: number, key: keyof Measured): number => measured.get(size)?.[key] ?? 0;
  const perSize = (name: string, value: (size: number) => number): [string, number][] =>
    SIZES.map((size) => [`${name}${size}`, value(size)]);
  const times = (size: number): number =>
    Number((of(size, 'alertsPerSecond') / of(size, 'plainAlertsPerSecond')).toFixed(2));
  return {
    name: 'rules',
    metrics: Object.fromEntries<number | null>([
      ...perSize('alertsPerSecond', (size) => Math.round(of(size, 'alertsPerSecond'))),
      ['costRatio5000To50', Number((of(50, 'alertsPerSecond') / of(5000, 'alertsPerSecond')).toFixed(2))],
      ['timesJsonRulesEngine', timesRival('jsonRulesEngine')],
      ['timesZenEngine', timesRival('zenEngine')],
      ...perSize('timesPlainLoop', times),
      ['backtestSeconds1m', history?.backtestSeconds1m ?? null],
      ['backtestCpuSeconds1m', history?.backtestCpuSeconds1m ?? null],
      ['backtestSeconds100k', history?.backtestSeconds100k ?? null],
      ['backtestCpuSeconds100k', history?.backtestCpuSeconds100k ?? null],
      ['previewP95Ms', history?.previewP95Ms ?? null],
      ['previewCpuP95Ms', history?.previewCpuP95Ms ?? null],
      ['previewFirstMs', history?.previewFirstMs ?? null],
      ...perSize('hitsPerAlert', (size) => Number(of(size, 'hitsPerAlert').toFixed(3))),
    ]),
    peers: {
      plainLoop: Object.fromEntries(perSize('alertsPerSecond', (size) => Math.round(of(size, 'plainAlertsPerSecond')))),
      ...Object.fromEntries(
        [...rivals].map(([name, { rules, alertsPerSecond }]) => [
          name,
          { rules, [`alertsPerSecond${RIVAL_SIZE}`]: Number(alertsPerSecond.toFixed(1)) },
        ]),
      ),
    },
  };
}

interface MeasuredRival {
  /** Rules that it can express. */
  rules: number;
  alertsPerSecond: number;
  /** What ours does with these very rules. */
  ours: number;
}

/** Each rival that is installed, with the rules that it can express, next to ours with the same. */
async function measureRivals(
  generated: readonly GeneratedRule[],
  lines: readonly string[],
  say: (text: string) => void,
): Promise<Map<RuleRival['name'], MeasuredRival>> {
  const { rivals, missing } = await loadRivals(generated);
  for (const sentence of missing) say(sentence);
  const measured = new Map<RuleRival['name'], MeasuredRival>();
  const collectGarbage = garbageCollector();
  for (const rival of rivals) {
    const random = seededRandom('rivals');
    const same = generated.filter((_rule, place) => rival.places.has(place));
    const ruleSet = compileRules(same.map((rule, index) => documentOf(rule, index, random)));
    const fresh = (count: number): FieldSubject[] => freshSubjects(lines.slice(0, count));
    const { alertsPerSecond: ours } = measureAgainstLoop(ruleSet, same, fresh, RIVAL_ROUNDS);
    const closures = same.map(({ matches }) => matches);
    const expected = { alerts: RIVAL_CHECKED_ALERTS, hits: plainLoop(closures, fresh(RIVAL_CHECKED_ALERTS)) };
    const context = { rounds: RIVAL_ROUNDS, roundMs: RIVAL_ROUND_MS, collectGarbage };
    const alertsPerSecond = await measureRival(rival, fresh, expected, context);
    measured.set(rival.name, { rules: rival.rules, alertsPerSecond, ours });
  }
  return measured;
}

async function alertLines({ alerts = ALERTS, alertPaths = [], clock, seed = 'bench' }: BenchRulesOptions) {
  const lines = [...generateEveLines({ records: alerts, seed, endsAtMs: clock.nowMs() })];
  const { files } = await listAlertFiles(alertPaths);
  for (const file of files) {
    for await (const batch of readRecords(openAlertFile(file))) {
      for (const record of batch) if (record.kind === 'record') lines.push(Buffer.from(record.bytes).toString('utf8'));
    }
  }
  return shuffled(lines, seededRandom(`order/${seed}`));
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items
    .map((item): [number, T] => [random.next(), item])
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item);
}

/** The alerts as they come out of the format, with texts that nobody has touched. */
export function freshSubjects(lines: readonly string[]): FieldSubject[] {
  const classify = makeClassifier('auto');
  const enrich = makeEnricher(NO_FACTS);
  const subjects: FieldSubject[] = [];
  for (const text of lines) {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) continue;
    const found = classify({ kind: 'record', value, bytes: Buffer.from(text), line: 1 });
    if (found.kind === 'alert') subjects.push({ alert: found.alert, enrichment: enrich(found.alert), raw: value });
  }
  return subjects;
}
