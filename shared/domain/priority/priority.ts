import type { Priority, PriorityTerm } from '../../model/priority.ts';
import type { Criticality, PriorityLevel, Severity } from '../../model/vocabulary.ts';
import { PRIORITY_LEVELS } from '../../model/vocabulary.ts';
import { bitsOf } from './packed-priority.ts';
import type { PriorityPolicy } from './priority-policy.ts';
import {
  assetTerm,
  breachPriorTerm,
  corroborationTerm,
  exploitTerm,
  PRECISION_FLOOR_BITS,
  precisionTerm,
  type Term,
} from './priority-terms.ts';

/** What people said of the groups of one product's rule (`rule`) and of its family, product × severity (`family`). */
export interface DispositionCounts {
  /** True positives, benign ones not among them. */
  tp: number;
  /** All dispositions that say what it was; `duplicate` and `undetermined` do not count. */
  n: number;
}

/** A CVE that the alert names, as far as anything is known of it. */
export interface CveFacts {
  id: string;
  /** Probability that exploitation is seen within 30 days, 0 to 1 (EPSS of FIRST.org). Null when unknown. */
  epss: number | null;
  /** On the list of known exploited vulnerabilities of CISA. Null when the list is not there. */
  isKnownExploited: boolean | null;
  usedByRansomware: boolean | null;
}

export interface PriorityInput {
  severity: Severity;
  rule: DispositionCounts;
  family: DispositionCounts;
  hostCriticality: Criticality | null;
  hostInternetFacing: boolean | null;
  userTier0: boolean | null;
  cves: readonly CveFacts[];
  /** Factor of each technique that the alert names and the prior table knows; already relative to the median. */
  techniques: readonly { id: string; factor: number }[];
  /** Distinct tactics seen on the entity in the window, this alert's own among them; null when the entity or tactics are unknown. */
  distinctTactics: number | null;
  /** Steps by which rules moved the level: +1 up, −1 down. Already passed by the guards. */
  ruleStep: number;
  /** Title of the rule that moved it, for the sentence. */
  ruleStepBy?: string | null;
}

/**
 * Priority as risk R = p · A · X · V · U in bits, put on 0 to 100 points:
 * points = 100 · (log2 R + 10) / (log2 Rmax + 10), Rmax = assetMax · ransomware · breach max · corroboration max.
 * Each bit is worth the same, so base points plus the terms' points add up to the unclamped sum exactly.
 * Unknown data is factor 1 and says so.
 */
export function computePriority(input: PriorityInput, policy: PriorityPolicy): Priority {
  const pointsPerBit = pointsOfOneBit(policy);
  const basePoints = -PRECISION_FLOOR_BITS * pointsPerBit;
  const terms = termsOf(input, policy).map((term): PriorityTerm => {
    const bits = bitsOf(term.value);
    return { ...term, bits, points: bits * pointsPerBit };
  });
  const sum = terms.reduce((total, term) => total + term.points, basePoints);
  const adjustments: string[] = [];
  let points = Math.min(100, Math.max(0, sum));
  const floor = floorSentence(input);
  if (floor !== null && points < policy.bands.P2) {
    adjustments.push(`Lifted to P2: ${floor}.`);
    points = policy.bands.P2;
  }
  points = moveByRule(points, floor, input, policy, adjustments);
  return { points, level: levelOfPoints(points, policy), basePoints, terms, adjustments };
}

/** Points that one doubling is worth: 100 / (log2 Rmax + 10), 5.29 with the default policy. */
export function pointsOfOneBit(policy: PriorityPolicy): number {
  const maxRisk =
    policy.assetMax * policy.exploit.ransomware * policy.breachPrior.max * Math.max(...policy.corroboration);
  return 100 / (Math.log2(maxRisk) - PRECISION_FLOOR_BITS);
}

export function levelOfPoints(points: number, policy: PriorityPolicy): PriorityLevel {
  if (points >= policy.bands.P1) return 'P1';
  if (points >= policy.bands.P2) return 'P2';
  if (points >= policy.bands.P3) return 'P3';
  return 'P4';
}

function termsOf(input: PriorityInput, policy: PriorityPolicy): Term[] {
  return [
    precisionTerm(input, policy),
    assetTerm(input, policy),
    exploitTerm(input, policy),
    breachPriorTerm(input, policy),
    corroborationTerm(input, policy),
  ];
}

/** One step is one band: up to the next bound, down to just under the own one, so that order and level agree. */
function moveByRule(
  points: number,
  floor: string | null,
  input: PriorityInput,
  policy: PriorityPolicy,
  adjustments: string[],
): number {
  const step = Math.sign(input.ruleStep);
  const from = PRIORITY_LEVELS.indexOf(levelOfPoints(points, policy));
  const to = Math.min(PRIORITY_LEVELS.length - 1, Math.max(0, from - step));
  if (to === from) return points;
  const by = input.ruleStepBy ? `Rule "${input.ruleStepBy}"` : 'A rule';
  const way = `${step > 0 ? 'up' : 'down'}, from ${PRIORITY_LEVELS[from]} to ${PRIORITY_LEVELS[to]}`;
  if (floor !== null && to > PRIORITY_LEVELS.indexOf('P2')) {
    adjustments.push(`${by} would move it one level ${way}, but ${floor}.`);
    return points;
  }
  adjustments.push(`${by} moved it one level ${way}.`);
  const bounds = [policy.bands.P1, policy.bands.P2, policy.bands.P3];
  if (step > 0) return bounds[to] ?? points;
  return (bounds[from] ?? points) - 0.01;
}

/** Critical severity, and ransomware-exploited CVEs on the most valuable targets, never sink below P2. */
function floorSentence(input: PriorityInput): string | null {
  if (input.severity === 'critical') return 'critical severity is never below P2';
  const target =
    input.userTier0 === true ? 'a tier 0 identity' : input.hostCriticality === 'crown_jewel' ? 'a crown jewel' : null;
  const ransomware = input.cves.find((cve) => cve.usedByRansomware === true);
  if (target === null || ransomware === undefined) return null;
  return `${ransomware.id} is used by ransomware and this is ${target}, which is never below P2`;
}
