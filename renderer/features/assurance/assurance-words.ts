import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import type { AssuredRule, AuditVerdict } from '../../../shared/model/assurance.ts';

export type Board = InferContractRouterOutputs<Contract>['assurance']['board'];

const STATE_WORDS: Readonly<Record<AssuredRule['state'], string>> = {
  provisional: 'On trial',
  certified: 'Certified',
  shadow: 'Lost its certificate',
  suspended: 'Suspended',
};

/** Where a rule stands: what a person did to it counts as much as what its audits did. */
export function stateWords({
  state,
  status,
  suspension,
}: Pick<AssuredRule, 'state' | 'status' | 'suspension'>): string {
  if (status === 'expired') return 'Expired';
  if (status === 'draft') return 'Draft';
  if (suspension === null && status === 'shadow') return 'Shadow';
  if (suspension === null && status === 'suspended') return 'Stopped by a person';
  return STATE_WORDS[state];
}

export const VERDICT_WORDS: Readonly<Record<AuditVerdict, string>> = {
  true_positive: 'True positive: it should not have been closed',
  benign_true_positive: 'Benign true positive',
  false_positive: 'False positive',
  undetermined: 'It cannot be told from this',
};

/** "0.37 %", with as many digits as a small share needs. */
export function percent(share: number): string {
  const digits = share < 0.001 ? 3 : share < 0.1 ? 2 : 0;
  return `${(100 * share).toLocaleString('en-GB', { maximumFractionDigits: digits })} %`;
}

/** "at most 0.4 % of what it closes, by 812 audits" – a bound is never shown without what it rests on. */
export function boundWords(rule: Pick<AssuredRule, 'bound' | 'boundBy' | 'audited'>): string {
  if (rule.audited === 0 && rule.boundBy === 'own') return 'nothing audited yet';
  const whose = rule.boundBy === 'family' ? ', with its family' : '';
  return `at most ${percent(rule.bound)}${whose}`;
}
