import { type PriorityPolicy, priorityPolicySchema } from '../../shared/domain/priority/priority-policy.ts';
import { type GroupingPolicy, groupingPolicySchema } from '../../shared/domain/triage/grouping-policy.ts';
import { type TriagePolicy, triagePolicySchema } from '../../shared/domain/triage/triage-policy.ts';
import { readPolicy } from '../policy-files.ts';

export interface TriagePolicies {
  priority: PriorityPolicy;
  triage: TriagePolicy;
  grouping: GroupingPolicy;
}

/** The policies of this stage in `dir`, with what the workspace says otherwise in `ownDir`. Throws as `readPolicy` does. */
export function loadTriagePolicies(dir: string, ownDir?: string): TriagePolicies {
  const dirs = { program: dir, own: ownDir ?? null };
  return {
    priority: readPolicy(dirs, 'priority', priorityPolicySchema),
    triage: readPolicy(dirs, 'triage', triagePolicySchema),
    grouping: readPolicy(dirs, 'grouping', groupingPolicySchema),
  };
}
