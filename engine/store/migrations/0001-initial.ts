import type { Migration, MigrationTypes } from './index.ts';

/** Frozen: imports nothing of the application and is never edited once released. */
export const initial: Migration = {
  name: '0001-initial',
  statements: (types) => [
    ...alertTables(types),
    ...groupTables(types),
    ...ruleTables(types),
    ...decisionTables(types),
    ...peopleTables(types),
    ...ingestTables(types),
    ...groupIndexes(),
  ],
};

function alertTables({ int, text, blob, table, keyTable }: MigrationTypes): string[] {
  return [
    `create table meta (key ${text} primary key, value ${text} not null)${keyTable}`,
    `create table counter (name ${text} primary key, next ${int} not null)${keyTable}`,
    `create table alert (
      id ${int} primary key, group_id ${int} not null, observed_at_ms ${int} not null, received_at_ms ${int} not null,
      severity ${int} not null, severity_score ${int}, title ${text} not null, format ${text} not null,
      stable_id ${text} not null, origin_id ${int} not null, block_id ${int} not null, slot ${int} not null,
      closed_at_source ${int} not null, revision ${int} not null)${table}`,
    `create index alert_by_group on alert (group_id, id)`,
    `create table alert_revision (
      seq ${int} not null, alert_id ${int} not null, revision ${int} not null, received_at_ms ${int} not null, severity ${int} not null,
      block_id ${int} not null, slot ${int} not null, primary key (alert_id, revision))${keyTable}`,
    `create unique index alert_revision_by_seq on alert_revision (seq)`,
    `create table origin (id ${int} primary key, name ${text} not null, site ${text})${table}`,
    `create index origin_by_name on origin (name)`,
    `create table original_block (
      id ${int} primary key, day ${int} not null, severity ${int} not null, records ${int} not null,
      raw_bytes ${int} not null, body ${blob} not null)${table}`,
    `create index original_block_by_day on original_block (day, severity)`,
    `create table dedupe (
      hour ${int} not null, hash ${int} not null, digest ${blob} not null, content ${blob} not null,
      alert_id ${int} not null, primary key (hour, hash))${keyTable}`,
  ];
}

function groupTables({ int, float, text, blob, table, keyTable }: MigrationTypes): string[] {
  return [
    `create table alert_group (
      id ${int} primary key, key ${blob} not null, window_start_ms ${int} not null, lane ${text} not null,
      product ${text} not null, source_rule_id ${int} not null, title ${text} not null,
      entity_kind ${text} not null, entity_value ${text} not null, site ${text},
      severity ${int} not null, severity_score ${int}, count ${int} not null,
      first_observed_at_ms ${int} not null, last_observed_at_ms ${int} not null,
      first_received_at_ms ${int} not null, last_received_at_ms ${int} not null,
      status ${text} not null, is_open ${int} not null, disposition ${text}, tier ${text} not null,
      assignee_id ${text}, not_now_count ${int} not null,
      priority_points ${float} not null, priority_level ${int} not null, priority_json ${text} not null,
      rule_priority_step ${int} not null, due_at_ms ${int}, hold_until_ms ${int},
      tags_json ${text} not null, tactics_json ${text} not null, techniques_json ${text} not null, cves_json ${text} not null,
      closed_at_ms ${int}, closed_by_kind ${text}, closed_by ${text}, closing_rule_version ${int}, close_reason ${text},
      version ${int} not null)${table}`,
    `create table source_rule (
      id ${int} primary key, product ${text} not null, rule_id ${text} not null, name ${text} not null,
      tp ${int} not null, btp ${int} not null, fp ${int} not null, n ${int} not null)${table}`,
    `create unique index source_rule_by_name on source_rule (product, rule_id)`,
    `create table family_stat (
      product ${text} not null, severity ${int} not null, tp ${int} not null, n ${int} not null,
      primary key (product, severity))${keyTable}`,
    `create table entity_tactic (
      entity_value ${text} not null, tactic ${text} not null, last_seen_ms ${int} not null,
      primary key (entity_value, tactic))${keyTable}`,
    `create table group_rule (
      group_id ${int} not null, rule_id ${text} not null, rule_version ${int} not null, mode ${text} not null,
      why ${text}, matched_json ${text} not null, count ${int} not null,
      primary key (group_id, rule_id, rule_version, mode))${keyTable}`,
    `create table group_count (
      is_open ${int} not null, status ${text} not null, severity ${int} not null, tier ${text} not null,
      product ${text} not null, assignee_id ${text} not null, priority_level ${int} not null,
      closed_by_kind ${text} not null, n ${int} not null,
      primary key (is_open, status, severity, tier, product, assignee_id, priority_level, closed_by_kind))${keyTable}`,
    `create table hourly_flow (
      hour ${int} not null, tier ${text} not null, received ${int} not null, finished ${int} not null,
      auto_closed ${int} not null, primary key (hour, tier))${keyTable}`,
  ];
}

