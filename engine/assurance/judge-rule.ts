import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import type { FamilyMember } from '../../shared/domain/assurance/family.ts';
import { type Sensitivity, sensitivityOf } from '../../shared/domain/assurance/label-noise.ts';
import { stabilityIndex } from '../../shared/domain/assurance/population-stability.ts';
import {
  type AuditReading,
  evidenceOf,
  type RuleEvidence,
  totalOf,
} from '../../shared/domain/assurance/rule-evidence.ts';
import type { Stratum } from '../../shared/domain/assurance/sampling-plan.ts';
import { type AssuranceState, type Verdict, verdictOf } from '../../shared/domain/assurance/verdict.ts';
import { severityRank } from '../../shared/model/vocabulary.ts';
import type { CommandContext } from '../handlers.ts';
import { auditCounts, readingsOfRule } from '../store/audits.ts';
import { canaryCounts } from '../store/canaries.ts';
import {
  closuresSinceDay,
  listRuleAssurance,
  type RuleAssuranceRow,
  savePoint,
  saveRuleAssurance,
} from '../store/rule-assurance.ts';
import { ruleVersion, setRuleStatus } from '../store/rule-life.ts';
import { insertSuspension } from '../store/rule-suspensions.ts';
import type { Read } from '../store/store.ts';

const DAY_MS = 86_400_000;
const HIGH = severityRank('high');
/** Known true positives of so many days tell how well the team's auditors see. */
const SENSITIVITY_DAYS = 180;

/** The readings of a rule's present regime. A suspected miss counts as one until it is refuted. */
export async function evidenceFor(db: Read, row: RuleAssuranceRow, policy: AssurancePolicy): Promise<RuleEvidence> {
  const readings = await readingsOfRule(db, row.rule_id, row.rule_version, row.regime_since_ms);
  return evidenceOf(
    readings.map(({ stratum, severity, outcome, truth }): AuditReading => {
      const isMiss = outcome === 'missed' && truth !== 'refuted';
      return { stratum: stratum as Stratum, isMiss, isSevere: severity >= HIGH && truth === 'confirmed' };
    }),
    policy,
  );
}

/** How well auditors see true positives, from the known ones that were mixed in. */
export async function teamSensitivity(db: Read, nowMs: number): Promise<Sensitivity> {
  const known = (await auditCounts(db, nowMs - SENSITIVITY_DAYS * DAY_MS)).filter(({ kind }) => kind === 'known');
  const of = (outcome: string): number =>
    known.filter((each) => each.outcome === outcome).reduce((sum, each) => sum + each.n, 0);
  return sensitivityOf({ shown: of('right') + of('missed'), seen: of('missed') });
}

export interface JudgedRule {
  ruleId: string;
  verdict: Verdict;
  /** Whether it may do more or less than before. */
  changesTriage: boolean;
}

/**
 * Looks at every rule that has something new and does what the verdict says: certificate, stop, or nothing. Both are in
 * the ledger; triage must read its rules again when `changesTriage` says so.
 */
export async function judgeRules(
  context: CommandContext,
  policy: AssurancePolicy,
  only: ReadonlySet<string> | null = null,
): Promise<JudgedRule[]> {
  const { tx, nowMs } = context;
  const rows = await listRuleAssurance(tx);
  const asked = rows.filter((row) => (only === null ? row.is_dirty === 1 : only.has(row.rule_id)));
  if (asked.length === 0) return [];
  const sensitivity = (await teamSensitivity(tx, nowMs)).value;
  const canaries = await canaryCounts(tx, 0);
  const judged: JudgedRule[] = [];
  for (const row of asked) {
    const evidence = await evidenceFor(tx, row, policy);
    const verdict = verdictOf(
      {
        state: row.state as AssuranceState,
        evidence,
        closures: closuresOf(row),
        maxFalseCloseRate: row.max_false_close_rate,
        sensitivity,
        canaries: canariesOf(
          row.rule_id,
          canaries.filter(({ plantedAtMs }) => plantedAtMs >= row.regime_since_ms),
        ),
        driftSinceMs: row.drift_since_ms,
        family: await familyOfRule(tx, row, rows, policy),
        nowMs,
      },
      policy,
    );
    if (await keepVerdict(context, row, evidence, verdict)) context.touch('rule');
    const wasForHigh = row.bound <= policy.maxFalseCloseRateHigher;
    const isForHigh = verdict.bound <= policy.maxFalseCloseRateHigher;
    judged.push({
      ruleId: row.rule_id,
      verdict,
      changesTriage: verdict.state !== row.state || wasForHigh !== isForHigh,
    });
  }
  return judged;
}

function closuresOf(row: RuleAssuranceRow) {
  return { usual: row.closed_usual, near: row.closed_near, novel: row.closed_novel };
}

function canariesOf(ruleId: string, all: readonly { ruleId: string; closingRuleId: string | null }[]) {
  // One that another rule's scope was meant for counts against whichever rule would have closed it.
  const closed = all.filter(({ closingRuleId }) => closingRuleId === ruleId).length;
  const shown = all.filter((each) => each.ruleId === ruleId || each.closingRuleId === ruleId).length;
  return { shown, closed };
}

