import type { DueSoon, SlaPolicy } from '../../model/policy.ts';
import { SEVERITIES, type Severity, TIERS, type Tier } from '../../model/vocabulary.ts';

const MINUTE_MS = 60_000;

/** What a clock says. Never stored: only the deadline is. */
export type ClockState = 'none' | 'running' | 'due' | 'breached';

export interface ClockStart {
  severity: Severity;
  /** When the item arrived. Null for history, which starts no clock. */
  startedAtMs: number | null;
}

/** Deadline of the first acknowledgement, UTC epoch milliseconds; null when no clock runs. */
export function ackDueAtMs(start: ClockStart, policy: SlaPolicy): number | null {
  const minutes = policy.acknowledgeMinutes[start.severity];
  if (start.startedAtMs === null || minutes === null) return null;
  return start.startedAtMs + minutes * MINUTE_MS;
}

/** Deadline for the answer to an escalation asked at `askedAtMs`. */
export function escalationDueAtMs(severity: Severity, askedAtMs: number, policy: SlaPolicy): number {
  return askedAtMs + policy.escalationMinutes[severity] * MINUTE_MS;
}

/** How long before its deadline a clock counts as due: a share of its target, or a fixed time where the target is unknown. */
export function dueSoonMs(policy: SlaPolicy, severity: Severity | null): number {
  const target = severity === null ? null : policy.acknowledgeMinutes[severity];
  return (target === null ? policy.dueSoon.minutes : target * policy.dueSoon.share) * MINUTE_MS;
}

/** How long before their deadlines clocks count as due: of each severity, and where no severity sets the target. */
export function dueSoonTable(policy: SlaPolicy): DueSoon {
  const each = SEVERITIES.map((severity) => [severity, dueSoonMs(policy, severity)]);
  return { bySeverity: Object.fromEntries(each) as DueSoon['bySeverity'], otherwise: dueSoonMs(policy, null) };
}

/** A clock is breached from the millisecond of its deadline on, and due from `soonMs` before it. */
export function clockState(dueAtMs: number | null, nowMs: number, soonMs: number): ClockState {
  if (dueAtMs === null) return 'none';
  if (nowMs >= dueAtMs) return 'breached';
  return dueAtMs - nowMs < soonMs ? 'due' : 'running';
}

/**
 * Where a new item starts. A rule's route may send it higher than the policy says, never lower: no rule may hide a
 * critical item below the tier that has to see it.
 */
export function initialTier(item: { severity: Severity; route: Tier | null }, policy: SlaPolicy): Tier {
  const byPolicy = policy.initialTier[item.severity];
  if (item.route === null) return byPolicy;
  return TIERS.indexOf(item.route) > TIERS.indexOf(byPolicy) ? item.route : byPolicy;
}
