import type { RuleAction } from '../../../../shared/model/rule.ts';
import { DISPOSITION_WORDS, TIER_WORDS } from '../../../ui/words.ts';

/** An action of a rule in words: "close as benign true positive". */
export function describeAction(action: RuleAction): string {
  if ('close' in action) return `close as ${DISPOSITION_WORDS[action.close].toLowerCase()}`;
  if ('suppress' in action) return `suppress for ${action.suppress.forMinutes} m by ${action.suppress.by.join(', ')}`;
  if ('priority' in action) return `set the priority ${action.priority}`;
  if ('tag' in action) return `tag ${action.tag}`;
  if ('route' in action) {
    const { tier, skill } = action.route;
    const to = [
      tier === undefined ? null : TIER_WORDS[tier].toLowerCase(),
      skill === undefined ? null : `skill ${skill}`,
    ];
    return `route to ${to.filter((part) => part !== null).join(', ')}`;
  }
  if ('escalate' in action) return `escalate to ${TIER_WORDS[action.escalate.to].toLowerCase()}`;
  return `attach playbook ${action.playbook}`;
}
