import { ackDueAtMs, initialTier } from '../../shared/domain/routing/clock.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { Entity, NormalisedAlert } from '../../shared/model/alert.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import {
  CRITICALITIES,
  type Criticality,
  type Severity,
  severityOfRank,
  severityRank,
  TIERS,
  type Tier,
} from '../../shared/model/vocabulary.ts';
import type { Tables } from '../store/schema.ts';
import { storableText } from './storable-text.ts';

export type GroupRow = Tables['alert_group'];

/** What priority needs of a group and no other column has. Kept inside `priority_json`. */
export interface GroupFacts {
  hostCriticality: Criticality | null;
  hostInternetFacing: boolean | null;
  userTier0: boolean | null;
  ruleStepBy: string | null;
}

/** A group as this transaction changes it. */
export interface GroupState {
  row: GroupRow;
  /** As it was before this transaction; null when it is new. */
  before: GroupRow | null;
  facts: GroupFacts;
  /** Set when ingest opened it again: the sentence for the timeline. */
  reopened: string | null;
  /** Set when something more severe came into what people are working on: the same. */
  raised: string | null;
}

/** One alert on its way into a group. */
export interface Arrival {
  alert: NormalisedAlert;
  /** What the alert is about, where that was found out already. */
  principal?: Entity;
  /** What it counts as: what its product claims, unless people corrected that. */
  severity: Severity;
  enrichment: Enrichment;
  outcome: TriageOutcome;
  receivedAtMs: number;
  isHistory: boolean;
}

/** Where a group lives: what its key is made of, readable. */
export interface GroupPlace {
  key: Uint8Array;
  windowStartMs: number;
  lane: string;
  product: string;
  sourceRuleId: number;
  entity: Entity;
  site: string | null;
}

/** More of each than this help nobody; the smallest in text order stay, so that the order of arrival does not matter. */
const LIST_LENGTH_MAX = 50;
const TITLE_LENGTH_MAX = 1_000;
/** Of every 52-bit number and time: PostgreSQL and JSON would lose more. */
const NEW_VERSION = 1;

export function unite(json: string, more: readonly string[]): string {
  if (more.length === 0) return json;
  const known: string[] = JSON.parse(json);
  const fresh = more.filter((value) => !known.includes(value));
  if (fresh.length === 0) return json;
  const all = [...new Set([...known, ...fresh.map((value) => storableText(value, 200))])].sort();
  return JSON.stringify(all.slice(0, LIST_LENGTH_MAX));
}

/** True wins, then false: unknown only when nobody knew. */
export function eitherTrue(a: boolean | null, b: boolean | null): boolean | null {
  return a === true || b === true ? true : (a ?? b);
}

export function higherCriticality(a: Criticality | null, b: Criticality | null): Criticality | null {
  if (a === null || b === null) return a ?? b;
  return CRITICALITIES.indexOf(a) >= CRITICALITIES.indexOf(b) ? a : b;
}

// The column is text; what is no tier ranks below all.
const tierRank = (tier: string): number => TIERS.indexOf(tier as Tier);

export const higherTier = (a: string, b: string): string => (tierRank(a) >= tierRank(b) ? a : b);

export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

/** The tier that rules send an alert to: an escalation goes before a route. */
function routeOf(outcome: TriageOutcome): Tier | null {
  const tiers = [outcome.route?.tier, outcome.escalate?.to].filter((tier) => tier !== undefined);
  return tiers.reduce<Tier | null>(
    (highest, tier) => (highest === null || tierRank(tier) > tierRank(highest) ? tier : highest),
    null,
  );
}

