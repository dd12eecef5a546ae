import type { FieldMatch, RULE_MODES, RuleAction } from '../../model/rule.ts';
import type { Disposition, Tier } from '../../model/vocabulary.ts';

/** What one rule did on one alert. `why` is one sentence with rule, version and matched fields. */
export interface TriageHit {
  ruleId: string;
  version: number;
  title: string;
  mode: (typeof RULE_MODES)[number];
  why: string;
  actions: RuleAction[];
  matched: FieldMatch[];
}

/** A suppression to start: the first alert is shown, those like it are closed as duplicates until `untilMs`. */
export interface SuppressionStart {
  ruleId: string;
  key: string;
  untilMs: number;
}

export interface TriageOutcome {
  close: { ruleId: string; ruleVersion: number; disposition: Disposition; why: string } | null;
  suppress: SuppressionStart[];
  /** In alphabetical order, each once. */
  tags: string[];
  /** +1, 0 or -1: many rules move an alert by one step together. */
  priorityStep: number;
  /** Title of the rule that moved it, for the sentence in the priority's reasons. */
  priorityStepBy: string | null;
  route: { tier?: Tier; skill?: string } | null;
  escalate: { to: Tier; question: string } | null;
  playbook: string | null;
  /** In the order of the rules. */
  hits: TriageHit[];
}
