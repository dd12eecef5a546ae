import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countryPolicySchema, type Policies, slaPolicySchema, strainPolicySchema } from '../shared/model/policy.ts';

/** Where the policies lie when the engine runs from source. A bundled host names its own folder. */
export const SOURCE_POLICIES_DIR = fileURLToPath(new URL('../resources/policies/', import.meta.url));

/** Reads and checks the policy files of `dir`. Throws with the file's name: no engine runs on limits that it cannot read. */
export function loadPolicies(dir: string = SOURCE_POLICIES_DIR): Policies {
  return {
    sla: slaPolicySchema.parse(readJson(join(dir, 'sla.json'))),
    strain: strainPolicySchema.parse(readJson(join(dir, 'strain.json'))),
    country: countryPolicySchema.parse(readJson(join(dir, 'country-eu.json'))),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`The policy file ${path} cannot be read.`, { cause });
  }
}
