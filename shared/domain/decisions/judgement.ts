import type { Disposition } from '../../model/vocabulary.ts';
import type { GroupState } from './group-transition.ts';

/** What one closed group adds to the record of its rule: at most one, in exactly one of the three. */
export interface Judgement {
  tp: number;
  btp: number;
  fp: number;
  n: number;
}

const NONE: Judgement = { tp: 0, btp: 0, fp: 0, n: 0 };

const OF_DISPOSITION: Record<Disposition, Judgement> = {
  true_positive: { tp: 1, btp: 0, fp: 0, n: 1 },
  benign_true_positive: { tp: 0, btp: 1, fp: 0, n: 1 },
  false_positive: { tp: 0, btp: 0, fp: 1, n: 1 },
  duplicate: NONE,
  undetermined: NONE,
};

/** Only what a person said counts: a rule that learned from its own closures would prove itself right. */
export function judgementOf(state: Pick<GroupState, 'disposition'> & { closedByKind: string | null }): Judgement {
  if (state.closedByKind !== 'person' || state.disposition === null) return NONE;
  return OF_DISPOSITION[state.disposition];
}
