import { isMap, isScalar, isSeq } from 'yaml';
import type { Place } from '../rules/detection.ts';
import { nearestName } from '../rules/nearest-name.ts';
import type { ProblemList } from '../rules/rule-problem.ts';
import type { YamlSource } from '../rules/yaml-source.ts';

/** More nodes of one kind than this were not written by a person. */
const ITEMS_MAX = 500;
/** The longest text in a mapping: a pattern, a description. */
const TEXT_MAX = 4000;

/** Reads the nodes of a mapping file one by one. What is not as it should be is a problem with its place, and gives null. */
export class MappingReader {
  readonly problems: ProblemList;
  readonly #source: YamlSource;

  constructor(source: YamlSource) {
    this.#source = source;
    this.problems = source.problems;
  }

  placeOf(node: unknown): Place {
    return this.#source.placeOf(node);
  }

  fail(node: unknown, message: string): null {
    this.problems.error(this.placeOf(node), message);
    return null;
  }

  /** Text, or a number or truth value as text. `what` begins the sentence about what is wrong: `"title"`. */
  text(node: unknown, what: string): string | null {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string' || value.trim() === '') return this.fail(node, `${what} must be text.`);
    if (value.length > TEXT_MAX) return this.fail(node, `${what} is longer than ${TEXT_MAX} characters.`);
    return value;
  }

  number(node: unknown, what: string): number | null {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.fail(node, `${what} must be a number.`);
  }

  /** The elements of a list; a single node is a list of one. */
  list(node: unknown, what: string): readonly unknown[] {
    const items = isSeq(node) ? node.items : [node];
    if (items.length === 0) this.fail(node, `${what} is empty. Remove it, or say what belongs there.`);
    if (items.length > ITEMS_MAX) this.fail(node, `${what} has more than ${ITEMS_MAX} entries.`);
    return items.slice(0, ITEMS_MAX);
  }

  /** Keys and values of a map whose keys may be anything, with the node of each key. */
  entries(node: unknown, what: string): { key: string; keyNode: unknown; value: unknown }[] | null {
    if (!isMap(node)) return this.fail(node, `${what} must be a map.`);
    if (node.items.length > ITEMS_MAX) return this.fail(node, `${what} has more than ${ITEMS_MAX} entries.`);
    return node.items.map(({ key, value }) => ({ key: isScalar(key) ? String(key.value) : '', keyNode: key, value }));
  }

  /** The values of a map that may have these keys only. A key that is not known is a problem that names the nearest. */
  keys(
    node: unknown,
    what: string,
    known: readonly string[],
  ): ReadonlyMap<string, { keyNode: unknown; value: unknown }> {
    const found = new Map<string, { keyNode: unknown; value: unknown }>();
    for (const { key, keyNode, value } of this.entries(node, what) ?? []) {
      if (known.includes(key)) found.set(key, { keyNode, value });
      else this.unknownKey(keyNode, key, known);
    }
    return found;
  }

  unknownKey(node: unknown, key: string, known: readonly string[]): null {
    const near = nearestName(key, known);
    const hint = near === null ? `Known are ${known.join(', ')}.` : `Did you mean "${near}"?`;
    return this.fail(node, `The key "${key.slice(0, 60)}" is not known here. ${hint}`);
  }
}
