import { isMap, isScalar, isSeq } from 'yaml';
import type { MappedValue, Transform } from './mapping-document.ts';
import type { MappingReader } from './mapping-reader.ts';
import { parseTransform } from './parse-transform.ts';

const SOURCES = ['from', 'const', 'firstOf', 'all', 'join'] as const;
const KNOWN: readonly string[] = [...SOURCES, 'with', 'transforms', 'default'];
const SEGMENTS_MAX = 12;
const DEPTH_MAX = 8;

/**
 * Reads where a value comes from: a path (`alert.name`), a list, or a map with `from`, `const`, `firstOf`, `all` or
 * `join`, and with `transforms` and `default`. A list means the first that has a value where the field holds one, and
 * all of them where it holds many. Null when it is faulty.
 */
export function parseValue(node: unknown, reader: MappingReader, holds: 'one' | 'many', depth = 0): MappedValue | null {
  if (depth > DEPTH_MAX) return reader.fail(node, `Values are nested more than ${DEPTH_MAX} deep.`);
  if (isScalar(node)) {
    const path = parsePath(node, reader);
    return path === null ? null : { from: { kind: 'path', path }, transforms: [], fallback: null };
  }
  if (isSeq(node)) {
    const values = parseValues(node, reader, holds, depth);
    return values === null
      ? null
      : { from: { kind: holds === 'one' ? 'firstOf' : 'all', values }, transforms: [], fallback: null };
  }
  if (!isMap(node))
    return reader.fail(node, 'Say where the value comes from: a path such as alert.name, or "const: text".');
  const keys = reader.keys(node, 'A value', KNOWN);
  const named = SOURCES.filter((name) => keys.has(name));
  const [name, second] = named;
  if (name === undefined) return reader.fail(node, `A value needs one of ${SOURCES.join(', ')}.`);
  if (second !== undefined)
    return reader.fail(keys.get(second)?.keyNode, `"${name}" and "${second}" cannot stand together. Keep one.`);
  const from = parseSource(name, keys.get(name)?.value, keys.get('with'), reader, depth);
  const transforms = parseTransforms(keys.get('transforms')?.value, reader);
  const fallbackNode = keys.get('default')?.value;
  const fallback = fallbackNode === undefined ? null : reader.text(fallbackNode, '"default"');
  return from === null || transforms === null ? null : { from, transforms, fallback };
}

function parseSource(
  name: (typeof SOURCES)[number],
  node: unknown,
  withNode: { keyNode: unknown; value: unknown } | undefined,
  reader: MappingReader,
  depth: number,
): MappedValue['from'] | null {
  if (name !== 'join' && withNode !== undefined) return reader.fail(withNode.keyNode, '"with" belongs to "join".');
  switch (name) {
    case 'from': {
      if (!isScalar(node)) return reader.fail(node, '"from" takes one path. For several use firstOf, all or join.');
      const path = parsePath(node, reader);
      return path === null ? null : { kind: 'path', path };
    }
    case 'const': {
      const text = reader.text(node, '"const"');
      return text === null ? null : { kind: 'const', text };
    }
    case 'firstOf':
    case 'all': {
      const values = parseValues(node, reader, name === 'all' ? 'many' : 'one', depth);
      return values === null ? null : { kind: name, values };
    }
    case 'join': {
      const values = parseValues(node, reader, 'one', depth);
      const by = withNode === undefined ? ' ' : isScalar(withNode.value) ? String(withNode.value.value ?? '') : null;
      if (by === null) return reader.fail(withNode?.value, '"with" must be the text between the parts.');
      return values === null ? null : { kind: 'join', values, by };
    }
  }
}

function parseValues(
  node: unknown,
  reader: MappingReader,
  holds: 'one' | 'many',
  depth: number,
): readonly MappedValue[] | null {
  const values = reader.list(node, 'The list of values').map((each) => parseValue(each, reader, holds, depth + 1));
  return values.every((value) => value !== null) ? values : null;
}

function parseTransforms(node: unknown, reader: MappingReader): readonly Transform[] | null {
  if (node === undefined) return [];
  const transforms = reader.list(node, '"transforms"').map((each) => parseTransform(each, reader));
  return transforms.every((transform) => transform !== null) ? transforms : null;
}

/** Dots part keys; a key that has a dot itself is found as well, and lists are looked through. */
export function parsePath(node: unknown, reader: MappingReader): string | null {
  const text = reader.text(node, 'A path');
  if (text === null) return null;
  const path = text.startsWith('raw.') ? text.slice(4) : text;
  const segments = path.split('.');
  if (segments.some((segment) => segment.trim() === '')) {
    return reader.fail(
      node,
      `"${path.slice(0, 60)}" is no path. Write keys with dots between them, such as alert.name.`,
    );
  }
  if (segments.length > SEGMENTS_MAX) return reader.fail(node, `A path has at most ${SEGMENTS_MAX} keys.`);
  if (/\[\d*\]/.test(path)) {
    return reader.fail(node, `Lists are looked through without brackets: write "${path.replace(/\[\d*\]/g, '')}".`);
  }
  return path;
}
