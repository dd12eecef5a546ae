import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import { percent } from '../../../shared/domain/assurance/say-rate.ts';
import type { AssuredRule, AuditVerdict } from '../../../shared/model/assurance.ts';
import { SEVERITIES } from '../../../shared/model/vocabulary.ts';
import type { StateTone } from '../../ui/state-mark.tsx';
import { SEVERITY_WORDS } from '../../ui/words.ts';

export type Board = InferContractRouterOutputs<Contract>['assurance']['board'];

interface StateWords {
  word: string;
  tone: StateTone;
  means: string;
}

const STATE_WORDS: Readonly<Record<AssuredRule['state'], StateWords>> = {
  provisional: {
    word: 'Provisional',
    tone: 'watch',
    means: 'On trial: it closes, and its audits do not show yet that it is right often enough.',
  },
  certified: { word: 'Certified', tone: 'good', means: 'It closes, and its audits show that its bound holds.' },
  shadow: {
    word: 'Lost its certificate',
    tone: 'bad',
    means: 'Its audits stopped it: it says what it would do and closes nothing.',
  },
  suspended: {
    word: 'Suspended',
    tone: 'bad',
    means: 'Its audits stopped it. What it closed lately went back to people.',
  },
};

/** Where a rule stands: what a person did to it counts as much as what its audits did. */
export function stateWords({
  state,
  status,
  suspension,
}: Pick<AssuredRule, 'state' | 'status' | 'suspension'>): StateWords {
  if (status === 'expired') return { word: 'Expired', tone: 'idle', means: 'Its date has passed: it closes nothing.' };
  if (status === 'draft') return { word: 'Draft', tone: 'plain', means: 'It does not run.' };
  if (suspension === null && status === 'shadow') {
    return { word: 'Shadow', tone: 'plain', means: 'It says what it would do and closes nothing.' };
  }
  if (suspension === null && status === 'suspended') {
    return { word: 'Suspended by a person', tone: 'idle', means: 'Somebody stopped it; its audits did not.' };
  }
  return STATE_WORDS[state];
}

export const VERDICT_WORDS: Readonly<Record<AuditVerdict, string>> = {
  true_positive: 'True positive: it should not have been closed',
  benign_true_positive: 'Benign true positive',
  false_positive: 'False positive',
  undetermined: 'It cannot be told from this',
};

/** "Low, suricata" for a class of alert that is kept as `low/suricata`. */
export function classWords(name: string): string {
  const severity = SEVERITIES.find((each) => name.startsWith(`${each}/`));
  return severity === undefined ? name : `${SEVERITY_WORDS[severity]}, ${name.slice(severity.length + 1)}`;
}

/** "at most 0.4 % of what it closes, by 812 audits" – a bound is never shown without what it rests on. */
export function boundWords(rule: Pick<AssuredRule, 'bound' | 'boundBy' | 'audited'>): string {
  if (rule.audited === 0 && rule.boundBy === 'own') return 'nothing audited yet';
  const whose = rule.boundBy === 'family' ? ', with its family' : '';
  return `at most ${percent(rule.bound)}${whose}`;
}
