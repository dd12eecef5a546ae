import { type Role, TIERS, type Tier } from '../../model/vocabulary.ts';
import { tierInWords } from './escalate.ts';

export interface EscalationState {
  status: 'open' | 'accepted' | 'answered' | 'returned' | 'withdrawn';
  fromTier: Tier;
  toTier: Tier;
  acceptedBy: string | null;
  /** Whether the item that the question is about is still open, and with which tier it is now. */
  isItemOpen: boolean;
  itemTier: Tier;
}

export interface Answerer {
  id: string;
  tier: Tier;
  roles: readonly Role[];
}

export type MayAct = { kind: 'yes' } | { kind: 'forbidden' | 'conflict'; reason: string };

/**
 * Whether somebody may accept, answer or return an escalation: people of the tier that was asked or of a higher one,
 * and leads. What another has accepted may still be answered by any of them, so that nothing waits for one who left.
 */
export function mayActOnEscalation(
  action: 'accept' | 'answer' | 'return',
  escalation: EscalationState,
  who: Answerer,
): MayAct {
  const { status, toTier, acceptedBy } = escalation;
  const isTierEnough = TIERS.indexOf(who.tier) >= TIERS.indexOf(toTier);
  if (!isTierEnough && !who.roles.includes('lead') && !who.roles.includes('admin')) {
    return { kind: 'forbidden', reason: `This was asked of ${tierInWords(toTier)}. They or a lead can ${action} it.` };
  }
  if (status !== 'open' && status !== 'accepted') {
    return { kind: 'conflict', reason: `This escalation is over: it was ${status} meanwhile.` };
  }
  if (!escalation.isItemOpen) {
    return { kind: 'conflict', reason: 'The item was closed meanwhile. Reopen it first.' };
  }
  if (action !== 'answer' && escalation.itemTier !== toTier) {
    return { kind: 'conflict', reason: `The item has moved on: it is with ${tierInWords(escalation.itemTier)} now.` };
  }
  if (action === 'accept' && status === 'accepted') {
    return {
      kind: 'conflict',
      reason: acceptedBy === who.id ? 'You have accepted this already.' : 'Somebody else accepted this meanwhile.',
    };
  }
  return { kind: 'yes' };
}
