import type { Migration } from './index.ts';

/**
 * Mapping files as they were in force, so that what one of them read can still be shown; when a letter was last tried;
 * and how much room the letters of each origin take. Frozen like the steps before.
 */
export const mappingVersions: Migration = {
  name: '0009-mapping-versions',
  statements: ({ int, text, table, keyTable }) => [
    `create table mapping_version (
      id ${int} primary key, name ${text} not null, file ${text} not null, digest ${text} not null,
      text ${text} not null, from_ms ${int} not null, until_ms ${int})${table}`,
    `alter table dead_letter add column tried_at_ms ${int}`,
    `create table letter_room (
      origin ${text} primary key, letters ${int} not null, bytes ${int} not null,
      let_go ${int} not null, let_go_bytes ${int} not null, let_go_at_ms ${int}, let_go_why ${text})${keyTable}`,
    `insert into letter_room (origin, letters, bytes, let_go, let_go_bytes)
      select origin, count(*), sum(case when bytes < 65536 then bytes else 65536 end + 256), 0, 0
      from dead_letter group by origin`,
  ],
};
