import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import type { CveFacts } from '../../shared/domain/priority/priority.ts';
import type { PriorityPolicy } from '../../shared/domain/priority/priority-policy.ts';
import type { Grouping } from '../../shared/domain/triage/grouping-policy.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';

/** Everything that triage of one batch depends on: made once, replaced whole when rules or lists change. */
export interface TriageState {
  enrich(alert: NormalisedAlert): Enrichment;
  decide(subject: FieldSubject, nowMs: number): TriageOutcome;
  /**
   * From here on everything that deciding remembers can be taken back by the answer: what a transaction that failed
   * decided was never so, and an alert must not be closed as the like of one that nobody was shown.
   */
  mark?(): () => void;
  /** Planted true positives that have not come in yet, by product and stable id. Rules and guards do not see them. */
  canaries?: ReadonlySet<string>;
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
