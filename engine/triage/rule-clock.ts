import { isClosingAction } from '../../shared/domain/rules/rule-document.ts';
import { isExpired } from '../../shared/domain/triage/rule-life.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { RuleAction } from '../../shared/model/rule.ts';
import type { CommandContext } from '../handlers.ts';
import { livingRules, mutesOver, setRuleStatus } from '../store/rule-life.ts';
import { setCurrentVersion } from '../store/rule-versions.ts';

const DAY_MS = 86_400_000;

/**
 * What time does to rules: the last day passes, the time to prove itself is over, a mute ends. It is written down, so
 * that a clock that goes back gives no rule its life again. True when triage has to read its rules again.
 */
export async function endRuleTimes(context: CommandContext, policy: TriagePolicy): Promise<boolean> {
  const { tx, nowMs, record, touch } = context;
  const ended: string[] = [];
  for (const row of await livingRules(tx)) {
    const closes = (JSON.parse(row.actions_json) as RuleAction[]).some(isClosingAction);
    const isOverdue =
      row.status === 'provisional' &&
      // A mute has an end of its own.
      row.origin !== 'mute' &&
      closes &&
      nowMs - Math.max(row.status_since_ms, row.loaded_at_ms) >= policy.provisionalDays * DAY_MS;
    if (isExpired(row.expires, nowMs)) {
      const reason = `Its last day was ${row.expires}.`;
      await setRuleStatus(tx, row.rule_id, row.version, { status: 'expired', reason }, nowMs);
    } else if (isOverdue) {
      const reason = `It did not prove itself within ${policy.provisionalDays} days, so it only speaks again.`;
      await setRuleStatus(tx, row.rule_id, row.version, { status: 'shadow', reason }, nowMs);
    } else continue;
    ended.push(row.title);
  }
  for (const mute of await mutesOver(tx, nowMs)) {
    await setCurrentVersion(tx, mute.rule_id, null);
    ended.push('a mute');
  }
  if (ended.length === 0) return false;
  touch('rule');
  await record({ kind: 'rule.status', statement: null, summary: `Time is over for ${ended.join(', ')}`, subjects: [] });
  return true;
}
