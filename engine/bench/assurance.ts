import { clopperPearsonUpper } from '../../shared/domain/assurance/clopper-pearson.ts';
import { ASSUMED_SENSITIVITY } from '../../shared/domain/assurance/label-noise.ts';
import { type SeededRandom, seededRandom } from '../sample/random.ts';
import type { BenchResult } from './bench-result.ts';
import { certifiedRules, meanAuditsToSuspend, wrongCertificates } from './simulate-assurance.ts';

export interface BenchAssuranceOptions {
  runs?: number;
  seed?: string;
}

const RUNS = 2_000;
const AUDITS = 5_000;
const DESK = { rules: 60, closuresPerRule: 1_500, byPeople: 60_000, falseCloseRate: 0.0005, prevalence: 0.05 };
const FIXED_LIMIT = 0.01;
const FIRST_LOOK = 299;
const LOOK_EVERY = 25;
const FIXED_AUDITS = 1_750;

/**
 * How well assurance keeps its word, on seeded runs: how often it certifies a rule at the limit while somebody looks after
 * each audit, how soon it suspends a rule gone bad and a good one, what it certifies when labels mean nothing. The
 * peer is a bound for one look at a sample of fixed size, looked at again and again as people do.
 */
export async function benchAssurance({
  runs = RUNS,
  seed = 'bench',
}: BenchAssuranceOptions = {}): Promise<BenchResult<number>> {
  const random = seededRandom(`assurance/${seed}`);
  const noisy = { runs, audits: AUDITS, sensitivity: ASSUMED_SENSITIVITY };
  const certified = certifiedRules(random.fork('labels'), DESK);
  return {
    name: 'assurance',
    metrics: {
      wrongCertificateShare: wrongCertificates(random.fork('limit'), noisy),
      meanAuditsToSuspendAt1pct: Math.round(meanAuditsToSuspend(random.fork('bad'), 0.01, runs)),
      meanAuditsToSuspendAt2pct: Math.round(meanAuditsToSuspend(random.fork('worse'), 0.02, runs)),
      meanAuditsToSuspendAt0_2pct: Math.round(meanAuditsToSuspend(random.fork('good'), 0.002, runs)),
      certifiedWithShuffledLabels: certified.shuffled,
      certifiedWithTrueLabels: certified.trueLabels,
    },
    peers: { clopperPearson: { wrongCertificateShare: wrongWhenPeeking(random.fork('fixed'), runs) } },
  };
}

/** The share of runs in which the bound for one look wrongly shows 1 % at one of 59 looks. */
export function wrongWhenPeeking(random: SeededRandom, runs: number): number {
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) {
    let misses = 0;
    for (let audited = 1; audited <= FIXED_AUDITS; audited += 1) {
      if (random.next() < FIXED_LIMIT) misses += 1;
      if (audited < FIRST_LOOK || (audited - FIRST_LOOK) % LOOK_EVERY !== 0) continue;
      if (clopperPearsonUpper(misses, audited) > FIXED_LIMIT) continue;
      wrong += 1;
      break;
    }
  }
  return wrong / runs;
}