async function familyOfRule(
  db: Read,
  row: RuleAssuranceRow,
  rows: readonly RuleAssuranceRow[],
  policy: AssurancePolicy,
): Promise<FamilyMember[]> {
  if (row.family === null) return [];
  const members = rows.filter((each) => each.family === row.family && each.state !== 'suspended');
  return Promise.all(
    members.map(async (each) => ({
      ruleId: each.rule_id,
      evidence: await evidenceFor(db, each, policy),
      closures: closuresOf(each),
    })),
  );
}

/** Answers whether anything is other than before. */
async function keepVerdict(
  context: CommandContext,
  row: RuleAssuranceRow,
  evidence: RuleEvidence,
  verdict: Verdict,
): Promise<boolean> {
  const { tx, nowMs } = context;
  const { audited, misses } = totalOf(evidence);
  const after: RuleAssuranceRow = {
    ...row,
    state: verdict.state,
    audited,
    misses,
    severe_misses: evidence.severeMisses,
    cusum: evidence.cusum,
    bound: verdict.bound,
    bound_from: verdict.boundBy,
    reasons_json: JSON.stringify(verdict.reasons),
    missing_json: JSON.stringify(verdict.missing),
    is_dirty: 0,
  };
  await saveRuleAssurance(tx, after);
  const day = Math.floor(nowMs / DAY_MS);
  await savePoint(tx, { rule_id: row.rule_id, day, bound: verdict.bound, audited, misses });
  if (verdict.trigger !== null) await stopRule(context, row, { ...verdict, trigger: verdict.trigger });
  else if (verdict.state === 'certified' && row.state === 'provisional') await certifyRule(context, row, verdict);
  return JSON.stringify({ ...row, is_dirty: 0 }) !== JSON.stringify(after);
}

/** A rule on trial has proven itself: the limits of a trial are over. A status that a person set otherwise stays. */
async function certifyRule(context: CommandContext, row: RuleAssuranceRow, verdict: Verdict): Promise<void> {
  const { tx, nowMs } = context;
  const version = await ruleVersion(tx, row.rule_id, row.rule_version);
  if (version?.status !== 'provisional') return;
  const reason = verdict.reasons.join(' ');
  await setRuleStatus(tx, row.rule_id, row.rule_version, { status: 'certified', reason }, nowMs);
  const summary = `“${version.title}” (version ${row.rule_version}) was certified: ${reason}`;
  await context.record({ kind: 'assurance.certify', statement: null, summary, subjects: [] });
}

/** Takes a rule its right to close, in the log, the ledger and the feed. */
async function stopRule(
  context: CommandContext,
  row: Pick<RuleAssuranceRow, 'rule_id' | 'rule_version'>,
  verdict: Pick<Verdict, 'reasons' | 'reopens' | 'state'> & { trigger: string },
): Promise<void> {
  const reason = verdict.reasons.join(' ');
  const { bulk_id } = await insertSuspension(context.tx, {
    rule_id: row.rule_id,
    rule_version: row.rule_version,
    kind: verdict.state,
    cause: verdict.trigger,
    reason,
    at_ms: context.nowMs,
    reopens: verdict.reopens ? 1 : 0,
  });
  const status = verdict.state === 'suspended' ? 'suspended' : 'shadow';
  await setRuleStatus(context.tx, row.rule_id, row.rule_version, { status, reason }, context.nowMs);
  const summary = `Rule ${row.rule_id} (version ${row.rule_version}) was stopped: ${reason} (${bulk_id})`;
  await context.record({ kind: 'assurance.suspend', statement: null, summary, subjects: [] });
}

/** Sees for each rule whether what it closes has changed, and marks those in which that changed for a new verdict. */
export async function watchDrift(context: CommandContext, policy: AssurancePolicy): Promise<number> {
  const { tx, nowMs } = context;
  const today = Math.floor(nowMs / DAY_MS);
  const { referenceDays, recentDays } = policy.drift;
  const counts = await closuresSinceDay(tx, today - referenceDays - recentDays);
  let changed = 0;
  for (const row of await listRuleAssurance(tx)) {
    const own = counts.filter(({ rule_id }) => rule_id === row.rule_id);
    const binsOf = (isRecent: boolean): number[] => {
      const bins = new Array<number>(10).fill(0);
      for (const { day, bin, closed } of own) {
        if (day > today - recentDays === isRecent) bins[bin] = (bins[bin] ?? 0) + closed;
      }
      return bins;
    };
    const hasDrifted = stabilityIndex(binsOf(false), binsOf(true))?.hasDrifted ?? false;
    if (hasDrifted === (row.drift_since_ms !== null)) continue;
    await saveRuleAssurance(tx, { ...row, drift_since_ms: hasDrifted ? nowMs : null, is_dirty: 1 });
    changed += 1;
  }
  if (changed > 0) context.touch('rule');
  return changed;
}
