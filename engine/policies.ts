import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { weeksNeeded } from '../shared/domain/strain/load-ratio.ts';
import {
  countryPolicySchema,
  type Policies,
  retentionPolicySchema,
  slaPolicySchema,
  strainPolicySchema,
} from '../shared/model/policy.ts';
import { type StoragePolicy, storagePolicySchema } from '../shared/model/storage.ts';
import { readPolicy } from './policy-files.ts';

/** Where the policies lie when the engine runs from source. A bundled host names its own folder. */
export const SOURCE_POLICIES_DIR = fileURLToPath(new URL('../resources/policies/', import.meta.url));

/**
 * Reads and checks the policy files of `dir`, with what the workspace says otherwise in `ownDir`. Throws with the file's
 * name: no engine runs on limits that it cannot read.
 */
export function loadPolicies(dir: string = SOURCE_POLICIES_DIR, ownDir?: string): Policies {
  const policies = {
    sla: readPolicy({ program: dir, own: ownDir ?? null }, 'sla', slaPolicySchema),
    strain: strainPolicySchema.parse(readJson(join(dir, 'strain.json'))),
    country: countryPolicySchema.parse(readJson(join(dir, 'country-eu.json'))),
    retention: retentionPolicySchema.parse(readJson(join(dir, 'retention.json'))),
  };
  checkWindows(policies);
  return policies;
}

/** Throws when something would be deleted that a condition still has to look at: it would be wrong without a word. */
export function checkWindows({ strain, retention }: Pick<Policies, 'strain' | 'retention'>): void {
  const needed = {
    // A rest or a duty at the edge of the window began up to two days before it.
    duty: Math.max(weeksNeeded(strain) * 7, strain.shortRest.windowDays) + 2,
    handling_sample: strain.handling.windowDays + 1,
    strain_band: Math.ceil(strain.personFirstHours / 24) + 1,
  } as const;
  for (const [table, days] of Object.entries(needed) as [keyof typeof needed, number][]) {
    if (retention.purged[table].days < days) {
      throw new Error(
        `The policy file retention.json keeps ${table} for ${retention.purged[table].days} days, and the conditions look back ${days}.`,
      );
    }
  }
}

/** How long originals are kept, and how much of what could not be read. Throws as `readPolicy` does. */
export function loadStoragePolicy(dir: string = SOURCE_POLICIES_DIR, ownDir?: string): StoragePolicy {
  return readPolicy({ program: dir, own: ownDir ?? null }, 'storage', storagePolicySchema);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`The policy file ${path} cannot be read.`, { cause });
  }
}
