import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../engine/store/open.ts';
import { freshSqlitePath, quiet, stillClock } from './databases.ts';

const cleanUps: (() => void)[] = [];
let db: Database.Database;

beforeEach(async () => {
  const path = freshSqlitePath(cleanUps);
  await (await openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock })).close();
  db = new Database(path, { readonly: true });
});
afterEach(() => {
  db.close();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

const planOf = (sql: string): string =>
  db
    .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
    .all(Array.from(sql.matchAll(/\?/g), () => 0))
    .map(({ detail }) => detail)
    .join('; ');

const pages: [what: string, sql: string, index: string][] = [
  ['the work order', 'is_open = 1 order by priority_points desc, id', 'alert_group_open_work'],
  ['one severity', 'is_open = 1 and severity = 4 order by priority_points desc, id', 'alert_group_open_severity'],
  ['one tier', "is_open = 1 and tier = 'tier2' order by priority_points desc, id", 'alert_group_open_tier'],
  ['one product', "is_open = 1 and product = 'x' order by priority_points desc, id", 'alert_group_open_product'],
  ['mine', "is_open = 1 and assignee_id = 'ana' order by priority_points desc, id", 'alert_group_open_assignee'],
  ['nobody’s', 'is_open = 1 and assignee_id is null order by priority_points desc, id', 'alert_group_open_assignee'],
  ['one status', "is_open = 1 and status = 'new' order by priority_points desc, id", 'alert_group_open_status'],
  ['the newest', 'is_open = 1 order by last_received_at_ms desc, id', 'alert_group_open_newest'],
  ['what was closed', 'is_open = 0 order by closed_at_ms desc, id', 'alert_group_closed'],
  [
    'what rules closed',
    "is_open = 0 and closed_by_kind = 'rule' order by closed_at_ms desc, id",
    'alert_group_closed_kind',
  ],
  ['what one rule closed', "is_open = 0 and closed_by = 'r' order by closed_at_ms desc, id", 'alert_group_closed_by'],
  [
    'closures that sampling did not see yet',
    'is_open = 0 and closed_at_ms >= 1 and closed_at_ms <= 9 and (closed_at_ms > 1 or id < 5) order by closed_at_ms, id desc',
    'alert_group_closed',
  ],
  [
    'what a suspended rule closed',
    "is_open = 0 and closed_by = 'r' and closed_by_kind = 'rule' and closed_at_ms >= 1 order by closed_at_ms desc, id",
    'alert_group_closed_by',
  ],
  [
    'what a rule closed before of the same kind',
    "entity_value = 'x' and id < 9 and source_rule_id = 3 and closed_by = 'r' order by id desc",
    'alert_group_by_entity',
  ],
  ['an entity', "entity_value = '10.0.0.5' order by id", 'alert_group_by_entity'],
  ['one key', "window_start_ms = 1 and key = x'00'", 'alert_group_by_key'],
  ['a source rule', 'source_rule_id = 3 order by closed_at_ms', 'alert_group_by_source_rule'],
];

describe('a page of the queue', () => {
  it.each(pages)('of %s reads its index and sorts nothing', (_what, sql, index) => {
    const plan = planOf(`select * from alert_group where ${sql} limit 200`);
    expect(plan).toContain(`INDEX ${index} `.trimEnd());
    expect(plan).not.toContain('TEMP B-TREE');
    expect(plan).not.toMatch(/^SCAN alert_group$/);
  });
});

describe('the hot path of ingest', () => {
  it.each([
    ['select * from dedupe where hour = ? and hash = ?', 'PRIMARY KEY (hour=? AND hash=?)'],
    [
      'select * from alert_group where window_start_ms = ? and key = ?',
      'alert_group_by_key (window_start_ms=? AND key=?)',
    ],
    ['select * from entity_tactic where entity_value = ?', 'PRIMARY KEY (entity_value=?)'],
    ['select * from source_rule where product = ? and rule_id = ?', 'source_rule_by_name (product=? AND rule_id=?)'],
    ['select * from alert where group_id = ? order by id limit 50', 'alert_by_group (group_id=?)'],
    ['select text from dead_letter where origin = ? and line = ?', 'dead_letter_by_place (origin=? AND line=?)'],
    ['select * from change_feed where seq > ? order by seq limit 200', 'INTEGER PRIMARY KEY (rowid>?)'],
  ])('answers %s by %s', (sql, index) => {
    expect(planOf(sql)).toContain(index);
    expect(planOf(sql)).not.toContain('TEMP B-TREE');
  });
});

describe('where groups live', () => {
  it.each([
    [
      'the key of a joined one',
      "select * from group_link where window_start_ms = 1 and key = x'00'",
      'group_link_by_key',
    ],
    ['whether any was joined', 'select from_id from group_link where key is not null limit 1', 'group_link_by_key'],
    [
      'what came into one',
      "select from_id from group_link where to_id in (1, 2) and kind in ('joined', 'folded')",
      'group_link_by_target',
    ],
  ])('is found by its index: %s', (_what, sql, index) => {
    expect(planOf(sql)).toContain(index);
  });

  it('walks only the entities of one group', () => {
    expect(planOf('select * from group_entity where group_id = 1 order by severity desc, count desc')).toMatch(
      /SEARCH.*group_id=\?/,
    );
  });
});
