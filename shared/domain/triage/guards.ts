import type { NormalisedAlert } from '../../model/alert.ts';
import type { Enrichment } from '../../model/lists.ts';
import { percent } from '../assurance/say-rate.ts';
import type { RuleDocument } from '../rules/rule-document.ts';

/** What audits must have shown of a rule before it touches high severity. Not adjustable, like all of this file. */
const HIGH_RATE_MAX = 0.002;

/** What a guard has to know of a rule. Drill and canary marks are deliberately not among it. */
export interface GuardedRule {
  document: Pick<RuleDocument, 'status' | 'approvedBy' | 'owner'> & { assurance?: RuleDocument['assurance'] };
  namesSourceRule: boolean;
}

/**
 * The guards that no rule can pass, whatever it says: what a machine may not close, suppress or lower. The sentence
 * says why; null when nothing stands against it. A severity that the product did not give is treated as high,
 * because unknown is not low.
 */
export function guardAgainstClosing(
  rule: GuardedRule,
  alert: Pick<NormalisedAlert, 'severity' | 'cves'>,
  enrichment: Enrichment,
): string | null {
  if (alert.severity === 'critical') return 'critical alerts are never closed, suppressed or lowered by a rule';
  if (alert.severity !== 'high' && alert.severity !== 'unknown') return null;
  const severity = alert.severity === 'high' ? 'high severity' : 'unknown severity, which counts as high,';
  const target = valuableTarget(alert, enrichment);
  if (target !== null) return `${severity} on ${target} is never closed, suppressed or lowered by a rule`;
  if (rule.document.status !== 'certified') {
    return `${severity} is only closed, suppressed or lowered by a certified rule, and this one is ${rule.document.status}`;
  }
  if (!rule.namesSourceRule) {
    return `${severity} is only closed, suppressed or lowered by a rule that names the source rule's id (rule.id)`;
  }
  const bound = rule.document.assurance?.bound;
  if (bound !== undefined && bound > HIGH_RATE_MAX) {
    return `${severity} is only closed, suppressed or lowered by a rule whose audits show at most ${percent(HIGH_RATE_MAX)} false closes, and this one's show ${percent(bound)}`;
  }
  return null;
}

/** A person other than the owner must have approved what acts. Null when one has. */
export function guardApproval(rule: GuardedRule): string | null {
  const { approvedBy, owner } = rule.document;
  if (approvedBy === null) return 'nobody has approved this rule';
  if (approvedBy.trim().toLowerCase() === owner.trim().toLowerCase()) {
    return `its owner ${owner} approved it, and a second person must`;
  }
  return null;
}

function valuableTarget(alert: Pick<NormalisedAlert, 'cves'>, enrichment: Enrichment): string | null {
  if (enrichment.hostCriticality === 'crown_jewel') return 'a crown jewel';
  if (enrichment.userTier0 === true) return 'a tier 0 identity';
  if (enrichment.knownExploited === true) return 'a vulnerability that is known to be exploited';
  if (alert.cves.length > 0 && enrichment.knownExploited === null) return 'a vulnerability of which nothing is known';
  if (enrichment.hostCriticality === null || enrichment.hasUnknownHost === true) return 'an unknown asset';
  return null;
}
