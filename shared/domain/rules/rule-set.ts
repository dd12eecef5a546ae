import type { FieldMatch } from '../../model/rule.ts';
import type { FieldSubject } from '../alert/ecs-fields.ts';
import { type CompiledDetection, compileDetection, compileItem, type FieldNumbering } from './compile-detection.ts';
import type { LookupLists } from './compile-value.ts';
import { type EntityScope, entityScopeOf } from './entity-scope.ts';
import { type Kleene, TRUE, UNKNOWN } from './kleene.ts';
import { RuleMatcher } from './matcher/rule-matcher.ts';
import { requiredTexts } from './required-texts.ts';
import { isClosingRule, type RuleDocument } from './rule-document.ts';
import { type ReadableField, readableField, SubjectFields } from './subject-fields.ts';

export interface CompiledRule {
  document: RuleDocument;
  detection: CompiledDetection;
  closes: boolean;
  /** True when it can only match alerts of source rules that it names by `rule.id`, letter for letter. */
  namesSourceRule: boolean;
  /** Whether it can only match alerts about things that it names. */
  entityScope: EntityScope;
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
  fields: readonly ReadableField[];
  matcher: RuleMatcher;
}

/**
 * Compiles rules together. A rule that names a lookup list that is not in `lists` is left out and told in
 * `problems`: half a rule is none. The order of `documents` does not matter. What comes out never changes: new rules
 * are a new set, and who is at work keeps the old one to its end.
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
    const entityScope = entityScopeOf(document.detection);
    const closes = isClosingRule(document);
    rules.push({ document, detection: result.compiled, closes, namesSourceRule, entityScope });
  }
  const missing = new Set<string>();
  const matcher = new RuleMatcher(
    rules.map((rule) => rule.document.detection),
    { fields: numbering.fields, lists, compile: (item) => compileItem(item, numbering, lists, missing).test },
  );
  return { rules, problems, fields: numbering.fields, matcher };
}

/** Does one rule match? For tests, previews and explanations; `evaluateRules` is for all of them at once. */
export function evaluateRule(ruleSet: RuleSet, rule: CompiledRule, subject: FieldSubject): RuleResult {
  const fields = new SubjectFields(subject, ruleSet.fields);
  return resultOf(rule, rule.detection.evaluate(fields), fields);
}

/**
 * The rules that match, and those that would need something that nobody knows, in their one order. Rules that say
 * neither cost nothing to speak of, however many there are.
 */
export function evaluateRules(ruleSet: RuleSet, subject: FieldSubject): RuleHit[] {
  const hits: RuleHit[] = [];
  ruleSet.matcher.match(subject, (place, value, fields) => {
    const rule = ruleSet.rules[place];
    if (rule === undefined) return;
    const { result, matched, unknownFields } = resultOf(rule, value, fields);
    if (result !== 'no_match') hits.push({ rule, result, matched, unknownFields });
  });
  return hits;
}

/** As `evaluateRules`, without the explanations: for counting over a whole history. */
export function countRules(
  ruleSet: RuleSet,
  subject: FieldSubject,
  count: (rule: CompiledRule, result: RuleHit['result']) => void,
): void {
  ruleSet.matcher.match(subject, (place, value) => {
    const rule = ruleSet.rules[place];
    if (rule !== undefined) count(rule, value === TRUE ? 'match' : 'unknown');
  });
}

const NO_MATCH: RuleResult = { result: 'no_match', matched: [], unknownFields: [] };

function resultOf(rule: CompiledRule, value: Kleene, fields: SubjectFields): RuleResult {
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

function makeNumbering(): FieldNumbering & { fields: ReadableField[] } {
  const fields: ReadableField[] = [];
  const places = new Map<string, number>();
  return {
    fields,
    indexOf: (name) => {
      const known = places.get(name);
      if (known !== undefined) return known;
      places.set(name, fields.length);
      fields.push(readableField(name));
      return fields.length - 1;
    },
  };
}
