import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import { evaluateRules, type RuleSet } from '../../shared/domain/rules/rule-set.ts';
import type { GeneratedRule } from './generate-rules.ts';
import { type Plain, plainAlert } from './plain-alert.ts';

/** A contender is given no more alerts in a round than it can do in about this time. */
const ROUND_MS = 100;
const ALERTS_MIN = 200;
/** Rounds that count for nothing: both are compiled by then. */
const WARM_UP = 5;
const CHECKED_ALERTS = 500;

export interface Measured {
  /** Over all rounds together: the processor time of a thread is counted too coarsely for a single one. */
  alertsPerSecond: number;
  plainAlertsPerSecond: number;
  hitsPerAlert: number;
}

/**
 * The matcher against a loop over the same rules as closures, by turns in the same rounds, in processor time of this
 * thread, which neither other work on the machine nor sweeping memory behind it adds to. `fresh` gives alerts whose texts nobody has touched, because texts that were asked before are faster to
 * ask again. Throws when both do not find the same.
 */
export function measureAgainstLoop(
  ruleSet: RuleSet,
  generated: readonly GeneratedRule[],
  fresh: (count: number) => readonly FieldSubject[],
  rounds: number,
): Measured {
  const closures = generated.map(({ matches }) => matches);
  const few = fresh(CHECKED_ALERTS);
  const [expected, found] = [plainLoop(closures, few), matcherLoop(ruleSet, few)];
  if (expected !== found) throw new Error(`the rules found ${found} and the closures ${expected}`);
  const ours = new Contender((subjects) => matcherLoop(ruleSet, subjects));
  const plain = new Contender((subjects) => plainLoop(closures, subjects));
  const collectGarbage = garbageCollector();
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const turns = round % 2 === 0 ? [ours, plain] : [plain, ours];
    for (const contender of turns) {
      const subjects = fresh(contender.count);
      // What reading the alerts left behind is not swept at the cost of what is measured.
      collectGarbage();
      contender.run(subjects);
    }
    if (round === WARM_UP - 1) for (const contender of turns) contender.begin();
  }
  return {
    alertsPerSecond: ours.alertsPerSecond,
    plainAlertsPerSecond: plain.alertsPerSecond,
    hitsPerAlert: ours.hitsPerAlert,
  };
}

/** One way to match, how fast it was since it began to count, and how many alerts it is given in the next round. */
class Contender {
  hitsPerAlert = 0;
  count = ALERTS_MIN;
  private alerts = 0;
  private usedMicros = 0;
  private readonly work: (subjects: readonly FieldSubject[]) => number;

  constructor(work: (subjects: readonly FieldSubject[]) => number) {
    this.work = work;
  }

  get alertsPerSecond(): number {
    return (this.alerts * 1e6) / Math.max(1, this.usedMicros);
  }

  /** Forgets the rounds so far. */
  begin(): void {
    this.alerts = 0;
    this.usedMicros = 0;
  }

  run(subjects: readonly FieldSubject[]): void {
    const before = process.threadCpuUsage();
    const startedAt = performance.now();
    const hits = this.work(subjects);
    const elapsedMs = Math.max(0.001, performance.now() - startedAt);
    const used = process.threadCpuUsage(before);
    this.alerts += subjects.length;
    this.usedMicros += used.user + used.system;
    this.hitsPerAlert = hits / subjects.length;
    this.count = Math.max(ALERTS_MIN, Math.floor((subjects.length * ROUND_MS) / elapsedMs));
  }
}

function matcherLoop(ruleSet: RuleSet, subjects: readonly FieldSubject[]): number {
  let hits = 0;
  for (const subject of subjects) for (const hit of evaluateRules(ruleSet, subject)) if (hit.result === 'match') hits++;
  return hits;
}

/** Matches of all alerts, found by asking one closure after the other. */
export function plainLoop(closures: readonly Plain[], subjects: readonly FieldSubject[]): number {
  let hits = 0;
  for (const subject of subjects) {
    const alert = plainAlert(subject);
    for (const matches of closures) if (matches(alert)) hits++;
  }
  return hits;
}

/** Sweeps the memory of this process when it is called. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    if (typeof collect === 'function') collect();
  };
}
