import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AssurancePolicy, assurancePolicySchema } from '../../shared/domain/assurance/assurance-policy.ts';

/** Reads what rules must keep proving. Throws with the file's name: no engine runs on limits that it cannot read. */
export function loadAssurancePolicy(policiesDir: string): AssurancePolicy {
  const path = join(policiesDir, 'assurance.json');
  try {
    return assurancePolicySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`The policy file ${path} cannot be read.`, { cause });
  }
}