function groupIndexes(): string[] {
  const open = (name: string, columns: string) =>
    `create index alert_group_open_${name} on alert_group (${columns}) where is_open = 1`;
  return [
    `create unique index alert_group_by_key on alert_group (window_start_ms, key)`,
    open('work', 'priority_points desc, id'),
    open('severity', 'severity, priority_points desc, id'),
    open('tier', 'tier, priority_points desc, id'),
    open('product', 'product, priority_points desc, id'),
    open('assignee', 'assignee_id, priority_points desc, id'),
    open('status', 'status, priority_points desc, id'),
    open('newest', 'last_received_at_ms desc, id'),
    open('oldest', 'tier, first_received_at_ms, id'),
    `create index alert_group_open_due on alert_group (tier, due_at_ms, severity) where is_open = 1 and due_at_ms is not null`,
    `create index alert_group_closed on alert_group (closed_at_ms desc, id) where is_open = 0`,
    `create index alert_group_closed_kind on alert_group (closed_by_kind, closed_at_ms desc, id) where is_open = 0`,
    `create index alert_group_closed_by on alert_group (closed_by, closed_at_ms desc, id) where is_open = 0`,
    `create index alert_group_closed_disposition on alert_group (disposition, closed_at_ms desc, id) where is_open = 0`,
    `create index alert_group_tagged on alert_group (last_received_at_ms desc, id) where tags_json <> '[]'`,
    `create index alert_group_by_source_rule on alert_group (source_rule_id, closed_at_ms)`,
    `create index alert_group_by_entity on alert_group (entity_value, id)`,
    `create index alert_group_received on alert_group (last_received_at_ms desc, id)`,
  ];
}

function ruleTables({ int, text, keyTable }: MigrationTypes): string[] {
  return [
    `create table rule_version (
      rule_id ${text} not null, version ${int} not null, title ${text} not null, status ${text} not null,
      owner ${text} not null, rationale ${text} not null, expires ${text}, actions_json ${text} not null,
      document ${text} not null, digest ${text} not null, loaded_at_ms ${int} not null, is_current ${int} not null,
      hits ${int} not null, closed ${int} not null, would_close ${int} not null, withheld ${int} not null,
      last_hit_at_ms ${int}, primary key (rule_id, version))${keyTable}`,
    `create table rule_day (
      rule_id ${text} not null, day ${int} not null, closed ${int} not null, would_close ${int} not null,
      withheld ${int} not null, primary key (rule_id, day))${keyTable}`,
    `create index rule_day_by_day on rule_day (day)`,
  ];
}

