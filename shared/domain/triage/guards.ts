import type { NormalisedAlert } from '../../model/alert.ts';
import type { Enrichment } from '../../model/lists.ts';
import type { Severity } from '../../model/vocabulary.ts';
import { percent } from '../assurance/say-rate.ts';
import type { EntityScope } from '../rules/entity-scope.ts';
import type { RuleDocument } from '../rules/rule-document.ts';

/** What audits must have shown of a rule before it touches high severity. Not adjustable, like all of this file. */
const HIGH_RATE_MAX = 0.002;

/** What a guard has to know of a rule. Drill and canary marks are deliberately not among it. */
export interface GuardedRule {
  document: Pick<RuleDocument, 'status' | 'approvedBy' | 'secondApprovedBy' | 'owner'> & {
    assurance?: RuleDocument['assurance'];
  };
  namesSourceRule: boolean;
  entityScope: EntityScope;
}

/**
 * The guards that no rule can pass, whatever it says: what a machine may not close, suppress or lower. The sentence
 * says why; null when nothing stands against it. A severity that the product did not give is treated as high,
 * because unknown is not low. `severity` is what counts, and `claimed` what the product said where two people corrected
 * it: they judge a source rule and not what it may hit, so that a correction opens no target that is known to be valuable.
 */
export function guardAgainstClosing(
  rule: GuardedRule,
  alert: Pick<NormalisedAlert, 'severity' | 'cves'> & { claimed?: Severity },
  enrichment: Enrichment,
): string | null {
  if (alert.severity === 'critical') return 'critical alerts are never closed, suppressed or lowered by a rule';
  if (!isHigh(alert.severity)) {
    const known = isHigh(alert.claimed ?? alert.severity) ? knownValuable(enrichment) : null;
    return known === null ? null : `what its product claims as high on ${known} is never closed or lowered by a rule`;
  }
  const severity = alert.severity === 'high' ? 'high severity' : 'unknown severity, which counts as high,';
  const target = valuableTarget(alert, enrichment);
  if (target !== null) return `${severity} on ${target} is never closed, suppressed or lowered by a rule`;
  const [gap] = highSeverityGaps(rule);
  return gap === undefined ? null : `${severity} is only closed, suppressed or lowered by ${gap}`;
}

/**
 * What a rule lacks before it may touch high severity on an ordinary target, in the order in which people come to it:
 * it names the source rule, it is about named things, two people besides its owner approved it, and audits show at most
 * 0.2 %. Empty when it lacks nothing. A bound that nobody asked for shows nothing.
 */
export function highSeverityGaps(rule: GuardedRule): string[] {
  const { document, namesSourceRule, entityScope } = rule;
  const gaps: string[] = [];
  if (!namesSourceRule) gaps.push("a rule that names the source rule's id (rule.id)");
  if (!entityScope.isScoped) gaps.push(`a rule about named things, and this one is not: ${entityScope.why}`);
  const approval = guardSecondApproval(document);
  if (approval !== null) gaps.push(`a rule that two people besides its owner approved: ${approval}`);
  if (document.status !== 'certified') gaps.push(`a certified rule, and this one is ${document.status}`);
  const bound = document.assurance?.bound ?? 1;
  if (bound > HIGH_RATE_MAX) {
    const known = bound < 1 ? `this one's show at most ${percent(bound)}` : 'of this one nothing is known yet';
    gaps.push(`a rule whose audits show at most ${percent(HIGH_RATE_MAX)} false closes, and ${known}`);
  }
  return gaps;
}

/** A person other than the owner must have approved what acts. Null when one has. */
export function guardApproval(rule: GuardedRule): string | null {
  const { approvedBy, owner } = rule.document;
  if (approvedBy === null) return 'nobody has approved this rule';
  if (isSame(approvedBy, owner)) return `its owner ${owner} approved it, and a second person must`;
  return null;
}

/** For high severity, somebody besides the owner and the first approver. Null when there is one. */
function guardSecondApproval({
  approvedBy,
  secondApprovedBy,
  owner,
}: Pick<RuleDocument, 'approvedBy' | 'secondApprovedBy' | 'owner'>): string | null {
  if (approvedBy === null || isSame(approvedBy, owner)) return 'the first approval is missing';
  if (secondApprovedBy === null) return 'the second approval is missing';
  if (isSame(secondApprovedBy, owner)) return `its owner ${owner} gave the second approval`;
  if (isSame(secondApprovedBy, approvedBy)) return `${approvedBy} gave both approvals`;
  return null;
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function isHigh(severity: Severity): boolean {
  return severity === 'critical' || severity === 'high' || severity === 'unknown';
}

function valuableTarget(alert: Pick<NormalisedAlert, 'cves'>, enrichment: Enrichment): string | null {
  const known = knownValuable(enrichment);
  if (known !== null) return known;
  if (alert.cves.length > 0 && enrichment.knownExploited === null) return 'a vulnerability of which nothing is known';
  if (enrichment.hostCriticality === null || enrichment.hasUnknownHost === true) return 'an unknown asset';
  return null;
}

function knownValuable(enrichment: Enrichment): string | null {
  if (enrichment.hostCriticality === 'crown_jewel') return 'a crown jewel';
  if (enrichment.userTier0 === true) return 'a tier 0 identity';
  if (enrichment.knownExploited === true) return 'a vulnerability that is known to be exploited';
  return null;
}