/** An empty group for its first alert; `addArrival` fills it. */
export function newGroup(id: number, place: GroupPlace, arrival: Arrival, sla: SlaPolicy): GroupState {
  const { alert, severity, receivedAtMs, outcome } = arrival;
  const row: GroupRow = {
    id,
    key: place.key,
    window_start_ms: place.windowStartMs,
    lane: place.lane,
    product: place.product,
    source_rule_id: place.sourceRuleId,
    title: storableText(alert.title, TITLE_LENGTH_MAX),
    entity_kind: place.entity.kind,
    entity_value: place.entity.value,
    site: place.site,
    severity: severityRank(severity),
    severity_score: alert.severityScore === null ? null : Math.round(alert.severityScore),
    count: 0,
    first_observed_at_ms: alert.observedAtMs,
    last_observed_at_ms: alert.observedAtMs,
    first_received_at_ms: receivedAtMs,
    last_received_at_ms: receivedAtMs,
    status: 'new',
    is_open: 1,
    disposition: null,
    tier: initialTier({ severity, route: routeOf(outcome) }, sla),
    assignee_id: null,
    not_now_count: 0,
    priority_points: 0,
    priority_level: 4,
    priority_json: '{}',
    rule_priority_step: outcome.priorityStep,
    due_at_ms: null,
    hold_until_ms: null,
    tags_json: '[]',
    tactics_json: '[]',
    techniques_json: '[]',
    cves_json: '[]',
    closed_at_ms: null,
    closed_by_kind: null,
    closed_by: null,
    closing_rule_version: null,
    close_reason: null,
    version: NEW_VERSION,
    entity_count: 1,
    news: null,
    closed_alert_id: null,
    later_count: 0,
  };
  const facts = { hostCriticality: null, hostInternetFacing: null, userTier0: null, ruleStepBy: null };
  const group: GroupState = { row, before: null, facts, reopened: null, raised: null };
  if (place.lane !== 'queue') closeByMachine(row, arrival);
  return group;
}

function closeByMachine(row: GroupRow, { alert, outcome, receivedAtMs }: Arrival): void {
  row.status = 'closed';
  row.is_open = 0;
  row.closed_at_ms = receivedAtMs;
  if (row.lane === 'source') {
    row.closed_by_kind = 'source';
    row.closed_by = alert.product;
    const verdict = alert.sourceVerdict === null ? '' : ` as "${storableText(alert.sourceVerdict, 200)}"`;
    row.close_reason = `${alert.product} had closed it${verdict} before it came in.`;
  } else if (outcome.close !== null) {
    row.closed_by_kind = 'rule';
    row.closed_by = outcome.close.ruleId;
    row.closing_rule_version = outcome.close.ruleVersion;
    row.disposition = outcome.close.disposition;
    row.close_reason = outcome.close.why;
  }
}

/**
 * Adds one alert. Every column comes out the same in whatever order the alerts of a group come, as long as nobody
 * decides on it in between.
 */
export function addArrival(group: GroupState, arrival: Arrival, sla: SlaPolicy): void {
  const { row } = group;
  const { alert, receivedAtMs } = arrival;
  row.count += 1;
  const title = storableText(alert.title, TITLE_LENGTH_MAX);
  if (
    alert.observedAtMs < row.first_observed_at_ms ||
    (alert.observedAtMs === row.first_observed_at_ms && title < row.title)
  ) {
    row.title = title;
  }
  row.first_observed_at_ms = Math.min(row.first_observed_at_ms, alert.observedAtMs);
  row.last_observed_at_ms = Math.max(row.last_observed_at_ms, alert.observedAtMs);
  row.first_received_at_ms = Math.min(row.first_received_at_ms, receivedAtMs);
  row.last_received_at_ms = Math.max(row.last_received_at_ms, receivedAtMs);
  noteContent(group, arrival, sla);
  if (row.closed_by_kind === 'rule' && arrival.outcome.close !== null) {
    row.closing_rule_version = Math.max(row.closing_rule_version ?? 0, arrival.outcome.close.ruleVersion);
  }
}

/**
 * What an alert, new or revised, says of its group: severity and everything that only ever grows.
 * A group that somebody had closed opens again when an alert is more severe than anything before.
 */
