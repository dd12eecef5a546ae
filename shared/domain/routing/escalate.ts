import type { Person } from '../../model/people.ts';
import type { SlaPolicy } from '../../model/policy.ts';
import { nextTier, type Severity, TIERS, type Tier } from '../../model/vocabulary.ts';
import { escalationDueAtMs } from './clock.ts';

export interface EscalateAsk {
  severity: Severity;
  fromTier: Tier;
  /** Null is "the next tier that has people". */
  toTier: Tier | null;
  askedBy: string;
  askedAtMs: number;
}

/** Active people, in roster order. */
export interface RosterNow {
  people: readonly Pick<Person, 'id' | 'tier'>[];
  onDutyIds: ReadonlySet<string>;
}

export type EscalatePlan =
  | { kind: 'go'; toTier: Tier; dueAtMs: number; backupId: string | null; why: string }
  | { kind: 'refused'; reason: string };

const TIER_WORDS: Record<Tier, string> = { tier1: 'tier 1', tier2: 'tier 2', tier3: 'tier 3', lead: 'the lead' };

/** "tier 2": a tier as people say it in a sentence. */
export function tierInWords(tier: Tier): string {
  return TIER_WORDS[tier];
}

/**
 * To which tier an escalation goes, until when it has to be answered and who stands in. Tiers without anybody on the
 * roster are passed over, so that a question never waits where nobody can read it; with an empty roster the next tier
 * takes it. Refused when nothing lies above.
 */
export function planEscalation(ask: EscalateAsk, roster: RosterNow, policy: SlaPolicy): EscalatePlan {
  const asked = ask.toTier ?? nextStaffedTier(ask.fromTier, roster);
  if (asked === null) return { kind: 'refused', reason: 'There is no tier above the lead.' };
  if (TIERS.indexOf(asked) <= TIERS.indexOf(ask.fromTier)) {
    return {
      kind: 'refused',
      reason: `This is already with ${tierInWords(ask.fromTier)}. Escalate to a higher tier, or give it back.`,
    };
  }
  const backupId = namedBackup(asked, [ask.askedBy], roster);
  return {
    kind: 'go',
    toTier: asked,
    dueAtMs: escalationDueAtMs(ask.severity, ask.askedAtMs, policy),
    backupId,
    why: `Sent to ${tierInWords(asked)}; an answer is due in ${policy.escalationMinutes[ask.severity]} minutes.`,
  };
}

/** Another person of `tier` who is on duty, first in roster order; null when there is none. */
export function namedBackup(tier: Tier, exceptIds: readonly string[], roster: RosterNow): string | null {
  const found = roster.people.find(
    (person) => person.tier === tier && roster.onDutyIds.has(person.id) && !exceptIds.includes(person.id),
  );
  return found?.id ?? null;
}

function nextStaffedTier(from: Tier, roster: RosterNow): Tier | null {
  const direct = nextTier(from);
  for (let tier = direct; tier !== null; tier = nextTier(tier)) {
    if (roster.people.some((person) => person.tier === tier)) return tier;
  }
  return direct;
}