function decisionTables({ int, text, table, keyTable }: MigrationTypes): string[] {
  return [
    `create table decision (
      seq ${int} primary key, lane ${text} not null, at_ms ${int} not null, actor_kind ${text} not null,
      actor_id ${text} not null, kind ${text} not null, statement_json ${text} not null, summary ${text} not null,
      subject_count ${int} not null, subjects_digest ${text} not null, prev_hash ${text} not null, hash ${text} not null,
      undo_of ${int}, undone_by ${int})${table}`,
    `create index decision_by_lane on decision (lane, seq)`,
    `create table decision_subject (
      decision_seq ${int} not null, group_id ${int} not null, before_json ${text} not null, after_json ${text} not null,
      version_after ${int} not null, primary key (decision_seq, group_id))${keyTable}`,
    `create index decision_subject_by_group on decision_subject (group_id, decision_seq)`,
    `create table command_answer (
      actor ${text} not null, command_id ${text} not null, digest ${text} not null, answer_json ${text} not null,
      at_ms ${int} not null, primary key (actor, command_id))${keyTable}`,
    `create index command_answer_by_time on command_answer (at_ms)`,
    `create table note (
      id ${int} primary key, group_id ${int} not null, at_ms ${int} not null, author_id ${text} not null,
      text ${text} not null, decision_seq ${int} not null, is_removed ${int} not null)${table}`,
    `create index note_by_group on note (group_id, id)`,
    `create index note_by_decision on note (decision_seq)`,
    `create table escalation (
      id ${int} primary key, group_id ${int} not null, from_tier ${text} not null, to_tier ${text} not null,
      question ${text} not null, asked_by ${text} not null, asked_at_ms ${int} not null, due_at_ms ${int},
      status ${text} not null, accepted_by ${text}, backup_id ${text}, answer ${text}, answered_by ${text},
      answered_at_ms ${int}, decision_seq ${int} not null)${table}`,
    `create index escalation_by_group on escalation (group_id, id)`,
    `create index escalation_by_status on escalation (status, to_tier, id)`,
    `create table saved_view (
      id ${int} primary key, owner_id ${text} not null, name ${text} not null, filter_json ${text} not null,
      sort ${text} not null, is_shared ${int} not null)${table}`,
    `create index saved_view_by_owner on saved_view (owner_id, id)`,
  ];
}

function peopleTables({ int, float, text, table, keyTable }: MigrationTypes): string[] {
  return [
    `create table person (
      id ${text} primary key, name ${text} not null, initials ${text} not null, tier ${text} not null,
      roles_json ${text} not null, skills_json ${text} not null, item_limit ${int} not null,
      roster_order ${int} not null, is_active ${int} not null)${keyTable}`,
    `create table duty (
      id ${int} primary key, person_id ${text} not null, starts_at_ms ${int} not null, ends_at_ms ${int} not null,
      kind ${text} not null)${table}`,
    `create index duty_by_person on duty (person_id, starts_at_ms)`,
    `create index duty_by_time on duty (starts_at_ms, ends_at_ms)`,
    `create table strain_band (
      person_id ${text} not null, condition ${text} not null, band ${text} not null, since_ms ${int} not null,
      driver ${text} not null, action ${text}, primary key (person_id, condition))${keyTable}`,
    `create table band_access (
      id ${int} primary key, person_id ${text} not null, viewer_name ${text} not null, at_ms ${int} not null)${table}`,
    `create index band_access_by_person on band_access (person_id, id)`,
    `create table handling_sample (
      id ${int} primary key, class ${text} not null, day ${int} not null, minutes ${float} not null)${table}`,
    `create index handling_sample_by_class on handling_sample (class, day)`,
    `create table asset (
      key ${text} not null, kind ${text} not null, criticality ${text}, internet_facing ${int}, owner ${text},
      note ${text}, primary key (key, kind))${keyTable}`,
    `create table identity (
      key ${text} primary key, tier0 ${int}, criticality ${text}, owner ${text}, note ${text})${keyTable}`,
    `create table lookup (
      list ${text} not null, key ${text} not null, value ${text} not null, primary key (list, key))${keyTable}`,
  ];
}

function ingestTables({ int, text, table, keyTable }: MigrationTypes): string[] {
  return [
    `create table dead_letter (
      id ${int} primary key, at_ms ${int} not null, origin ${text} not null, line ${int}, column_no ${int},
      reason ${text} not null, message ${text} not null, text ${text} not null, bytes ${int} not null)${table}`,
    `create index dead_letter_by_place on dead_letter (origin, line)`,
    `create table ingest_run (
      id ${int} primary key, origin ${text} not null, started_at_ms ${int} not null, report_json ${text} not null)${table}`,
    `create table format_count (
      format ${text} primary key, read ${int} not null, stored ${int} not null, updated ${int} not null,
      duplicates ${int} not null, rejected ${int} not null, skipped ${int} not null, last_at_ms ${int})${keyTable}`,
    `create table change_feed (
      seq ${int} primary key, at_ms ${int} not null, kinds_json ${text} not null, first_id ${int}, last_id ${int})${table}`,
    `create index change_feed_by_time on change_feed (at_ms)`,
  ];
}
