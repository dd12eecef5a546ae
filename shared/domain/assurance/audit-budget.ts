import type { AssurancePolicy } from './assurance-policy.ts';
import { type AuditCounts, anytimeUpper } from './confidence-sequence.ts';
import type { ClosuresByStratum } from './rule-evidence.ts';

/** One rule that asks for audits in the coming period. */
export interface BudgetedRule {
  ruleId: string;
  /** Closures that are expected in the period, by stratum. */
  expected: ClosuresByStratum;
  /** Closures of the present regime until now. */
  closedSoFar: number;
  counts: AuditCounts;
  isDrifting: boolean;
}

export interface RuleShare {
  ruleId: string;
  audits: number;
  /** The rate at which usual closures are drawn. */
  usualRate: number;
  why: string;
}

export interface BudgetPlan {
  rules: RuleShare[];
  audits: number;
  minutes: number;
  budgetMinutes: number;
  /** Whether even the least that is owed to each rule goes beyond the budget. */
  isShort: boolean;
}

/** Parts into which what is left after the floors is given out. */
const PORTIONS = 400;

/**
 * Shares the team's audits among rules. First the floor: all of a rule's first closures and a least share of the others;
 * a floor that goes beyond the budget is cut down for all alike and said. The rest goes, portion by portion, to the rule in
 * which it lowers the number of possible false closes most: expected closures times the fall of the bound.
 */
export function planAudits(
  rules: readonly BudgetedRule[],
  rosteredMinutes: number,
  policy: Pick<
    AssurancePolicy,
    'budgetShare' | 'minutesPerAudit' | 'auditShareMin' | 'auditAllFirst' | 'oversample' | 'drift'
  >,
): BudgetPlan {
  const budgetMinutes = rosteredMinutes * policy.budgetShare;
  const affordable = Math.floor(budgetMinutes / policy.minutesPerAudit);
  const wanted = rules.map((rule) => floorOf(rule, policy));
  const owed = wanted.reduce((sum, each) => sum + each, 0);
  const isShort = owed > affordable;
  const cut = isShort ? affordable / owed : 1;
  const given = wanted.map((each) => each * cut);
  if (!isShort) giveOut(rules, given, affordable - owed);
  const shares = rules.map((rule, index) => shareOf(rule, given[index] ?? 0, wanted[index] ?? 0, isShort, policy));
  const audits = given.reduce((sum, each) => sum + each, 0);
  return { rules: shares, audits, minutes: audits * policy.minutesPerAudit, budgetMinutes, isShort };
}

function closuresOf({ expected }: BudgetedRule): number {
  return expected.usual + expected.near + expected.novel;
}

function floorOf(
  rule: BudgetedRule,
  policy: Pick<AssurancePolicy, 'auditShareMin' | 'auditAllFirst' | 'drift'>,
): number {
  const closures = closuresOf(rule);
  const first = Math.min(closures, Math.max(0, policy.auditAllFirst - rule.closedSoFar));
  const factor = rule.isDrifting ? policy.drift.auditFactor : 1;
  return Math.min(closures, first + (closures - first) * policy.auditShareMin * factor);
}

function giveOut(rules: readonly BudgetedRule[], given: number[], rest: number): void {
  const portion = Math.max(1, rest / PORTIONS);
  const gains = rules.map((rule, index) => gainOf(rule, given[index] ?? 0, portion));
  for (let left = rest; left >= 1; left -= portion) {
    let best = -1;
    gains.forEach((gain, index) => {
      if (gain > 0 && (best < 0 || gain > (gains[best] ?? 0))) best = index;
    });
    const rule = rules[best];
    if (rule === undefined) return;
    given[best] = Math.min(closuresOf(rule), (given[best] ?? 0) + Math.min(portion, left));
    gains[best] = gainOf(rule, given[best] ?? 0, portion);
  }
}

/** How many possible false closes fewer a portion leaves; nothing once all closures are audited. */
function gainOf(rule: BudgetedRule, given: number, portion: number): number {
  const closures = closuresOf(rule);
  if (given >= closures) return 0;
  const { audited, misses } = rule.counts;
  // Further audits are taken to go as those before did.
  const rate = misses / Math.max(1, audited);
  const boundAt = (audits: number): number =>
    anytimeUpper({ audited: audited + audits, misses: misses + audits * rate });
  return closures * (boundAt(given) - boundAt(Math.min(closures, given + portion)));
}

function shareOf(
  rule: BudgetedRule,
  audits: number,
  floor: number,
  isShort: boolean,
  policy: Pick<AssurancePolicy, 'oversample'>,
): RuleShare {
  const { usual, near, novel } = rule.expected;
  const closures = usual + near + novel;
  const usualRate = closures === 0 ? 1 : usualRateFor(audits, usual, near + novel, policy.oversample);
  const often =
    closures === 0 ? 'nothing is expected' : `${Math.round(audits)} of about ${Math.round(closures)} closures`;
  const why = isShort
    ? `${often}: the budget does not cover the ${Math.ceil(floor)} that are owed to it`
    : audits > floor
      ? `${often}: more than the ${Math.ceil(floor)} owed to it, because they tighten its bound`
      : `${often}: the least that is owed to it`;
  return { ruleId: rule.ruleId, audits, usualRate, why };
}

/** The rate of usual closures at which so many audits come out when the others are drawn more often, up to all. */
function usualRateFor(audits: number, usual: number, others: number, oversample: number): number {
  const rate = audits / (usual + others * oversample);
  if (rate * oversample <= 1) return Math.min(1, rate);
  return usual === 0 ? 1 : Math.min(1, Math.max(1 / oversample, (audits - others) / usual));
}
