import type { Migration } from './index.ts';

/** The life of rules in the app: who wrote a version, its status, backtests, proposals, mutes. Frozen like the steps before. */
export const ruleLife: Migration = {
  name: '0007-rule-life',
  statements: ({ int, text, table, keyTable }) => [
    `alter table rule_version add column origin ${text} not null default 'file'`,
    `alter table rule_version add column author_id ${text}`,
    `alter table rule_version add column approved_by ${text}`,
    `alter table rule_version add column status_since_ms ${int} not null default 0`,
    `alter table rule_version add column status_reason ${text}`,
    `create table backtest (
      id ${int} primary key, rule_id ${text} not null, version ${int} not null, digest ${text} not null,
      requested_by ${text} not null, started_at_ms ${int} not null, state ${text} not null, progress_permille ${int} not null,
      problem ${text}, report_json ${text})${table}`,
    `create index backtest_by_rule on backtest (rule_id, version, id)`,
    `create table backtest_hit (
      backtest_id ${int} not null, group_id ${int} not null, matched_json ${text} not null,
      answer ${text}, reason ${text}, answered_by ${text}, answered_at_ms ${int},
      primary key (backtest_id, group_id))${keyTable}`,
    `create table rule_proposal (
      id ${int} primary key, rule_id ${text} not null, version ${int} not null, author_id ${text} not null,
      text ${text} not null, created_at_ms ${int} not null, state ${text} not null, backtest_id ${int} not null,
      decided_by ${text}, decided_at_ms ${int}, decided_reason ${text})${table}`,
    `create index rule_proposal_by_state on rule_proposal (state, id)`,
    `create index rule_proposal_by_rule on rule_proposal (rule_id, id)`,
    `create table rule_comment (
      id ${int} primary key, proposal_id ${int} not null, author_id ${text} not null, at_ms ${int} not null,
      text ${text} not null)${table}`,
    `create index rule_comment_by_proposal on rule_comment (proposal_id, id)`,
    `create table rule_mute (
      rule_id ${text} primary key, muted_by ${text} not null, group_id ${int} not null, reason ${text} not null,
      starts_at_ms ${int} not null, ends_at_ms ${int} not null, ended_by ${text}, reviewed_by ${text},
      reviewed_at_ms ${int}, review ${text})${keyTable}`,
  ],
};