export function noteContent(group: GroupState, arrival: Arrival, sla: SlaPolicy): void {
  const { row, facts } = group;
  const { alert, severity, enrichment, outcome } = arrival;
  const rank = severityRank(severity);
  const isRaised = rank > row.severity;
  const isUntouched = row.status === 'new' && row.assignee_id === null && row.not_now_count === 0;
  row.severity = Math.max(row.severity, rank);
  if (alert.severityScore !== null)
    row.severity_score = Math.max(row.severity_score ?? 0, Math.round(alert.severityScore));
  if (isRaised || isUntouched) {
    row.tier = higherTier(row.tier, initialTier({ severity, route: routeOf(outcome) }, sla));
  }
  row.tags_json = unite(row.tags_json, outcome.tags);
  row.tactics_json = unite(row.tactics_json, alert.tactics);
  row.techniques_json = unite(row.techniques_json, alert.techniques);
  row.cves_json = unite(row.cves_json, alert.cves);
  facts.hostCriticality = higherCriticality(facts.hostCriticality, enrichment.hostCriticality);
  facts.hostInternetFacing = eitherTrue(facts.hostInternetFacing, enrichment.hostInternetFacing);
  facts.userTier0 = eitherTrue(facts.userTier0, enrichment.userTier0);
  // A content that is milder than one before must not lower what a guard kept from being lowered.
  const isFirstWord = row.count <= 1 && outcome.priorityStep !== 0 && rank === row.severity;
  if (outcome.priorityStep > row.rule_priority_step || isFirstWord) {
    row.rule_priority_step = outcome.priorityStep;
    facts.ruleStepBy = outcome.priorityStepBy;
  }
  if (isRaised && row.is_open === 0 && (row.lane === 'queue' || row.closed_by_kind === 'person')) {
    const sentence = `Opened again: a ${severity} alert came in, more severe than anything before.`;
    reopen(group, sentence, arrival, sla);
  } else if (isRaised && row.is_open === 1 && !isUntouched) {
    raise(group, `A ${severity} alert came in, more severe than anything before.`, arrival, sla);
  }
  if (isRaised && group.before !== null) row.version = group.before.version + 1;
  if (row.status === 'new' && row.is_open === 1) {
    const startedAtMs = arrival.isHistory ? null : arrival.receivedAtMs;
    row.due_at_ms = earlier(row.due_at_ms, ackDueAtMs({ severity, startedAtMs }, sla));
  }
}

/**
 * Something more severe came into a group that people have had in hands. Who has it keeps it, because taking work away
 * in the middle loses what they know; but the clock starts for what they have not looked at, a hold is over, and what
 * nobody has is new again.
 */
function raise(
  group: GroupState,
  sentence: string,
  { receivedAtMs, isHistory, severity }: Arrival,
  sla: SlaPolicy,
): void {
  const { row } = group;
  const startedAtMs = isHistory ? null : receivedAtMs;
  row.due_at_ms = earlier(row.due_at_ms, ackDueAtMs({ severity, startedAtMs }, sla));
  row.hold_until_ms = null;
  if (row.assignee_id === null) {
    row.status = 'new';
    row.not_now_count = 0;
  } else if (row.status === 'on_hold') row.status = 'acknowledged';
  row.news = sentence;
  group.raised = sentence;
}

/** Puts a closed group back into the queue, unowned, with a clock of its own and nothing left of its closing. */
export function reopen(
  group: GroupState,
  sentence: string,
  { isHistory, receivedAtMs }: Pick<Arrival, 'isHistory' | 'receivedAtMs'>,
  sla: SlaPolicy,
): void {
  const { row } = group;
  row.status = 'new';
  row.is_open = 1;
  row.disposition = null;
  row.assignee_id = null;
  row.hold_until_ms = null;
  const startedAtMs = isHistory ? null : receivedAtMs;
  row.due_at_ms = ackDueAtMs({ severity: severityOfRank(row.severity), startedAtMs }, sla);
  row.closed_at_ms = null;
  row.closed_by_kind = null;
  row.closed_by = null;
  row.closing_rule_version = null;
  row.close_reason = null;
  row.closed_alert_id = null;
  row.later_count = 0;
  row.news = sentence;
  if (group.before !== null) row.version = group.before.version + 1;
  group.reopened = sentence;
}
