import type { RuleStatus } from '../../../shared/model/rule.ts';
import { StateMark, type StateTone } from '../../ui/state-mark.tsx';
import { RULE_STATUS_MEANS, RULE_STATUS_WORDS } from './rule-words.ts';

const TONES: Readonly<Record<RuleStatus, StateTone>> = {
  draft: 'plain',
  shadow: 'plain',
  provisional: 'watch',
  certified: 'good',
  suspended: 'idle',
  expired: 'idle',
};

export function RuleStatusMark({ status }: { status: RuleStatus }) {
  return <StateMark word={RULE_STATUS_WORDS[status]} tone={TONES[status]} means={RULE_STATUS_MEANS[status]} />;
}
