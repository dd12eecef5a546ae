import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../shared/model/errors.ts';
import { isJsonObject, type Json } from '../shared/model/json.ts';

/**
 * Policies that a workspace may change by a file of the same name in its own folder. Those that guard the team (what is
 * kept of people, what leads may see, the law on rest) are not among them: they change where the program lies.
 */
export const OWN_POLICIES = ['assurance', 'grouping', 'priority', 'sla', 'storage', 'triage'] as const;
export type OwnPolicy = (typeof OWN_POLICIES)[number];

/** Where policies lie. A value of the workspace's own goes before the default; the folder need not exist. */
export interface PolicyDirs {
  program: string;
  own: string | null;
}

/**
 * A policy of the program with what the workspace says otherwise. Throws EngineError with the file and the place in it:
 * no engine runs on limits that were read half.
 */
export function readPolicy<T>(dirs: PolicyDirs, name: OwnPolicy, schema: z.ZodType<T>): T {
  const path = join(dirs.program, `${name}.json`);
  const ownPath = ownPolicyPath(dirs, name);
  const base = readPolicyJson(path);
  if (ownPath === null) return checked(path, base, schema);
  return checked(ownPath, mergePolicy(base, readPolicyJson(ownPath)), schema);
}

/** Path of the workspace's own file; null when there is none. */
export function ownPolicyPath({ own }: PolicyDirs, name: OwnPolicy): string | null {
  const path = own === null ? null : join(own, `${name}.json`);
  return path !== null && existsSync(path) ? path : null;
}

/** Files in the workspace's folder that are read by nobody: a misspelt name, or a policy that may not be changed there. */
export function unreadPolicies(own: string): string[] {
  const read = new Set<string>(OWN_POLICIES.map((name) => `${name}.json`));
  return existsSync(own) ? readdirSync(own).filter((name) => /\.json$/i.test(name) && !read.has(name)) : [];
}

/** What `own` says in place of `base`: maps are joined key by key, everything else is replaced. */
export function mergePolicy(base: Json, own: Json): Json {
  if (!isJsonObject(base) || !isJsonObject(own)) return own;
  const changed = Object.entries(own).map(([key, value]): [string, Json] => {
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, before === undefined ? value : mergePolicy(before, value)];
  });
  // Never by assignment: a member named `__proto__` would then be read under every name, and no check would see it.
  return Object.fromEntries([...Object.entries(base), ...changed]);
}

/** The JSON of a policy file. Throws EngineError when it cannot be read. */
export function readPolicyJson(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError('invalid_input', `The policy file ${path} cannot be read: ${why}`);
  }
}

function checked<T>(path: string, value: Json, schema: z.ZodType<T>): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new EngineError('invalid_input', `The policy file ${path} cannot be used.\n${z.prettifyError(read.error)}`);
}
