import type { CveFacts } from '../../shared/domain/priority/priority.ts';
import type { PriorityPolicy } from '../../shared/domain/priority/priority-policy.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import type { DeadLetter } from '../../shared/model/ingest.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { FieldMatch, GroupRule } from '../../shared/model/rule.ts';
import type { Disposition, Tier } from '../../shared/model/vocabulary.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';

/** One record of a source: its exact bytes and what they parse to, or why they could not be read. */
export type RawRecord =
  | { kind: 'record'; value: JsonObject; bytes: Uint8Array; line: number | null }
  | {
      kind: 'unreadable';
      reason: DeadLetter['reason'];
      message: string;
      /** Already cut to what a dead letter keeps. */
      text: string;
      /** Bytes of the whole record. */
      bytes: number;
      line: number | null;
      column: number | null;
    };

/** What one rule has to say about one alert. */
export interface RuleMatch {
  ruleId: string;
  ruleVersion: number;
  mode: GroupRule['mode'];
  /** The guard's sentence when it was withheld. */
  why: string | null;
  matched: FieldMatch[];
  /** True when the rule has a closing action, whether it acted or not. */
  isClosing: boolean;
}

/** What triage made of one alert. */
export interface TriageDecision {
  closes: { ruleId: string; ruleVersion: number; title: string; disposition: Disposition; reason: string } | null;
  matches: RuleMatch[];
  /** Sum of the steps by which rules move the priority level, guards passed: +1 up, −1 down. */
  priorityStep: number;
  /** Title of the rule that moved it. */
  priorityStepBy: string | null;
  tags: string[];
  route: Tier | null;
}

/** Everything that triage of one batch depends on: made once, replaced whole when rules or lists change. */
export interface TriageState {
  enrich(alert: NormalisedAlert): Enrichment;
  decide(subject: { alert: NormalisedAlert; raw: JsonObject; enrichment: Enrichment }, nowMs: number): TriageDecision;
  sla: SlaPolicy;
  priority: PriorityPolicy;
  cveFacts(cves: readonly string[]): CveFacts[];
  /** Factor of a technique against the median one; null when the prior table does not know it. */
  techniqueFactor(id: string): number | null;
  /** Alerts of one rule on one entity within this time are one group. */
  groupWindowMs(product: string): number;
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
  /** A group that was closed is open again, and why. */
  | {
      kind: 'group.reopen';
      before: Tables['alert_group'];
      after: Tables['alert_group'];
      sentence: string;
      nowMs: number;
    };

/** Appends the entry to the ledger within `tx`. */
export type AppendMachineDecision = (tx: Write, decision: MachineDecision) => Promise<void>;
