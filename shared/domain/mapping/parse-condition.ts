import { isSeq } from 'yaml';
import type { MappedCondition, MappedValue } from './mapping-document.ts';
import type { MappingReader } from './mapping-reader.ts';
import { parsePattern } from './parse-transform.ts';
import { parsePath, parseValue } from './parse-value.ts';

const TESTS = ['equals', 'in', 'contains', 'startsWith', 'endsWith', 'matches', 'above', 'below'] as const;
type Test = (typeof TESTS)[number];
const KNOWN: readonly string[] = ['has', 'field', ...TESTS, 'any', 'all', 'not'];
const DEPTH_MAX = 8;
const EXAMPLE = 'for example { field: event.kind, equals: alert }';

/**
 * Reads what is asked of a record: `has: path`, a `field` with a test, `any`, `all` or `not`; a list means that all of
 * it holds. Null when it is faulty.
 */
export function parseMappedCondition(node: unknown, reader: MappingReader, depth = 0): MappedCondition | null {
  if (depth > DEPTH_MAX) return reader.fail(node, `Conditions are nested more than ${DEPTH_MAX} deep.`);
  if (isSeq(node)) return parseList('all', node, reader, depth);
  const keys = reader.keys(node, `A condition (${EXAMPLE})`, KNOWN);
  if (keys.has('field')) return parseFieldTest(node, keys, reader);
  const [entry, second] = [...keys];
  if (entry === undefined)
    return reader.problems.hasErrors() ? null : reader.fail(node, `A condition is missing here, ${EXAMPLE}.`);
  const [name, { keyNode, value }] = entry;
  if (second !== undefined) {
    return reader.fail(
      second[1].keyNode,
      `"${name}" and "${second[0]}" cannot stand together. Make a list of two conditions.`,
    );
  }
  switch (name) {
    case 'has': {
      const path = parsePath(value, reader);
      return path === null ? null : { kind: 'has', path };
    }
    case 'any':
    case 'all':
      return parseList(name, value, reader, depth);
    case 'not': {
      const condition = parseMappedCondition(value, reader, depth + 1);
      return condition === null ? null : { kind: 'not', condition };
    }
    default:
      return reader.fail(keyNode, `"${name}" needs a "field" beside it, ${EXAMPLE}.`);
  }
}

function parseList(kind: 'all' | 'any', node: unknown, reader: MappingReader, depth: number): MappedCondition | null {
  const items = reader.list(node, 'The list of conditions');
  const conditions = items.map((each) => parseMappedCondition(each, reader, depth + 1));
  return conditions.every((condition) => condition !== null) ? { kind, conditions } : null;
}

function parseFieldTest(
  node: unknown,
  keys: ReadonlyMap<string, { keyNode: unknown; value: unknown }>,
  reader: MappingReader,
): MappedCondition | null {
  const value = parseValue(keys.get('field')?.value, reader, 'many');
  const tests = TESTS.filter((test) => keys.has(test));
  const [test] = tests;
  if (test === undefined) return reader.fail(node, `"field" needs a test beside it: one of ${TESTS.join(', ')}.`);
  if (tests.length > 1 || keys.size > 2) {
    const other = [...keys].find(([name]) => name !== 'field' && name !== test);
    return reader.fail(other?.[1].keyNode, `One test stands beside "field". Make a list of two conditions.`);
  }
  return value === null ? null : testOf(test, value, keys.get(test)?.value, reader);
}

function testOf(test: Test, value: MappedValue, node: unknown, reader: MappingReader): MappedCondition | null {
  switch (test) {
    case 'equals':
    case 'in': {
      const words = reader.list(node, `"${test}"`).map((each) => reader.text(each, `"${test}"`));
      if (!words.every((word) => word !== null)) return null;
      return { kind: 'equals', value, words: new Set(words.map((word) => word.toLowerCase())) };
    }
    case 'contains':
    case 'startsWith':
    case 'endsWith': {
      const word = reader.text(node, `"${test}"`);
      return word === null ? null : { kind: test, value, word: word.toLowerCase() };
    }
    case 'matches': {
      const pattern = parsePattern(node, reader, '"matches"');
      return pattern === null ? null : { kind: test, value, pattern };
    }
    case 'above':
    case 'below': {
      const limit = reader.number(node, `"${test}"`);
      return limit === null ? null : { kind: test, value, limit };
    }
  }
}
