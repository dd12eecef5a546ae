import type { Migration } from './index.ts';

/**
 * With each thing that alerts of a group named, the first alert that did: what was kept for all alerts then serves a
 * closing that covers fewer of them. What was kept before is read again when it is asked for. Frozen like the steps before.
 */
export const seenSince: Migration = {
  name: '0008-seen-since',
  statements: ({ int, blob, keyTable }) => [
    `drop table group_seen`,
    `create table group_seen (
      group_id ${int} not null, digest ${blob} not null, alert_id ${int} not null, primary key (group_id, digest))${keyTable}`,
    `delete from group_seen_to`,
  ],
};
