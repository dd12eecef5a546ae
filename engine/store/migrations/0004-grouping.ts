import type { Migration } from './index.ts';

/** Groups that hold several entities, that were joined and split, and that people closed while they went on. Frozen like the steps before. */
export const grouping: Migration = {
  name: '0004-grouping',
  statements: ({ int, text, blob, table, keyTable }) => [
    `alter table alert_group add column entity_count ${int} not null default 1`,
    `alter table alert_group add column news ${text}`,
    `alter table alert_group add column closed_alert_id ${int}`,
    `alter table alert_group add column later_count ${int} not null default 0`,
    `create table group_link (
      from_id ${int} not null, to_id ${int} not null, kind ${text} not null, window_start_ms ${int}, key ${blob},
      primary key (from_id, to_id, kind))${keyTable}`,
    `create index group_link_by_target on group_link (to_id)`,
    `create unique index group_link_by_key on group_link (window_start_ms, key) where key is not null`,
    `create table rule_window (
      window_start_ms ${int} not null, source_rule_id ${int} not null, site ${text} not null,
      group_count ${int} not null, storm_id ${int}, primary key (window_start_ms, source_rule_id, site))${keyTable}`,
    `create table group_entity (
      group_id ${int} not null, kind ${text} not null, value ${text} not null, count ${int} not null,
      severity ${int} not null, first_observed_at_ms ${int} not null, last_observed_at_ms ${int} not null,
      primary key (group_id, kind, value))${keyTable}`,
    `create table group_seen (
      group_id ${int} not null, digest ${blob} not null, primary key (group_id, digest))${keyTable}`,
    `create table group_seen_to (
      group_id ${int} primary key, alert_id ${int} not null, value_count ${int} not null)${table}`,
  ],
};
