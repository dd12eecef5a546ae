import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import type { RuleProblem } from '../../shared/domain/rules/rule-problem.ts';
import { compileRules, type RuleSet } from '../../shared/domain/rules/rule-set.ts';
import { checkRuleLife } from '../../shared/domain/triage/rule-life.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { listLookups } from '../store/entity-lists.ts';
import type { Read } from '../store/store.ts';
import { tryExamples } from './check-rules.ts';

export interface CheckedText {
  rule: RuleDocument | null;
  problems: RuleProblem[];
  closes: boolean;
  tests: number;
  passed: number;
  ruleSet: RuleSet | null;
}

/** Reads a text as a save would: grammar, life, the lists that it names, and its own examples. */
export async function checkText(db: Read, text: string, policy: TriagePolicy, nowMs: number): Promise<CheckedText> {
  const { rule, problems } = parseRule(text);
  if (rule === null) return { rule, problems, closes: false, tests: 0, passed: 0, ruleSet: null };
  const lists = await listLookups(db);
  const life = checkRuleLife({ ...rule, status: 'draft' }, policy, nowMs);
  const tried = tryExamples(rule, lists);
  const ruleSet = compileRules([rule], lists);
  return { ...tried, rule, problems: [...problems, ...life, ...tried.problems], ruleSet };
}

/** The rule of a text that can be kept. Throws `invalid_input` with place and reason of the first fault. */
export function keepable(checked: Pick<CheckedText, 'rule' | 'problems'>): RuleDocument {
  const fault = checked.problems.find(({ level }) => level === 'error');
  if (fault !== undefined) {
    throw new EngineError('invalid_input', `Line ${fault.line}, column ${fault.column}: ${fault.message}`);
  }
  if (checked.rule === null) throw new EngineError('invalid_input', 'This text holds no rule.');
  return checked.rule;
}
