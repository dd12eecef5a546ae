import { createIngest, type Ingest, type IngestOptions } from '../../../engine/ingest/pipeline.ts';
import type { MachineDecision, TriageState } from '../../../engine/ingest/pipeline-input.ts';
import type { RawRecord } from '../../../engine/ingest/records/raw-record.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import type { Store } from '../../../engine/store/store.ts';
import { makeEnricher } from '../../../shared/domain/enrichment/enricher.ts';
import { DEFAULT_PRIORITY_POLICY } from '../../../shared/domain/priority/priority-policy.ts';
import { DEFAULT_GROUPING_POLICY, makeGrouping } from '../../../shared/domain/triage/grouping-policy.ts';
import { claimedSeverity } from '../../../shared/domain/triage/severity-correction.ts';
import type { TriageOutcome } from '../../../shared/domain/triage/triage-outcome.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { quiet, stillClock } from '../../store/databases.ts';

export const NOW_MS = stillClock.nowMs();
export const DAY_MS = 86_400_000;

const nothing: TriageOutcome = {
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

/** Closes what a scanner of ours did; everything else goes to people. */
export function closeScanner(alert: NormalisedAlert): TriageOutcome {
  if (!alert.title.startsWith('ET SCAN') || alert.severity === 'critical') return nothing;
  const why = 'Closed by rule "Scanner": the source is our scanner.';
  return {
    ...nothing,
    close: { ruleId: 'scanner', ruleVersion: 2, disposition: 'benign_true_positive', why },
    hits: [
      {
        ruleId: 'scanner',
        version: 2,
        title: 'Scanner',
        mode: 'acted',
        why,
        actions: [{ close: 'benign_true_positive' }],
        matched: [{ selection: 'scan', field: 'rule.name', pattern: 'startswith ET SCAN', value: alert.title }],
      },
    ],
  };
}

export function testTriage(decide: (alert: NormalisedAlert) => TriageOutcome = closeScanner): TriageState {
  return {
    severityOf: claimedSeverity,
    enrich: makeEnricher({
      assets: [
        { key: '10.0.0.5', kind: 'ip', criticality: 'crown_jewel', internetFacing: false, owner: null, note: null },
      ],
      identities: [],
      knownExploited: null,
    }),
    decide: ({ alert }) => decide(alert),
    sla: loadPolicies().sla,
    priority: DEFAULT_PRIORITY_POLICY,
    cveFacts: () => [],
    techniqueFactor: () => null,
    grouping: makeGrouping({ ...DEFAULT_GROUPING_POLICY, windowMinutes: 1440 }),
  };
}

export interface EveParts {
  at?: number;
  flow?: number;
  sid?: number;
  signature?: string;
  priority?: number;
  source?: string;
  destination?: string;
  tactic?: string;
  extra?: JsonObject;
}

/** One Suricata EVE alert. */
export function eve(parts: EveParts = {}): JsonObject {
  const { at = NOW_MS - 3_600_000, flow = 1, sid = 2001, signature = 'ET POLICY test', priority = 2 } = parts;
  return {
    timestamp: new Date(at).toISOString().replace('Z', '+0000'),
    flow_id: flow,
    event_type: 'alert',
    src_ip: parts.source ?? '10.0.0.5',
    src_port: 4711,
    dest_ip: parts.destination ?? '192.0.2.7',
    dest_port: 443,
    proto: 'TCP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: sid,
      rev: 1,
      signature,
      category: 'Misc',
      severity: priority,
      ...(parts.tactic === undefined ? {} : { metadata: { mitre_tactic_name: [parts.tactic] } }),
    },
    ...parts.extra,
  };
}

export function recordOf(value: JsonObject, line = 1): RawRecord {
  return { kind: 'record', value, bytes: Buffer.from(JSON.stringify(value)), line };
}

export async function* batchesOf(...batches: RawRecord[][]): AsyncGenerator<RawRecord[]> {
  yield* batches;
}

export interface Setting {
  ingest: Ingest;
  decisions: MachineDecision[];
  /** Stores these values as records of one file, in batches of `size`. */
  take(
    values: readonly JsonObject[],
    options?: Partial<IngestOptions> & { size?: number },
  ): ReturnType<Ingest['ingest']>;
}

export function settingOn(store: Store, triage: TriageState = testTriage()): Setting {
  const decisions: MachineDecision[] = [];
  const ingest = createIngest({
    store,
    ports: { clock: stillClock, log: quiet },
    triage: () => triage,
    append: async (_tx, decision) => void decisions.push(decision),
  });
  return {
    ingest,
    decisions,
    take: (values, { size = 1_000, ...options } = {}) => {
      const records = values.map((value, i) => recordOf(value, i + 1));
      const batches: RawRecord[][] = [];
      for (let from = 0; from < records.length; from += size) batches.push(records.slice(from, from + size));
      return ingest.ingest(batchesOf(...batches), { origin: 'eve.json', format: 'auto', isHistory: false, ...options });
    },
  };
}
