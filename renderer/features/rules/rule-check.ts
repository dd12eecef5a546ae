import { parseRule } from '../../../shared/domain/rules/parse-rule.ts';
import type { RuleProblem } from '../../../shared/domain/rules/rule-problem.ts';

/** What can be said of a text without asking the engine: its grammar, with the same words that a save would use. */
export function checkLocally(text: string): RuleProblem[] {
  return parseRule(text).problems;
}

/** The id that a text names; null while it has none that can be read. */
export function idOf(text: string): string | null {
  return parseRule(text).rule?.id ?? null;
}
