import type { Migration } from './index.ts';

/** What people write about their own conditions and how they pause them. Frozen like the step before. */
export const ownRights: Migration = {
  name: '0002-own-rights',
  statements: ({ int, text, table, keyTable }) => [
    `create table own_remark (
      id ${int} primary key, person_id ${text} not null, about ${text} not null, kind ${text} not null,
      text ${text} not null, at_ms ${int} not null, duty_kind ${text}, duty_starts_at_ms ${int}, duty_ends_at_ms ${int},
      answer ${text}, answered_by ${text}, answered_at_ms ${int})${table}`,
    `create index own_remark_by_person on own_remark (person_id, id)`,
    `create table indicator_pause (person_id ${text} primary key, since_ms ${int} not null)${keyTable}`,
    `create index handling_sample_by_day on handling_sample (day)`,
  ],
};
