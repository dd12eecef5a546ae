import type { FieldMatch, RuleAction } from '../../model/rule.ts';
import type { RuleDocument } from '../rules/rule-document.ts';
import type { TriageHit } from './triage-outcome.ts';

/**
 * One sentence: which rule in which version did, would have done or was kept from doing what, on which values.
 * `withheld` are the actions that a guard held back; the others were carried out.
 */
export function sentenceOf(
  rule: Pick<RuleDocument, 'title' | 'version' | 'actions'>,
  mode: TriageHit['mode'],
  matched: readonly FieldMatch[],
  reason: string | null,
  withheld: readonly RuleAction[] = rule.actions,
): string {
  const named = `"${rule.title}" (version ${rule.version})`;
  const fields = matchesOf(matched);
  if (mode === 'acted') return `${named} ${rule.actions.map(doneWord).join(' and ')}${fields}.`;
  if (mode === 'shadow')
    return `${named} would ${wouldWords(rule.actions)}${fields}, but ${reason ?? 'it is in shadow'}.`;
  const done = rule.actions.filter((action) => !withheld.includes(action));
  const also = done.length > 0 ? ` It ${done.map(doneWord).join(' and ')}.` : '';
  return `${named} would ${wouldWords(withheld)}${fields}, but was kept from it: ${reason ?? 'a guard forbids it'}.${also}`;
}

function wouldWords(actions: readonly RuleAction[]): string {
  return actions.map(wouldWord).join(' and ');
}

function matchesOf(matched: readonly FieldMatch[]): string {
  if (matched.length === 0) return '';
  const shown = matched.slice(0, 3).map(matchInWords);
  const more = matched.length > 3 ? ` and ${matched.length - 3} more` : '';
  return `, because ${shown.join(', ')}${more}`;
}

/** The pattern stands beside the value unless it says the same. */
function matchInWords({ field, value, pattern }: FieldMatch): string {
  return `${field} is ${short(value)}${pattern === value ? '' : ` (${short(pattern)})`}`;
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function doneWord(action: RuleAction): string {
  if ('close' in action) return `closed it as ${action.close.replaceAll('_', ' ')}`;
  if ('suppress' in action) return `suppresses alerts like it for ${action.suppress.forMinutes} minutes`;
  if ('priority' in action) return `moved its priority ${action.priority}`;
  if ('tag' in action) return `tagged it ${action.tag}`;
  if ('route' in action) return `routed it to ${routeOf(action.route)}`;
  if ('escalate' in action) return `escalated it to ${action.escalate.to}`;
  return `attached the playbook ${action.playbook}`;
}

function wouldWord(action: RuleAction): string {
  if ('close' in action) return `close it as ${action.close.replaceAll('_', ' ')}`;
  if ('suppress' in action) return `suppress alerts like it for ${action.suppress.forMinutes} minutes`;
  if ('priority' in action) return `move its priority ${action.priority}`;
  if ('tag' in action) return `tag it ${action.tag}`;
  if ('route' in action) return `route it to ${routeOf(action.route)}`;
  if ('escalate' in action) return `escalate it to ${action.escalate.to}`;
  return `attach the playbook ${action.playbook}`;
}

function routeOf(route: { tier?: string; skill?: string }): string {
  return [...(route.tier ? [route.tier] : []), ...(route.skill ? [`people with the skill ${route.skill}`] : [])].join(
    ', ',
  );
}
