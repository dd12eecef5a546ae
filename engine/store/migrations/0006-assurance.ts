import type { Migration } from './index.ts';

/** What shows that rules close rightly: audits, where each rule stands, suspensions, planted true positives. */
export const assurance: Migration = {
  name: '0006-assurance',
  statements: ({ int, float, text, table, keyTable }) => [
    `create table audit_item (
      id ${int} primary key, group_id ${int} not null, closed_at_ms ${int} not null, kind ${text} not null,
      rule_id ${text}, rule_version ${int}, class ${text} not null, stratum ${text} not null,
      probability ${float} not null, severity ${int} not null, drawn_at_ms ${int} not null, due_at_ms ${int} not null,
      place ${int} not null, state ${text} not null, reader_id ${text}, verdict ${text},
      needs_second ${int} not null, second_reader_id ${text}, second_verdict ${text}, excluded_id ${text},
      voids ${int} not null, outcome ${text}, truth ${text}, settled_seq ${int})${table}`,
    `create unique index audit_item_by_closing on audit_item (group_id, closed_at_ms)`,
    `create index audit_item_by_state on audit_item (state, place, id)`,
    `create index audit_item_by_rule on audit_item (rule_id, settled_seq)`,
    `create index audit_item_doubted on audit_item (truth, id) where truth is not null`,
    `create table rule_assurance (
      rule_id ${text} primary key, rule_version ${int} not null, family ${text}, state ${text} not null,
      regime_since_ms ${int} not null, closed_usual ${int} not null, closed_near ${int} not null,
      closed_novel ${int} not null, audited ${int} not null, misses ${int} not null, severe_misses ${int} not null,
      cusum ${float} not null, max_false_close_rate ${float} not null, bound ${float} not null, bound_from ${text} not null,
      usual_rate ${float} not null, rate_why ${text} not null, reasons_json ${text} not null,
      missing_json ${text} not null, drift_since_ms ${int}, is_dirty ${int} not null)${keyTable}`,
    `create table assurance_day (
      rule_id ${text} not null, day ${int} not null, stratum ${text} not null, bin ${int} not null,
      closed ${int} not null, primary key (rule_id, day, stratum, bin))${keyTable}`,
    `create table assurance_hour (
      rule_id ${text} not null, hour ${int} not null, closed ${int} not null, primary key (rule_id, hour))${keyTable}`,
    `create table assurance_point (
      rule_id ${text} not null, day ${int} not null, bound ${float} not null, audited ${int} not null,
      misses ${int} not null, primary key (rule_id, day))${keyTable}`,
    `create table rule_suspension (
      id ${int} primary key, rule_id ${text} not null, rule_version ${int} not null, kind ${text} not null,
      cause ${text} not null, reason ${text} not null, at_ms ${int} not null, bulk_id ${text} not null,
      reopens ${int} not null, reopened ${int} not null, reopen_ended ${int} not null,
      rearmed_at_ms ${int}, rearmed_by ${text}, rearm_reason ${text})${table}`,
    `create index rule_suspension_by_rule on rule_suspension (rule_id, id)`,
    `create table canary (
      product ${text} not null, stable_id ${text} not null, rule_id ${text} not null, planted_at_ms ${int} not null,
      outcome ${text}, closing_rule_id ${text}, primary key (product, stable_id))${keyTable}`,
    `create index canary_by_rule on canary (rule_id)`,
  ],
};
