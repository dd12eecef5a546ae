import type { PriorityTerm } from '../../model/priority.ts';
import type { PriorityInput } from './priority.ts';
import type { PriorityPolicy } from './priority-policy.ts';

/** A term before it is put on the scale of points. */
export type Term = Omit<PriorityTerm, 'bits' | 'points'>;

/** log2 of the smallest precision that counts: 2^-10. Below it the points would be negative. */
export const PRECISION_FLOOR_BITS = -10;

/** What a term says when there is nothing to know it by. Precision always has its default. */
export const UNKNOWN_REASONS: Readonly<Record<PriorityTerm['factor'], string>> = {
  precision: 'Unknown: nothing says how many of such alerts are true.',
  asset: 'Unknown: neither the host nor the account is on the asset and identity lists.',
  exploit: 'Unknown: the alert names no CVE.',
  breachPrior: 'Unknown: the alert names no technique that the table of known incidents has.',
  corroboration: 'Unknown: the alert names no entity or no tactic to compare.',
};

function unknown(factor: PriorityTerm['factor']): Term {
  return { factor, value: 1, known: false, reason: UNKNOWN_REASONS[factor] };
}

/** p = (tp + 20·π) / (n + 20), π = (tpFamily + 10·prior(severity)) / (nFamily + 10): a rule's own record, shrunk to its family's. */
export function precisionTerm(input: PriorityInput, policy: PriorityPolicy): Term {
  const prior = policy.precisionPrior[input.severity];
  const family = (input.family.tp + policy.familyShrink * prior) / (input.family.n + policy.familyShrink);
  const precision = (input.rule.tp + policy.ruleShrink * family) / (input.rule.n + policy.ruleShrink);
  return {
    factor: 'precision',
    value: Math.min(1, Math.max(2 ** PRECISION_FLOOR_BITS, precision)),
    known: true,
    reason: precisionReason(input, prior, precision),
  };
}

function precisionReason(input: PriorityInput, prior: number, precision: number): string {
  const share = percent(precision);
  if (input.rule.n > 0) {
    return `${share} of such alerts are expected to be true: people found ${input.rule.tp} of ${input.rule.n} of this rule true, weighed with the product's other ${input.severity} alerts.`;
  }
  if (input.family.n > 0) {
    return `${share} of such alerts are expected to be true: nobody has judged this rule yet; of the product's ${input.severity} alerts people found ${input.family.tp} of ${input.family.n} true.`;
  }
  return `${share} of such alerts are expected to be true: nobody has judged this rule yet, so this is only the default of ${percent(prior)} for ${input.severity} severity.`;
}

/** A: criticality of the host, one step (·2) more when it faces the internet or the identity is tier 0, capped. */
export function assetTerm(input: PriorityInput, policy: PriorityPolicy): Term {
  const raised = [
    ...(input.hostInternetFacing === true ? ['it faces the internet'] : []),
    ...(input.userTier0 === true ? ['the account is tier 0'] : []),
  ];
  if (input.hostCriticality === null && raised.length === 0) return unknown('asset');
  const base = input.hostCriticality === null ? 1 : policy.asset[input.hostCriticality];
  const value = Math.min(policy.assetMax, raised.length > 0 ? base * 2 : base);
  const host =
    input.hostCriticality === null
      ? 'The criticality of the host is unknown'
      : `The host's criticality is ${input.hostCriticality.replace('_', ' ')} (×${number(base)})`;
  const more = raised.length > 0 ? `; ${raised.join(' and ')}, which doubles it to ×${number(value)}` : '';
  return { factor: 'asset', value, known: true, reason: `${host}${more}.` };
}

/** X = 1 + 3·(1 − Π(1 − EPSS)); at least 4 when known to be exploited, 5 when used by ransomware. */
export function exploitTerm(input: PriorityInput, policy: PriorityPolicy): Term {
  const factor = 'exploit';
  if (input.cves.length === 0) return unknown(factor);
  const ids = shortList(input.cves.map((cve) => cve.id));
  const scored = input.cves.filter((cve) => cve.epss !== null);
  const isListed = input.cves.some((cve) => cve.isKnownExploited !== null);
  if (scored.length === 0 && !isListed) {
    return { factor, value: 1, known: false, reason: `Unknown: nothing is known of the exploitation of ${ids}.` };
  }
  const anyExploited = 1 - scored.reduce((none, cve) => none * (1 - (cve.epss ?? 0)), 1);
  let value = 1 + policy.exploit.epssWeight * anyExploited;
  let reason = `${ids}: chance of exploitation within 30 days ${percent(anyExploited)} (EPSS), not known to be exploited.`;
  if (scored.length === 0) reason = `${ids}: not on the list of known exploited vulnerabilities; no EPSS score.`;
  const exploited = input.cves.find((cve) => cve.isKnownExploited === true);
  if (exploited !== undefined) {
    value = Math.max(value, policy.exploit.knownExploitedMin);
    reason = `${exploited.id} is known to be exploited (CISA KEV): at least ×${number(policy.exploit.knownExploitedMin)}.`;
  }
  const ransomware = input.cves.find((cve) => cve.usedByRansomware === true);
  if (ransomware !== undefined) {
    value = policy.exploit.ransomware;
    reason = `${ransomware.id} is known to be used by ransomware (CISA KEV): ×${number(value)}.`;
  }
  return { factor, value, known: true, reason };
}

/** V: how often the technique shows in publicly known incidents against the median technique; the highest of those named. */
export function breachPriorTerm(input: PriorityInput, policy: PriorityPolicy): Term {
  const factor = 'breachPrior';
  const top = [...input.techniques].sort((a, b) => b.factor - a.factor || (a.id < b.id ? -1 : 1))[0];
  if (top === undefined) return unknown(factor);
  const value = Math.min(policy.breachPrior.max, Math.max(policy.breachPrior.min, top.factor));
  return {
    factor,
    value,
    known: true,
    reason: `${top.id} shows in publicly known incidents ${number(value)} times as often as the median technique (capped at ×${number(policy.breachPrior.min)} to ×${number(policy.breachPrior.max)}).`,
  };
}

/** U: distinct tactics on one entity within the window. One is no corroboration. */
export function corroborationTerm(input: PriorityInput, policy: PriorityPolicy): Term {
  const factor = 'corroboration';
  const days = policy.corroborationWindowDays;
  if (input.distinctTactics === null || input.distinctTactics < 1) return unknown(factor);
  const place = Math.min(input.distinctTactics, policy.corroboration.length) - 1;
  const value = policy.corroboration[place] ?? 1;
  const reason =
    input.distinctTactics === 1
      ? `One tactic was seen on this entity in ${days} days: nothing corroborates it.`
      : `${input.distinctTactics} different tactics were seen on this entity in ${days} days (×${number(value)}).`;
  return { factor, value, known: true, reason };
}

function shortList(ids: readonly string[]): string {
  if (ids.length <= 3) return ids.join(', ');
  return `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`;
}

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
