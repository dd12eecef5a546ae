import type { z } from 'zod';
import { EngineError } from '../../shared/model/errors.ts';

/** The most that one call's input may hold, in characters of keys and text. */
export const INPUT_CHARACTERS_MAX = 1024 * 1024;
const DEPTH_MAX = 64;
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses what no honest client sends, before any schema looks at it: more than a megabyte, nesting without end, keys
 * that reach for a prototype, and values that are not JSON. Throws EngineError.
 */
export function guardInput(input: unknown): void {
  let budget = INPUT_CHARACTERS_MAX;
  const spend = (characters: number): void => {
    budget -= characters;
    if (budget < 0) {
      throw new EngineError('too_large', 'The request is larger than 1 MB. Send it in smaller pieces.');
    }
  };
  const pending: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (depth > DEPTH_MAX) throw new EngineError('invalid_input', `The request is nested deeper than ${DEPTH_MAX}.`);
    if (typeof value === 'string') spend(value.length);
    else if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') spend(8);
    else if (Array.isArray(value)) for (const item of value) pending.push({ value: item, depth: depth + 1 });
    else if (isPlainObject(value)) {
      for (const key of Object.keys(value)) {
        if (PROTOTYPE_KEYS.has(key)) throw new EngineError('invalid_input', `The request has a forbidden key, ${key}.`);
        spend(key.length);
        pending.push({ value: value[key], depth: depth + 1 });
      }
    } else throw new EngineError('invalid_input', 'The request holds a value that is not JSON.');
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The first key that `schema` does not name, as a path; null when there is none. Unions are left to their own schemas. */
export function unknownKey(schema: z.core.$ZodType, value: unknown, path = ''): string | null {
  const { def } = schema._zod as { def: SchemaDef };
  if (def.innerType !== undefined) return unknownKey(def.innerType, value, path);
  if (def.type === 'array' && def.element !== undefined && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = unknownKey(def.element, item, `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (def.type !== 'object' || def.shape === undefined || !isPlainObject(value)) return null;
  for (const key of Object.keys(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const inner = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
    if (inner === undefined) return at;
    const found = unknownKey(inner, value[key], at);
    if (found !== null) return found;
  }
  return null;
}

/** The part of zod's own description of a schema that is read here. */
interface SchemaDef {
  type: string;
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
}
