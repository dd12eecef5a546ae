import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import type { KnownExploitedFacts } from '../../shared/domain/enrichment/enricher.ts';
import type { CveFacts } from '../../shared/domain/priority/priority.ts';
import type { PriorityPolicy } from '../../shared/domain/priority/priority-policy.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import type { RuleHit } from '../../shared/domain/rules/rule-set.ts';
import type { Grouping } from '../../shared/domain/triage/grouping-policy.ts';
import type { SeverityOf } from '../../shared/domain/triage/severity-correction.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import type { Asset, Enrichment, Identity } from '../../shared/model/lists.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';

/** What one rule says of an alert: `place` is that of the rule within its compiled set. */
export interface FoundHit extends Pick<RuleHit, 'result' | 'matched' | 'unknownFields'> {
  place: number;
}

/** What rules and lists of one state of triage say of an alert. */
export interface ReadingOf {
  generation: number;
  enrichment: Enrichment;
  hits: readonly FoundHit[];
}

/** Everything that rules and lists say follows from, as it goes to another thread. */
export interface TriageFacts {
  documents: readonly RuleDocument[];
  lookups: ReadonlyMap<string, readonly string[]>;
  assets: readonly Asset[];
  identities: readonly Identity[];
  knownExploited: ReadonlyMap<string, KnownExploitedFacts> | null;
}

/** For a thread that asks rules and lists while the writer still stores what came before. */
export interface TriageAhead {
  /** No two states have the same: what one found is never taken for what another would find. */
  generation: number;
  facts: TriageFacts;
  /** What follows from the hits; the same as `decide` of the same subject. */
  decideOn(hits: readonly FoundHit[], subject: FieldSubject, nowMs: number): TriageOutcome;
}

/** Everything that triage of one batch depends on: made once, replaced whole when rules or lists change. */
export interface TriageState {
  enrich(alert: NormalisedAlert): Enrichment;
  /** What priority, clocks and guards take an alert for: what it claims, unless people corrected that. */
  severityOf: SeverityOf;
  decide(subject: FieldSubject, nowMs: number): TriageOutcome;
  /**
   * From here on everything that deciding remembers can be taken back by the answer: what a transaction that failed
   * decided was never so, and an alert must not be closed as the like of one that nobody was shown.
   */
  mark?(): () => void;
  /** Planted true positives in what comes in now, by product and stable id. Rules and guards do not see this. */
  canaries?: ReadonlySet<string>;
  /** Absent where all is asked on the writer's own thread. */
  ahead?: TriageAhead;
  sla: SlaPolicy;
  priority: PriorityPolicy;
  cveFacts(cves: readonly string[]): CveFacts[];
  /** Factor of a technique against the median one; null when the prior table does not know it. */
  techniqueFactor(id: string): number | null;
  /** Which alerts of a product's rule are one group. */
  grouping(product: string, ruleId: string): Grouping;
}

/** Something that ingest decided by itself and that the ledger has to say. */
export type MachineDecision =
  /** Closures by one rule version in one transaction. */
  | {
      kind: 'automation.close';
      ruleId: string;
      ruleVersion: number;
      ruleTitle: string;
      alerts: number;
      groupIds: number[];
      nowMs: number;
    }
  /** A group that was closed is open again, or something more severe came into one that people work on, and why. */
  | {
      kind: 'group.reopen' | 'group.raise';
      before: Tables['alert_group'];
      after: Tables['alert_group'];
      sentence: string;
      nowMs: number;
    };

/** Appends the entry to the ledger within `tx`. */
export type AppendMachineDecision = (tx: Write, decision: MachineDecision) => Promise<void>;
