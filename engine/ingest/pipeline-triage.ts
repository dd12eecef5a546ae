import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import type { Candidate } from './pipeline-classify.ts';
import type { TriageState } from './pipeline-input.ts';

const NO_OUTCOME: TriageOutcome = {
  close: null,
  suppress: [],
  tags: [],
  priorityStep: 0,
  priorityStepBy: null,
  route: null,
  escalate: null,
  playbook: null,
  hits: [],
};

/**
 * What lists know of an alert and what rules do with it. An alert that its product had closed is history: no rule acts
 * on it. What the reading thread found counts when it asked the rules and lists of today; the record itself, which
 * would have to be read again, is then only looked at by a rule that acts.
 */
export function triageOf(
  candidate: Candidate,
  triage: TriageState,
  nowMs: number,
): { enrichment: Enrichment; outcome: TriageOutcome } {
  const { alert, reading } = candidate;
  const { ahead } = triage;
  if (reading != null && ahead?.generation === reading.generation) {
    const { enrichment, hits } = reading;
    if (alert.closedAtSource || hits.length === 0) return { enrichment, outcome: NO_OUTCOME };
    return { enrichment, outcome: ahead.decideOn(hits, subjectOf(candidate, enrichment), nowMs) };
  }
  const enrichment = triage.enrich(alert);
  if (alert.closedAtSource) return { enrichment, outcome: NO_OUTCOME };
  return { enrichment, outcome: triage.decide(subjectOf(candidate, enrichment), nowMs) };
}

function subjectOf(candidate: Candidate, enrichment: Enrichment): FieldSubject {
  return {
    alert: candidate.alert,
    enrichment,
    get raw() {
      return candidate.raw;
    },
  };
}
