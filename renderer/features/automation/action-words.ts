import type { RuleAction } from '../../../shared/model/rule.ts';
import { DISPOSITION_WORDS, TIER_WORDS } from '../../ui/words.ts';

/** What a rule does, in a few words: "closes as benign true positive". */
export function actionWords(action: RuleAction): string {
  if ('close' in action) return `closes as ${DISPOSITION_WORDS[action.close].toLowerCase()}`;
  if ('suppress' in action) return `suppresses for ${action.suppress.forMinutes} m by ${action.suppress.by.join(', ')}`;
  if ('priority' in action) return action.priority === 'up' ? 'raises priority' : 'lowers priority';
  if ('tag' in action) return `tags ${action.tag}`;
  if ('escalate' in action) return `escalates to ${TIER_WORDS[action.escalate.to].toLowerCase()}`;
  if ('playbook' in action) return `attaches ${action.playbook}`;
  const { tier, skill } = action.route;
  const where = [tier === undefined ? null : TIER_WORDS[tier].toLowerCase(), skill ?? null].filter(
    (word) => word !== null,
  );
  return `routes to ${where.join(', ')}`;
}
