import type { Migration } from './index.ts';

/** Sources that bring alerts by themselves: what was set, how far each was read, how each does. Frozen like the steps before. */
export const sources: Migration = {
  name: '0003-sources',
  statements: ({ int, text, table, keyTable }) => [
    `create table source (
      id ${int} primary key, name ${text} not null, kind ${text} not null, settings_json ${text} not null,
      format ${text} not null, site ${text}, is_enabled ${int} not null, quiet_after_minutes ${int},
      token_digest ${text}, token_hint ${text}, version ${int} not null, created_at_ms ${int} not null,
      removed_at_ms ${int})${table}`,
    `create table source_cursor (
      source_id ${int} not null, name ${text} not null, position_json ${text} not null, at_ms ${int} not null,
      primary key (source_id, name))${keyTable}`,
    `create table source_health (
      source_id ${int} primary key, read ${int} not null, stored ${int} not null, updated ${int} not null,
      duplicates ${int} not null, rejected ${int} not null, skipped ${int} not null, dropped ${int} not null,
      last_record_at_ms ${int}, last_alert_at_ms ${int}, problem ${text}, problem_at_ms ${int},
      silent_since_ms ${int})${table}`,
    `create table source_hour (
      source_id ${int} not null, hour ${int} not null, records ${int} not null,
      primary key (source_id, hour))${keyTable}`,
    `create index dead_letter_by_origin on dead_letter (origin, id)`,
  ],
};
