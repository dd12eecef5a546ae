import type { TriageState } from '../../../engine/ingest/pipeline-input.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import { makeEnricher } from '../../../shared/domain/enrichment/enricher.ts';
import { DEFAULT_PRIORITY_POLICY } from '../../../shared/domain/priority/priority-policy.ts';
import { DEFAULT_GROUPING_POLICY, makeGrouping } from '../../../shared/domain/triage/grouping-policy.ts';
import { claimedSeverity } from '../../../shared/domain/triage/severity-correction.ts';

export const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** Triage without rules, for a process that has no test runner around it. */
export const systemTriage: TriageState = {
  severityOf: claimedSeverity,
  enrich: makeEnricher({ assets: [], identities: [], knownExploited: null }),
  decide: () => ({
    close: null,
    suppress: [],
    tags: [],
    priorityStep: 0,
    priorityStepBy: null,
    route: null,
    escalate: null,
    playbook: null,
    hits: [],
  }),
  sla: loadPolicies().sla,
  priority: DEFAULT_PRIORITY_POLICY,
  cveFacts: () => [],
  techniqueFactor: () => null,
  grouping: makeGrouping({ ...DEFAULT_GROUPING_POLICY, windowMinutes: 1440 }),
};
