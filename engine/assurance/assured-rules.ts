import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { familyOf } from '../../shared/domain/assurance/family.ts';
import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import { isClosingRule } from '../../shared/domain/rules/rule-document.ts';
import type { RuleAction } from '../../shared/model/rule.ts';
import { severityRank } from '../../shared/model/vocabulary.ts';
import { listRuleAssurance, type RuleAssuranceRow, saveRuleAssurance } from '../store/rule-assurance.ts';
import { setRuleStatus } from '../store/rule-life.ts';
import { standingSuspension } from '../store/rule-suspensions.ts';
import { actionsInForce, versionsOfRule } from '../store/rule-versions.ts';
import type { Write } from '../store/store.ts';

const MEDIUM = severityRank('medium');

/**
 * Gives each rule in force that closes a line of its own, and a new version a new regime: what was shown of another text
 * shows nothing of this one. A stop outlives a new version. Answers how many lines changed.
 */
export async function refreshAssuredRules(tx: Write, policy: AssurancePolicy, nowMs: number): Promise<number> {
  const known = new Map((await listRuleAssurance(tx)).map((row) => [row.rule_id, row]));
  let changed = 0;
  for (const version of await actionsInForce(tx)) {
    const before = known.get(version.rule_id);
    const actions = JSON.parse(version.actions_json) as RuleAction[];
    if (before?.rule_version === version.version || !isClosingRule({ actions })) continue;
    const stored = await versionsOfRule(tx, version.rule_id);
    const text = stored.find((row) => row.version === version.version)?.document;
    const rule = text === undefined ? null : parseRule(text).rule;
    if (rule === null) continue;
    const limit = rule.assurance.maxFalseCloseRate ?? policy.maxFalseCloseRateLow;
    const isStopped = before?.state === 'suspended' || before?.state === 'shadow';
    const stop = isStopped ? await standingSuspension(tx, version.rule_id) : null;
    if (stop !== null && (version.status === 'provisional' || version.status === 'certified')) {
      const reason = `An earlier version was stopped: ${stop.reason} Re-arm the rule before this one acts.`;
      const status = stop.kind === 'suspended' ? 'suspended' : 'shadow';
      await setRuleStatus(tx, version.rule_id, version.version, { status, reason }, nowMs);
    }
    await saveRuleAssurance(tx, {
      ...newLine(version.rule_id, version.version, nowMs),
      family: familyOf(rule.tags),
      max_false_close_rate: limit,
      state: isStopped ? before.state : 'provisional',
    });
    changed += 1;
  }
  return changed;
}

/** The limit once a rule closes something of medium severity or above: a rule that asks for less keeps it. */
export function limitAt(severity: number, limit: number, policy: AssurancePolicy): number {
  const isHigher = severity >= MEDIUM || severity === severityRank('unknown');
  return isHigher ? Math.min(limit, policy.maxFalseCloseRateHigher) : limit;
}

/** A rule of which nothing is known yet: all of what it closes is looked at, as far as the budget goes. */
export function newLine(ruleId: string, version: number, nowMs: number): RuleAssuranceRow {
  return {
    rule_id: ruleId,
    rule_version: version,
    family: null,
    state: 'provisional',
    regime_since_ms: nowMs,
    closed_usual: 0,
    closed_near: 0,
    closed_novel: 0,
    audited: 0,
    misses: 0,
    severe_misses: 0,
    cusum: 0,
    max_false_close_rate: 1,
    bound: 1,
    bound_from: 'own',
    usual_rate: 1,
    rate_why: 'its first closures are all looked at',
    reasons_json: '[]',
    missing_json: '[]',
    drift_since_ms: null,
    is_dirty: 1,
  };
}
