import { parseTimestamp } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat } from '../format.ts';
import { alertFields } from './alert-fields.ts';

/** Reading the record once or twice for each of its values is the price: a larger record is not traced. */
const VALUES_MAX = 1_500;
const DEPTH_MAX = 40;
const SECOND_MS = 1_000;

type Step = string | number;
type Scalar = string | number | boolean;

interface Leaf {
  steps: readonly Step[];
  value: Scalar;
}

/**
 * Finds which values of a record each field of its alert came from: a value is changed or taken away, the record is read
 * again, and the fields that come out otherwise came from it. So it holds for every format, without its knowing. Gives
 * the paths by field, the one that holds the field's own text first; an empty map when the record is too large.
 */
export function traceFields(
  format: AlertFormat,
  record: JsonObject,
  alert: NormalisedAlert,
  nearMs: number | undefined,
): ReadonlyMap<string, readonly string[]> {
  const leaves: Leaf[] = [];
  if (!collectLeaves(record, [], leaves)) return new Map();
  const before = new Map(alertFields(alert).map(({ name, value }) => [name, value]));
  const found = new Map<string, { path: string; isSame: boolean }[]>();
  for (const leaf of leaves) {
    const path = leaf.steps.join('.');
    for (const field of changedBy(format, record, leaf, before, nearMs)) {
      const isSame = before.get(field) === String(leaf.value).trim();
      found.set(field, [...(found.get(field) ?? []), { path, isSame }]);
    }
  }
  const inOrder = (a: { isSame: boolean }, b: { isSame: boolean }): number => Number(b.isSame) - Number(a.isSame);
  return new Map([...found].map(([field, places]) => [field, places.sort(inOrder).map(({ path }) => path)]));
}

/** False when there are too many. */
function collectLeaves(value: Json, steps: readonly Step[], into: Leaf[]): boolean {
  if (into.length > VALUES_MAX || steps.length > DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.every((element, at) => collectLeaves(element, [...steps, at], into));
  if (isJsonObject(value))
    return Object.entries(value).every(([key, below]) => collectLeaves(below, [...steps, key], into));
  if (value !== null) into.push({ steps, value });
  return true;
}

function changedBy(
  format: AlertFormat,
  record: JsonObject,
  leaf: Leaf,
  before: ReadonlyMap<string, string>,
  nearMs: number | undefined,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const value of [undefined, otherThan(leaf.value)]) {
    const result = format.read(withValue(record, leaf.steps, value), nearMs);
    if (result.kind !== 'alert') continue;
    const after = new Map(alertFields(result.alert).map((field) => [field.name, field.value]));
    for (const [name, text] of before) if (after.get(name) !== text) changed.add(name);
  }
  return changed;
}

/** A value of the same kind that says something else: a time a second later stays a time. */
function otherThan(value: Scalar): Scalar {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  const time = /\d{4}|:/.test(value) ? parseTimestamp(value) : null;
  if (time !== null) return new Date(time.atMs + SECOND_MS).toISOString();
  return /^\d{1,15}$/.test(value) ? String(Number(value) + 1) : `${value}x`;
}

/** The record with another value in one place; `undefined` takes it away. What lies beside the place is shared. */
function withValue(record: JsonObject, steps: readonly Step[], value: Scalar | undefined): JsonObject {
  const changed = changedAt(record, steps, 0, value);
  return isJsonObject(changed) ? changed : {};
}

function changedAt(node: Json, steps: readonly Step[], depth: number, value: Scalar | undefined): Json | undefined {
  const step = steps[depth];
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const copy = node.map((element, at) => (at === step ? changedAt(element, steps, depth + 1, value) : element));
    return copy.filter((element) => element !== undefined);
  }
  if (!isJsonObject(node)) return node;
  // From entries, so that a key named __proto__ stays a key.
  const entries = Object.entries(node).map(([key, below]): [string, Json | undefined] => [
    key,
    key === step ? changedAt(below, steps, depth + 1, value) : below,
  ]);
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
