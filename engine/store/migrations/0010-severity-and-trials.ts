import type { Migration } from './index.ts';

/**
 * A second approval for high severity, a version that speaks beside the one that acts, corrected severities of noisy
 * source rules, readings that can be taken back for some minutes, and from what a planted alert was made.
 */
export const severityAndTrials: Migration = {
  name: '0010-severity-and-trials',
  statements: ({ int, text, table, keyTable }) => [
    `alter table rule_version add column second_approved_by ${text}`,
    `alter table rule_version add column is_beside ${int} not null default 0`,
    `create table severity_correction (
      id ${int} primary key, product ${text} not null, source_rule ${text} not null, claimed ${int} not null,
      corrected ${int} not null, reason ${text} not null, proposed_by ${text} not null, proposed_at_ms ${int} not null,
      expires_at_ms ${int} not null, state ${text} not null, decided_by ${text}, decided_at_ms ${int},
      decided_reason ${text}, ended_by ${text}, ended_at_ms ${int}, ended_reason ${text})${table}`,
    `create index severity_correction_by_rule on severity_correction (product, source_rule)`,
    `create table audit_undo (
      decision_seq ${int} primary key, audit_id ${int} not null, until_ms ${int} not null,
      before_json ${text} not null)${keyTable}`,
    `alter table canary add column from_group_id ${int}`,
  ],
};
