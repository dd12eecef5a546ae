import { isMap, isScalar, isSeq } from 'yaml';
import { parseCondition } from './condition.ts';
import type { Condition, Detection, DetectionItem, Place, SelectionBody, ValueTest } from './detection.ts';
import { parseModifiers, type RuleValue, testsOf } from './modifiers.ts';
import { regexSteps } from './regex-steps.ts';
import type { YamlSource } from './yaml-source.ts';

const ITEMS_MAX = 100_000;
/** What all regular expressions of one rule may come to, see `regexSteps`: each stays in memory while the rule does. */
const RULE_REGEX_STEPS_MAX = 100_000;

/**
 * Reads the `detection` section: named selections (maps, lists of maps, keywords) and the condition over them
 * (Sigma rules 2.0). Null when it is faulty; the problems say where and what would be right.
 */
export function parseDetection(node: unknown, source: YamlSource): Detection | null {
  const { placeOf, problems } = source;
  if (!isMap(node)) {
    problems.error(placeOf(node), '"detection" must be a map of selections with a "condition".');
    return null;
  }
  const reader = new DetectionReader(source);
  const selections = new Map<string, SelectionBody>();
  let conditionNode: unknown = null;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === 'condition') conditionNode = value;
    else if (name === 'timeframe')
      problems.warn(placeOf(key), '"timeframe" has no meaning without an aggregation and is ignored.');
    else {
      const body = reader.readSelection(value, placeOf(key));
      if (body !== null) selections.set(name, body);
    }
  }
  if (selections.size === 0 && !problems.hasErrors()) {
    problems.error(placeOf(node), '"detection" has no selection. Add one, for example "selection: { rule.id: … }".');
  }
  if (conditionNode === null) {
    problems.error(placeOf(node), '"detection" has no "condition". Add, for example, "condition: selection".');
  }
  if (problems.hasErrors()) return null;
  const condition = readCondition(conditionNode, [...selections.keys()], source);
  if (condition === null) return null;
  warnUnused(selections, condition, node, source);
  return { selections, condition };
}

/** A list of conditions means that any of them is enough. */
function readCondition(node: unknown, names: readonly string[], source: YamlSource): Condition | null {
  const nodes = isSeq(node) ? node.items : [node];
  const conditions: Condition[] = [];
  for (const each of nodes) {
    if (!isScalar(each) || typeof each.value !== 'string') {
      source.problems.error(source.placeOf(each), 'A condition must be text, for example "selection and not filter".');
      return null;
    }
    const condition = parseCondition(each.value, names, conditionPlace(each, source), source.problems);
    if (condition === null) return null;
    conditions.push(condition);
  }
  const first = conditions[0];
  if (first === undefined) {
    source.problems.error(source.placeOf(node), 'The list of conditions is empty.');
    return null;
  }
  return conditions.length === 1 ? first : { kind: 'or', of: conditions };
}

