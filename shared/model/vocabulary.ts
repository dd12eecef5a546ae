import { z } from 'zod';

/**
 * The closed word lists of the field, each with one meaning in the whole product.
 * Severity is what the source said; priority is what we computed; status is where in the
 * workflow a group stands; disposition is what it turned out to be.
 */

/** Ordered from least to most severe; the index is the number that the store keeps. `unknown` is never treated as low. */
export const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high', 'critical'] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severitySchema>;

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

export function severityOfRank(rank: number): Severity {
  return SEVERITIES[rank] ?? 'unknown';
}

/** Bins of AWS ASFF: 0 informational, 1–39 low, 40–69 medium, 70–89 high, 90–100 critical; null is unknown. */
export function severityOfScore(score: number | null): Severity {
  if (score === null || !Number.isFinite(score)) return 'unknown';
  if (score >= 90) return 'critical';
  if (score >= 70) return 'high';
  if (score >= 40) return 'medium';
  if (score >= 1) return 'low';
  return 'informational';
}

/** Scores used when a source gives only a word. */
export const SEVERITY_WORD_SCORE: Readonly<Record<Severity, number | null>> = {
  unknown: null,
  informational: 5,
  low: 25,
  medium: 55,
  high: 80,
  critical: 95,
};

export const STATUSES = ['new', 'acknowledged', 'in_progress', 'on_hold', 'resolved', 'closed'] as const;
export const statusSchema = z.enum(STATUSES);
export type Status = z.infer<typeof statusSchema>;
export const OPEN_STATUSES: readonly Status[] = ['new', 'acknowledged', 'in_progress', 'on_hold'];

export const DISPOSITIONS = [
  'true_positive',
  'benign_true_positive',
  'false_positive',
  'duplicate',
  'undetermined',
] as const;
export const dispositionSchema = z.enum(DISPOSITIONS);
export type Disposition = z.infer<typeof dispositionSchema>;

/** Escalation tiers in the order in which an item climbs. A tier is not a role: roles are permissions. */
export const TIERS = ['tier1', 'tier2', 'tier3', 'lead'] as const;
export const tierSchema = z.enum(TIERS);
export type Tier = z.infer<typeof tierSchema>;

export function nextTier(tier: Tier): Tier | null {
  return TIERS[TIERS.indexOf(tier) + 1] ?? null;
}

export const ROLES = ['analyst', 'lead', 'admin', 'auditor'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

export const CRITICALITIES = ['low', 'medium', 'high', 'crown_jewel'] as const;
export const criticalitySchema = z.enum(CRITICALITIES);
export type Criticality = z.infer<typeof criticalitySchema>;

export const PRIORITY_LEVELS = ['P1', 'P2', 'P3', 'P4'] as const;
export const priorityLevelSchema = z.enum(PRIORITY_LEVELS);
export type PriorityLevel = z.infer<typeof priorityLevelSchema>;
