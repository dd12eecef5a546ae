import type { StrainPolicy } from '../../shared/model/policy.ts';
import type { OutputOf } from '../handlers.ts';
import { closedByPeopleSince, sourceRuleNames } from '../store/rule-life.ts';
import type { Read } from '../store/store.ts';
import { usualMinutes } from './usual-minutes.ts';

const SHOWN = 10;

type Noisy = OutputOf<'rules', 'noise'>[number];

/**
 * The rules of products that cost people most minutes with fewest true positives, ten at most: the minutes of what was
 * decided otherwise stand for what could be saved. Minutes are the usual ones of each class, not anybody's own.
 */
export async function noisyRules(db: Read, sinceMs: number, policy: StrainPolicy, nowMs: number): Promise<Noisy[]> {
  const rows = await closedByPeopleSince(db, sinceMs);
  const minutesOf = await usualMinutes(db, rows, policy, nowMs);
  const names = await sourceRuleNames(db, [...new Set(rows.map(({ sourceRuleId }) => sourceRuleId))]);
  const noisy = [...Map.groupBy(rows, ({ sourceRuleId }) => sourceRuleId)].map(
    ([id, own]): Noisy & { waste: number } => {
      const sum = (of: (row: (typeof own)[number]) => number) => own.reduce((total, row) => total + of(row), 0);
      const isTrue = ({ disposition }: (typeof own)[number]) => disposition === 'true_positive';
      return {
        product: own[0]?.product ?? '',
        ruleId: names.get(id)?.rule_id ?? '',
        name: names.get(id)?.name ?? '',
        groups: sum(({ groups }) => groups),
        alerts: sum(({ alerts }) => alerts),
        minutes: sum((row) => row.groups * minutesOf(row)),
        truePositives: sum((row) => (isTrue(row) ? row.groups : 0)),
        decided: sum((row) => (row.disposition === null ? 0 : row.groups)),
        exampleGroupId: Math.max(...own.map(({ newestGroupId }) => newestGroupId)),
        waste: sum((row) => (isTrue(row) ? 0 : row.groups * minutesOf(row))),
      };
    },
  );
  return noisy
    .filter(({ waste }) => waste > 0)
    .toSorted((a, b) => b.waste - a.waste || (a.ruleId < b.ruleId ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ waste: _waste, ...shown }) => shown);
}