/** Columns inside the text start after its quote. */
function conditionPlace(node: unknown, source: YamlSource): Place {
  const place = source.placeOf(node);
  const isQuoted = isScalar(node) && (node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE');
  return isQuoted ? { line: place.line, column: place.column + 1 } : place;
}

function warnUnused(
  selections: ReadonlyMap<string, SelectionBody>,
  condition: Condition,
  node: { items: readonly { key: unknown }[] },
  source: YamlSource,
): void {
  const used = new Set<string>();
  const walk = (each: Condition): void => {
    if (each.kind === 'selection') used.add(each.name);
    else if (each.kind === 'not') walk(each.of);
    else each.of.forEach(walk);
  };
  walk(condition);
  for (const { key } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (selections.has(name) && !used.has(name) && !name.startsWith('_')) {
      source.problems.warn(source.placeOf(key), `The condition does not use the selection "${name.slice(0, 60)}".`);
    }
  }
}

class DetectionReader {
  private readonly source: YamlSource;
  private count = 0;
  private steps = 0;

  constructor(source: YamlSource) {
    this.source = source;
  }

  /** A map is "and" over its fields; a list is "or" over its maps and keywords; one text is one keyword. */
  readSelection(node: unknown, place: Place): SelectionBody | null {
    const { problems } = this.source;
    if (isMap(node)) {
      if (node.items.length === 0) problems.error(place, 'This selection is empty.');
      const items = node.items.flatMap(({ key, value }) => this.readItem(key, value) ?? []);
      return { kind: 'items', items };
    }
    if (!isSeq(node)) {
      const item = this.itemFrom(null, [], '', node, place);
      return item === null ? null : { kind: 'items', items: [item] };
    }
    if (node.items.length === 0) problems.error(place, 'This selection is empty.');
    return this.readList(node.items, place);
  }

  private readList(nodes: readonly unknown[], place: Place): SelectionBody {
    const keywords = nodes.filter(isScalar);
    const of = nodes
      .filter((node) => !isScalar(node))
      .flatMap((node) => this.readSelection(node, this.source.placeOf(node)) ?? []);
    if (keywords.length > 0) {
      const item = this.itemFromNodes(null, [], '', keywords, place);
      if (item !== null) of.unshift({ kind: 'items', items: [item] });
    }
    return { kind: 'any', of };
  }

  private readItem(key: unknown, value: unknown): DetectionItem | null {
    const place = this.source.placeOf(key);
    const [field = '', ...written] = isScalar(key) ? String(key.value).split('|') : [];
    const chain = parseModifiers(written, place, this.source.problems);
    if (chain === null) return null;
    return this.itemFrom(field === '' ? null : field, chain, written.join('|'), value, place);
  }

  private itemFrom(
    field: string | null,
    chain: readonly string[],
    modifiers: string,
    node: unknown,
    place: Place,
  ): DetectionItem | null {
    const nodes = isSeq(node) ? node.items : [node];
    if (nodes.length === 0) {
      this.source.problems.error(place, 'This list of values is empty.');
      return null;
    }
    return this.itemFromNodes(field, chain, modifiers, nodes, place);
  }

  private itemFromNodes(
    field: string | null,
    chain: readonly string[],
    modifiers: string,
    nodes: readonly unknown[],
    place: Place,
  ): DetectionItem | null {
    const { problems } = this.source;
    this.count += nodes.length;
    if (this.count > ITEMS_MAX) {
      problems.error(place, `A rule has at most ${ITEMS_MAX} values. Move them to a lookup list.`);
      return null;
    }
    if (chain.includes('re') && !this.countSteps(nodes, place)) return null;
    const keywordChain = field === null && !chain.includes('re') ? [...chain, 'contains'] : chain;
    const values = nodes.map((node): ValueTest[] => {
      const value = this.valueOf(node, place);
      return value === null ? [] : testsOf(value, keywordChain, problems);
    });
    return {
      field,
      modifiers,
      values: values.filter((tests) => tests.length > 0),
      needsAll: chain.includes('all'),
      isNegated: chain.includes('neq'),
      place,
    };
  }

  /** False, and an error, when the expressions of the rule come to too much. */
  private countSteps(nodes: readonly unknown[], place: Place): boolean {
    for (const node of nodes) this.steps += isScalar(node) ? regexSteps(String(node.value)) : 0;
    if (this.steps <= RULE_REGEX_STEPS_MAX) return true;
    this.source.problems.error(
      place,
      `The regular expressions of one rule come to at most ${RULE_REGEX_STEPS_MAX} steps together. Split the rule.`,
    );
    return false;
  }

  private valueOf(node: unknown, place: Place): RuleValue | null {
    if (node === null || node === undefined) return { value: null, source: 'null', place };
    const { problems, placeOf } = this.source;
    if (!isScalar(node)) {
      problems.error(placeOf(node), 'A value must be text, a number, true, false or null.');
      return null;
    }
    const { value } = node;
    const source = typeof node.source === 'string' ? node.source : String(value);
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { value, source: typeof value === 'string' ? value : source, place: placeOf(node) };
    }
    problems.error(placeOf(node), 'A value must be text, a number, true, false or null.');
    return null;
  }
}
