import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

export type Scalar = string | number | boolean;

/** Paths come from rule files and formats, so there are few of them; the cap keeps a stranger from filling memory. */
const KNOWN_PATHS = new Map<string, readonly string[]>();
const KNOWN_PATHS_MAX = 5000;

function segmentsOf(path: string): readonly string[] {
  const known = KNOWN_PATHS.get(path);
  if (known) return known;
  const segments = path.split('.');
  if (KNOWN_PATHS.size < KNOWN_PATHS_MAX) KNOWN_PATHS.set(path, segments);
  return segments;
}

/** Own properties only: a field named `__proto__` or `constructor` must never answer with JavaScript's own. */
function visit(node: Json, segments: readonly string[], from: number, found: (value: Json) => void): void {
  if (Array.isArray(node)) {
    for (const element of node) visit(element, segments, from, found);
    return;
  }
  if (from === segments.length) {
    found(node);
    return;
  }
  if (!isJsonObject(node)) return;
  let key = '';
  for (let end = from; end < segments.length; end++) {
    key = end === from ? (segments[end] ?? '') : `${key}.${segments[end]}`;
    if (!Object.hasOwn(node, key)) continue;
    const child = node[key];
    if (child !== undefined) visit(child, segments, end + 1, found);
  }
}

/**
 * All scalars at a dotted path, in document order. Dotted keys and nested objects are mixed in one document
 * (Elastic does), so `a.b.c` is tried as `a["b.c"]`, `a.b.c` and so on at every level. Arrays are flattened;
 * nulls and objects are no values.
 */
export function scalarsAt(record: JsonObject, path: string): Scalar[] {
  const values: Scalar[] = [];
  visit(record, segmentsOf(path), 0, (value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values.push(value);
  });
  return values;
}
