import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { ECS_FIELDS } from '../../../shared/domain/alert/ecs-fields.ts';
import { DISPOSITIONS } from '../../../shared/model/vocabulary.ts';

const MODIFIERS: readonly [string, string][] = [
  ['contains', 'the value holds this text'],
  ['startswith', 'the value begins with this text'],
  ['endswith', 'the value ends with this text'],
  ['all', 'all of the values, not one of them'],
  ['cased', 'upper and lower case count'],
  ['re', 'a regular expression, in linear time'],
  ['cidr', 'an address inside a network'],
  ['lt', 'less than'],
  ['lte', 'at most'],
  ['gt', 'more than'],
  ['gte', 'at least'],
  ['exists', 'the field is there (true) or not (false)'],
  ['windash', 'a dash or a slash before an option'],
  ['fieldref', 'the value of another field'],
  ['expand', 'a %list% of the workspace'],
  ['base64', 'this text, encoded'],
  ['base64offset', 'this text, encoded at any offset'],
  ['wide', 'this text in UTF-16'],
];

const KEYS: readonly [string, string][] = [
  ['title', 'what the rule is about'],
  ['rationale', 'why it is safe'],
  ['owner', 'who answers for it'],
  ['expires', 'its last day'],
  ['detection', 'selections and a condition'],
  ['condition', 'how the selections go together'],
  ['actions', 'what it does'],
  ['assurance', 'what it must keep proving'],
  ['tests', 'examples that it must and must not match'],
  ['close', 'an action: closes with a disposition'],
  ['suppress', 'an action: shows the first and not those like it'],
  ['priority', 'an action: up or down'],
  ['tag', 'an action'],
  ['route', 'an action: to a tier or a skill'],
  ['escalate', 'an action: to a tier, with a question'],
  ['playbook', 'an action: shows a runbook'],
];

/** Field names, modifiers, keys and dispositions, by where the cursor stands. */
export function completeRule(context: CompletionContext): CompletionResult | null {
  const modifier = context.matchBefore(/[\w.]+\|[\w|]*/);
  if (modifier !== null) {
    const from = modifier.from + modifier.text.lastIndexOf('|') + 1;
    return { from, options: MODIFIERS.map(([label, detail]) => ({ label, detail, type: 'keyword' })) };
  }
  const disposition = context.matchBefore(/close:\s*\w*/);
  if (disposition !== null) {
    const from = context.pos - (/\w*$/.exec(disposition.text)?.[0].length ?? 0);
    return { from, options: DISPOSITIONS.map((label) => ({ label, type: 'constant' })) };
  }
  // Where a key can stand. In the middle of a value words come up only when they are asked for.
  const key = context.matchBefore(/^\s*(?:- )?[\w.]*/m);
  const word = key ?? (context.explicit ? context.matchBefore(/[\w.]+/) : null);
  if (word === null || (word.text.trim() === '' && !context.explicit)) return null;
  const typed = /[\w.]*$/.exec(word.text)?.[0] ?? '';
  return {
    from: context.pos - typed.length,
    options: [
      ...ECS_FIELDS.map(({ name }) => ({ label: name, type: 'property' })),
      ...KEYS.map(([label, detail]) => ({ label, detail, type: 'keyword', apply: `${label}: ` })),
    ],
    validFor: /^[\w.]*$/,
  };
}
