import { isClosingRule, type RuleDocument } from '../rules/rule-document.ts';
import type { RuleProblem } from '../rules/rule-problem.ts';
import { DRAFT_RATIONALE } from './draft-rule.ts';
import type { TriagePolicy } from './triage-policy.ts';

const DAY_MS = 86_400_000;
const START = { line: 1, column: 1 };

/** A rule acts through the whole of its last day (UTC). */
export function isExpired(expires: string | null, nowMs: number): boolean {
  return expires !== null && nowMs >= Date.parse(`${expires}T00:00:00Z`) + DAY_MS;
}

/**
 * What the life of a rule demands beyond its grammar, as of `nowMs`: expiry, owner and rationale of rules that
 * close, approval by a second person of rules that act. Errors keep the rule from being loaded.
 */
export function checkRuleLife(rule: RuleDocument, policy: TriagePolicy, nowMs: number): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const add = (level: RuleProblem['level'], key: string, message: string): void => {
    problems.push({ level, ...(rule.places.get(key) ?? START), message });
  };
  checkExpiry(rule, policy, nowMs, add);
  const isActing = rule.status === 'provisional' || rule.status === 'certified';
  if (isActing && rule.approvedBy === null) {
    add('error', 'status', `A ${rule.status} rule needs "approvedBy": a second person who read its backtest.`);
  }
  if (rule.rationale.trim() === DRAFT_RATIONALE) {
    add('warning', 'rationale', 'This is what every new draft says. Write why it is safe: it is not proposed before.');
  }
  if (rule.status === 'certified') {
    add('warning', 'status', 'Only audits certify a rule: it begins as provisional. Write that.');
  }
  if (rule.approvedBy !== null && isSameName(rule.approvedBy, rule.owner)) {
    add('error', 'approvedBy', '"approvedBy" must be another person than "owner".');
  }
  const { secondApprovedBy } = rule;
  const others = [rule.owner, ...(rule.approvedBy === null ? [] : [rule.approvedBy])];
  if (secondApprovedBy !== null && others.some((name) => isSameName(name, secondApprovedBy))) {
    add('error', 'secondApprovedBy', '"secondApprovedBy" must be another person than "owner" and "approvedBy".');
  }
  const closings = rule.actions.filter((action) => 'close' in action);
  if (closings.length > 1) add('error', 'actions', 'A rule closes an alert once. Keep one "close".');
  if (closings.length > 0 && rule.actions.some((action) => 'escalate' in action)) {
    add('error', 'actions', 'A rule cannot close an alert and escalate it. Keep one of them.');
  }
  return problems;
}

function isSameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function checkExpiry(
  rule: RuleDocument,
  policy: TriagePolicy,
  nowMs: number,
  add: (level: RuleProblem['level'], key: string, message: string) => void,
): void {
  if (rule.expires === null) {
    if (isClosingRule(rule))
      add('error', 'actions', 'A rule that closes needs "expires", for example "expires: 2027-02-28".');
    return;
  }
  const expiresMs = Date.parse(`${rule.expires}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March.
  if (!Number.isFinite(expiresMs) || new Date(expiresMs).toISOString().slice(0, 10) !== rule.expires) {
    add('error', 'expires', `There is no day ${rule.expires}.`);
  } else if (isExpired(rule.expires, nowMs)) {
    add('warning', 'expires', `It expired on ${rule.expires} and does nothing. Renew it or remove it.`);
  } else if (isClosingRule(rule) && expiresMs > nowMs + policy.expiryMaxDays * DAY_MS) {
    add(
      'error',
      'expires',
      `A rule that closes runs at most ${policy.expiryMaxDays} days. Choose an earlier "expires".`,
    );
  }
}
