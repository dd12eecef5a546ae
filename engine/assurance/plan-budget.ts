import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { type BudgetedRule, planAudits } from '../../shared/domain/assurance/audit-budget.ts';
import { listDuties, listPeople } from '../store/people.ts';
import {
  alertsClosedSinceDay,
  closuresSinceDay,
  listRuleAssurance,
  type RuleAssuranceRow,
  saveRuleAssurance,
} from '../store/rule-assurance.ts';
import type { Read, Write } from '../store/store.ts';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** Where no rota is known. */
const WEEK_MINUTES = 40 * 60;

export interface WeekBudget {
  rosteredMinutes: number;
  minutes: number;
  /** Audits of closures by rules in a week, after what is mixed in and read twice. */
  audits: number;
  isShort: boolean;
  /** True where no rota is known and 40 hours a person were taken. */
  isAssumed: boolean;
}

/** Minutes on the rota in the week before now, or what is assumed where there is none. */
export async function rosteredWeek(db: Read, nowMs: number): Promise<{ minutes: number; isAssumed: boolean }> {
  const fromMs = nowMs - WEEK_DAYS * DAY_MS;
  const duties = (await listDuties(db, fromMs, nowMs)).filter(({ kind }) => kind === 'shift');
  if (duties.length === 0) return { minutes: (await listPeople(db)).length * WEEK_MINUTES, isAssumed: true };
  const minutes = duties.reduce(
    (sum, duty) => sum + (Math.min(duty.endsAtMs, nowMs) - Math.max(duty.startsAtMs, fromMs)) / 60_000,
    0,
  );
  return { minutes, isAssumed: false };
}

/** Each audit of a closure by a rule brings so many other readings with it. */
export function readingsPerAudit(policy: AssurancePolicy): number {
  return 1 + (policy.mix.byPeoplePer100 + policy.mix.knownPer100) / 100 + policy.secondReaderShare;
}

/** Shares the week's audits among the rules and writes the rate of each. */
export async function planWeek(tx: Write, policy: AssurancePolicy, nowMs: number): Promise<WeekBudget> {
  const { minutes, isAssumed } = await rosteredWeek(tx, nowMs);
  const rows = (await listRuleAssurance(tx)).filter(({ state }) => state === 'provisional' || state === 'certified');
  const day = Math.floor(nowMs / DAY_MS) - WEEK_DAYS;
  const counts = await closuresSinceDay(tx, day);
  const alerts = await alertsClosedSinceDay(tx, day);
  const rules = rows.map((row) => budgeted(row, counts, alerts.get(row.rule_id) ?? 0));
  const plan = planAudits(rules, minutes / readingsPerAudit(policy), policy);
  const byId = new Map(rows.map((row) => [row.rule_id, row]));
  for (const { ruleId, usualRate, why } of plan.rules) {
    const row = byId.get(ruleId);
    if (row === undefined || (row.usual_rate === usualRate && row.rate_why === why)) continue;
    await saveRuleAssurance(tx, { ...row, usual_rate: usualRate, rate_why: why });
  }
  return {
    rosteredMinutes: minutes,
    minutes: minutes * policy.budgetShare,
    audits: Math.floor(plan.budgetMinutes / policy.minutesPerAudit),
    isShort: plan.isShort,
    isAssumed,
  };
}

function budgeted(
  row: RuleAssuranceRow,
  counts: readonly { rule_id: string; stratum: string; closed: number }[],
  alerts: number,
): BudgetedRule {
  const own = counts.filter(({ rule_id }) => rule_id === row.rule_id);
  const of = (stratum: string): number =>
    own.filter((each) => each.stratum === stratum).reduce((sum, each) => sum + each.closed, 0);
  const isKnown = own.length > 0;
  return {
    ruleId: row.rule_id,
    expected: { usual: isKnown ? of('usual') : alerts, near: of('near'), novel: of('novel') },
    closedSoFar: row.closed_usual + row.closed_near + row.closed_novel,
    counts: { audited: row.audited, misses: row.misses },
    isDrifting: row.drift_since_ms !== null,
  };
}
