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
  /** The best round: other work on the machine makes times longer and never shorter. */
  alertsPerSecond: number;
  plainAlertsPerSecond: number;
  /** The middle one of what the rounds say: both of a round have the same noise around them. */
  timesPlainLoop: number;
  hitsPerAlert: number;
}

/**
 * The matcher against a loop over the same rules as closures, by turns in the same rounds, in processor time,
 * which other work on the machine changes less than the time on the wall. `fresh` gives alerts whose texts nobody has touched, because texts that were asked before are faster to
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
  const ratios: number[] = [];
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const turns = round % 2 === 0 ? [ours, plain] : [plain, ours];
    for (const contender of turns) {
      const subjects = fresh(contender.count);
      // What reading the alerts left behind is not swept at the cost of what is measured.
      collectGarbage();
      contender.run(subjects);
    }
    if (round < WARM_UP) continue;
    ours.keepBest();
    plain.keepBest();
    ratios.push(ours.rate / plain.rate);
  }
  return {
    alertsPerSecond: ours.best,
    plainAlertsPerSecond: plain.best,
    timesPlainLoop: middle(ratios),
    hitsPerAlert: ours.hitsPerAlert,
  };
}

/** One way to match, how fast it was in the last round and at best, and how many alerts it is given in the next. */
class Contender {
  rate = 0;
  best = 0;
  hitsPerAlert = 0;
  count = ALERTS_MIN;
  private readonly work: (subjects: readonly FieldSubject[]) => number;

  constructor(work: (subjects: readonly FieldSubject[]) => number) {
    this.work = work;
  }

  run(subjects: readonly FieldSubject[]): void {
    const before = process.cpuUsage();
    const hits = this.work(subjects);
    const used = process.cpuUsage(before);
    this.rate = (subjects.length * 1e6) / Math.max(1, used.user + used.system);
    this.count = Math.max(ALERTS_MIN, Math.floor((this.rate * ROUND_MS) / 1000));
    this.hitsPerAlert = hits / subjects.length;
  }

  keepBest(): void {
    this.best = Math.max(this.best, this.rate);
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

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[half - 1 + (sorted.length % 2)], sorted[half]];
  return (low + high) / 2;
}
