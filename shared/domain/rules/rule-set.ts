import type { FieldMatch } from '../../model/rule.ts';
import type { FieldSubject } from '../alert/ecs-fields.ts';
import { type CompiledDetection, compileDetection, type FieldNumbering } from './compile-detection.ts';
import type { LookupLists } from './compile-value.ts';
import { TRUE, UNKNOWN } from './kleene.ts';
import { requiredTexts } from './required-texts.ts';
import { isClosingRule, type RuleDocument } from './rule-document.ts';
import { SubjectFields } from './subject-fields.ts';

export interface CompiledRule {
  document: RuleDocument;
  detection: CompiledDetection;
  closes: boolean;
  /** True when it can only match alerts of source rules that it names by `rule.id`, letter for letter. */
  namesSourceRule: boolean;
}

export interface RuleResult {
  result: 'match' | 'no_match' | 'unknown';
  matched: FieldMatch[];
  unknownFields: string[];
}

export interface RuleHit extends RuleResult {
  result: 'match' | 'unknown';
  rule: CompiledRule;
}

export interface RuleSet {
  /** In the order in which they are asked and in which they win: see `compareRules`. */
  rules: readonly CompiledRule[];
  /** Rules that could not be compiled, and why. */
  problems: readonly { ruleId: string; message: string }[];
  fieldNames: readonly string[];
  /** Places in `rules` of those that need a certain `rule.id`, and of all others. */
  byRuleId: ReadonlyMap<string, readonly number[]>;
  others: readonly number[];
}

/**
 * Compiles rules together. A rule that names a lookup list that is not in `lists` is left out and told in
 * `problems`: half a rule is none. The order of `documents` does not matter.
 */
export function compileRules(documents: readonly RuleDocument[], lists: LookupLists = new Map()): RuleSet {
  const numbering = makeNumbering();
  const problems: { ruleId: string; message: string }[] = [];
  const rules: CompiledRule[] = [];
  for (const document of [...documents].sort(compareRules)) {
    const result = compileDetection(document.detection, numbering, lists);
    if ('missingLists' in result) {
      const names = result.missingLists.map((name) => `%${name}%`).join(', ');
      problems.push({
        ruleId: document.id,
        message: `The lookup list ${names} is not loaded (or far too long), so "${document.title}" is not used. Import the list.`,
      });
      continue;
    }
    const namesSourceRule = requiredTexts(document.detection, 'rule.id') !== null;
    rules.push({ document, detection: result.compiled, closes: isClosingRule(document), namesSourceRule });
  }
  return { rules, problems, fieldNames: numbering.names, ...indexByRuleId(rules) };
}

/** Does one rule match? For tests, previews and explanations; `evaluateRules` is for all of them at once. */
export function evaluateRule(ruleSet: RuleSet, rule: CompiledRule, subject: FieldSubject): RuleResult {
  return resultOf(rule, new SubjectFields(subject, ruleSet.fieldNames));
}

/** The rules that match, and those that would need something that nobody knows, in their one order. */
export function evaluateRules(ruleSet: RuleSet, subject: FieldSubject): RuleHit[] {
  const fields = new SubjectFields(subject, ruleSet.fieldNames);
  const hits: RuleHit[] = [];
  for (const place of candidates(ruleSet, subject)) {
    const rule = ruleSet.rules[place];
    if (rule === undefined) continue;
    const { result, matched, unknownFields } = resultOf(rule, fields);
    if (result !== 'no_match') hits.push({ rule, result, matched, unknownFields });
  }
  return hits;
}

const NO_MATCH: RuleResult = { result: 'no_match', matched: [], unknownFields: [] };

function resultOf(rule: CompiledRule, fields: SubjectFields): RuleResult {
  const value = rule.detection.evaluate(fields);
  if (value === TRUE) return { result: 'match', matched: rule.detection.matches(fields), unknownFields: [] };
  if (value !== UNKNOWN) return NO_MATCH;
  return { result: 'unknown', matched: [], unknownFields: rule.detection.unknownFields(fields) };
}

/** Proven rules before unproven ones, then by id: never by the order in which files happened to be read. */
function compareRules(a: RuleDocument, b: RuleDocument): number {
  const rank = statusRank(a) - statusRank(b);
  if (rank !== 0) return rank;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.version - b.version;
}

function statusRank(document: RuleDocument): number {
  return ['certified', 'provisional', 'shadow', 'draft', 'suspended', 'expired'].indexOf(document.status);
}

function makeNumbering(): FieldNumbering & { names: string[] } {
  const names: string[] = [];
  const places = new Map<string, number>();
  return {
    names,
    indexOf: (field) => {
      const known = places.get(field);
      if (known !== undefined) return known;
      places.set(field, names.length);
      names.push(field);
      return names.length - 1;
    },
  };
}

function indexByRuleId(rules: readonly CompiledRule[]): Pick<RuleSet, 'byRuleId' | 'others'> {
  const byRuleId = new Map<string, number[]>();
  const others: number[] = [];
  rules.forEach((rule, place) => {
    const texts = requiredTexts(rule.document.detection, 'rule.id');
    if (texts === null) others.push(place);
    for (const text of texts ?? []) {
      const places = byRuleId.get(text) ?? [];
      places.push(place);
      byRuleId.set(text, places);
    }
  });
  return { byRuleId, others };
}

/** Two sorted lists become one, so that the order stays that of `rules`. */
function candidates(ruleSet: RuleSet, subject: FieldSubject): readonly number[] {
  const named = ruleSet.byRuleId.get(subject.alert.ruleId.toLowerCase());
  if (named === undefined) return ruleSet.others;
  const merged: number[] = [];
  let next = 0;
  for (const other of ruleSet.others) {
    for (let place = named[next]; place !== undefined && place < other; place = named[++next]) merged.push(place);
    merged.push(other);
  }
  return merged.concat(named.slice(next));
}
