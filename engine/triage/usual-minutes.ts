import { classMedians, minutesOfClass } from '../../shared/domain/strain/class-minutes.ts';
import { handlingClass } from '../../shared/domain/strain/handling-class.ts';
import type { StrainPolicy } from '../../shared/model/policy.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import { handlingSamples } from '../store/people-work.ts';
import type { Read } from '../store/store.ts';

const DAY_MS = 86_400_000;
const MINUTES_DAYS = 90;

/** Severity and product of groups: what handling time is known by. */
export interface GroupClass {
  /** Rank. */
  severity: number;
  product: string;
}

/** Minutes that people usually spend on one item of each class: the team's median, or the default of its severity. */
export async function usualMinutes(
  db: Read,
  classes: readonly GroupClass[],
  policy: StrainPolicy,
  nowMs: number,
): Promise<(of: GroupClass) => number> {
  const nameOf = ({ severity, product }: GroupClass) => handlingClass(severityOfRank(severity), product);
  const names = [...new Set(classes.map(nameOf))];
  const samples = await handlingSamples(db, names, Math.floor(nowMs / DAY_MS) - MINUTES_DAYS);
  const medians = classMedians(samples, policy);
  return (of) => minutesOfClass(nameOf(of), severityOfRank(of.severity), medians, policy).minutes;
}
