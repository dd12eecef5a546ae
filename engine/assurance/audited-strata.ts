import type { AuditedClosures } from '../../shared/domain/assurance/error-rates.ts';
import { STRATA } from '../../shared/domain/assurance/sampling-plan.ts';
import { readingsByStratum } from '../store/audits.ts';
import type { RuleAssuranceRow } from '../store/rule-assurance.ts';
import type { Read } from '../store/store.ts';

/** What was closed and audited in the present regime of each rule, by the stratum in which it was drawn. */
export async function auditedStrata(
  db: Read,
  rows: readonly RuleAssuranceRow[],
): Promise<ReadonlyMap<string, readonly AuditedClosures[]>> {
  const readings = await readingsByStratum(db);
  return new Map(
    rows.map((row) => [
      row.rule_id,
      STRATA.map((stratum) => {
        const own = readings.filter((each) => each.ruleId === row.rule_id && each.stratum === stratum);
        const sum = (some: typeof own): number => some.reduce((total, { n }) => total + n, 0);
        // A suspected miss counts as one until it is refuted.
        const missed = own.filter(({ outcome, truth }) => outcome === 'missed' && truth !== 'refuted');
        return { closed: row[`closed_${stratum}`], audited: sum(own), misses: sum(missed) };
      }),
    ]),
  );
}
