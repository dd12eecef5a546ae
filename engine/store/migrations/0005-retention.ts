import type { Migration } from './index.ts';

/**
 * What is known of a block of originals without reading it, whose records lie in it, and what became of those that
 * were dropped. Blocks that are there already are looked through once.
 */
export const retention: Migration = {
  name: '0005-retention',
  statements: ({ int, text, blob, table }) => [
    `create table original_index (
      block_id ${int} primary key, day ${int} not null, severity ${int} not null, stored_day ${int} not null,
      records ${int} not null, raw_bytes ${int} not null, stored_bytes ${int} not null, alerts ${text} not null,
      holder ${text}, looked_day ${int})${table}`,
    `create table dropped_block (block_id ${int} primary key, at_ms ${int} not null)${table}`,
    `create table kept_original (
      block_id ${int} not null, slot ${int} not null, alert_id ${int} not null, at_ms ${int} not null,
      holder ${text} not null, raw_bytes ${int} not null, body ${blob} not null,
      primary key (block_id, slot))${table}`,
    `create index fill_original_index_alert on alert (block_id, slot)`,
    `create index fill_original_index_revision on alert_revision (block_id, slot)`,
    `insert into original_index (block_id, day, severity, stored_day, records, raw_bytes, stored_bytes, alerts)
      select b.id, b.day, b.severity,
        coalesce((select max(o.at_ms) from (
          select received_at_ms as at_ms from alert where block_id = b.id
          union all select received_at_ms as at_ms from alert_revision where block_id = b.id) as o) / 86400000, b.day),
        b.records, b.raw_bytes, length(b.body),
        coalesce((select string_agg(o.alert, ',') from (
          select cast(id as ${text}) as alert from alert where block_id = b.id
          union all select cast(alert_id as ${text}) as alert from alert_revision where block_id = b.id) as o), '')
      from original_block as b`,
    `drop index fill_original_index_alert`,
    `drop index fill_original_index_revision`,
    `create index original_index_by_age on original_index
      (severity, stored_day, block_id, stored_bytes, records, raw_bytes, holder, looked_day)`,
    `create index original_index_small on original_index (day, severity, stored_day, block_id, records)
      where records < 48 and raw_bytes < 262144`,
  ],
};
