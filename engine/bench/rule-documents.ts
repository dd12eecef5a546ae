import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import type { SeededRandom } from '../sample/random.ts';
import type { GeneratedRule } from './generate-rules.ts';

/** The rule as somebody would write it into a file. */
export function ruleText({ detection }: GeneratedRule, index: number, random: SeededRandom): string {
  return `title: Rule ${index}\nid: ${random.uuid()}\nrationale: For measuring.\nowner: lead\nstatus: shadow\nactions: [{ tag: seen }]\ndetection: ${JSON.stringify(detection)}\n`;
}

/** The rule as a document of the language. */
export function documentOf(generated: GeneratedRule, index: number, random: SeededRandom): RuleDocument {
  return readRule(ruleText(generated, index, random));
}

/** Throws on a text that is no rule: those of a benchmark are our own. */
export function readRule(text: string): RuleDocument {
  const { rule, problems } = parseRule(text);
  if (rule === null) throw new Error(`a generated rule is faulty: ${problems[0]?.message}`);
  return rule;
}
