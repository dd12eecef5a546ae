import type { RuleStatus } from '../../../shared/model/rule.ts';
import { RULE_STATUS_MEANS, RULE_STATUS_WORDS } from './rule-words.ts';
import classes from './rules.module.css';

export function RuleStatusMark({ status }: { status: RuleStatus }) {
  return (
    <span className={classes.status} data-status={status} title={RULE_STATUS_MEANS[status]}>
      {RULE_STATUS_WORDS[status]}
    </span>
  );
}
