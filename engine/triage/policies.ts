import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PriorityPolicy, priorityPolicySchema } from '../../shared/domain/priority/priority-policy.ts';
import { type GroupingPolicy, groupingPolicySchema } from '../../shared/domain/triage/grouping-policy.ts';
import { type TriagePolicy, triagePolicySchema } from '../../shared/domain/triage/triage-policy.ts';

export interface TriagePolicies {
  priority: PriorityPolicy;
  triage: TriagePolicy;
  grouping: GroupingPolicy;
}

/** Reads the policies of this stage from `dir`. Throws with the file's name: no engine runs on limits that it cannot read. */
export function loadTriagePolicies(dir: string): TriagePolicies {
  return {
    priority: read(dir, 'priority.json', (value) => priorityPolicySchema.parse(value)),
    triage: read(dir, 'triage.json', (value) => triagePolicySchema.parse(value)),
    grouping: read(dir, 'grouping.json', (value) => groupingPolicySchema.parse(value)),
  };
}

function read<T>(dir: string, name: string, parse: (value: unknown) => T): T {
  const path = join(dir, name);
  try {
    return parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`The policy file ${path} cannot be read.`, { cause });
  }
}
