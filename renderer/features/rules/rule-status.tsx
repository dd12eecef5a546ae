import type { RuleStatus } from '../../../shared/model/rule.ts';
import { StateMark, type StateTone } from '../../ui/state-mark.tsx';
import type { Board } from '../assurance/assurance-words.ts';
import { RULE_STATUS_MEANS, RULE_STATUS_WORDS } from './rule-words.ts';

const TONES: Readonly<Record<RuleStatus, StateTone>> = {
  draft: 'plain',
  shadow: 'plain',
  provisional: 'watch',
  certified: 'good',
  suspended: 'idle',
  expired: 'idle',
};

/** A file may say "certified"; until audits show it, the rule is on trial. */
export function shownStatus(board: Board | undefined, ruleId: string, status: RuleStatus): RuleStatus {
  const line = board?.rules.find((each) => each.ruleId === ruleId);
  return status === 'certified' && line?.state === 'provisional' ? 'provisional' : status;
}

export function RuleStatusMark({ status }: { status: RuleStatus }) {
  return <StateMark word={RULE_STATUS_WORDS[status]} tone={TONES[status]} means={RULE_STATUS_MEANS[status]} />;
}
