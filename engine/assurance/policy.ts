import { type AssurancePolicy, assurancePolicySchema } from '../../shared/domain/assurance/assurance-policy.ts';
import { readPolicy } from '../policy-files.ts';

/** What rules must keep proving, with what the workspace says otherwise in `ownDir`. Throws as `readPolicy` does. */
export function loadAssurancePolicy(policiesDir: string, ownDir?: string): AssurancePolicy {
  return readPolicy({ program: policiesDir, own: ownDir ?? null }, 'assurance', assurancePolicySchema);
}
