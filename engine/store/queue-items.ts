import { formatId } from '../../shared/model/ids.ts';
import type { QueueItem } from '../../shared/model/queue.ts';
import {
  type Disposition,
  PRIORITY_LEVELS,
  type Status,
  severityOfRank,
  type Tier,
} from '../../shared/model/vocabulary.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

/** Columns of a group that a row of the queue shows. */
export const ITEM_COLUMNS = [
  'id',
  'title',
  'severity',
  'priority_points',
  'priority_level',
  'entity_kind',
  'entity_value',
  'count',
  'first_observed_at_ms',
  'last_observed_at_ms',
  'first_received_at_ms',
  'last_received_at_ms',
  'product',
  'source_rule_id',
  'status',
  'disposition',
  'tier',
  'assignee_id',
  'due_at_ms',
  'hold_until_ms',
  'site',
  'tags_json',
  'closed_at_ms',
  'closed_by_kind',
  'closed_by',
  'closing_rule_version',
  'close_reason',
  'version',
  'entity_count',
  'news',
  'later_count',
] as const satisfies readonly (keyof Tables['alert_group'])[];

export type ItemRow = Pick<Tables['alert_group'], (typeof ITEM_COLUMNS)[number]>;

/** Names that rows refer to by id. */
interface Names {
  sourceRules: ReadonlyMap<number, string>;
  people: ReadonlyMap<string, string>;
  rules: ReadonlyMap<string, string>;
}

/** Rows as the contract shows them, in their order, with the names of products' rules, people and rules looked up. */
export async function itemsOf(db: Read, rows: readonly ItemRow[]): Promise<QueueItem[]> {
  const names = await namesOf(db, rows);
  return rows.map((row) => itemOf(row, names));
}

async function namesOf(db: Read, rows: readonly ItemRow[]): Promise<Names> {
  const sourceRuleIds = [...new Set(rows.map((row) => row.source_rule_id))];
  const closersOf = (kind: string) => [
    ...new Set(rows.flatMap((row) => (row.closed_by_kind === kind && row.closed_by !== null ? [row.closed_by] : []))),
  ];
  const personIds = closersOf('person');
  const ruleIds = closersOf('rule');
  const sourceRules =
    sourceRuleIds.length === 0
      ? []
      : await db.selectFrom('source_rule').select(['id', 'rule_id']).where('id', 'in', sourceRuleIds).execute();
  const people =
    personIds.length === 0
      ? []
      : await db.selectFrom('person').select(['id', 'name']).where('id', 'in', personIds).execute();
  const rules =
    ruleIds.length === 0
      ? []
      : await db
          .selectFrom('rule_version')
          .select(['rule_id', 'version', 'title'])
          .where('rule_id', 'in', ruleIds)
          .execute();
  return {
    sourceRules: new Map(sourceRules.map((rule) => [rule.id, rule.rule_id])),
    people: new Map(people.map((person) => [person.id, person.name])),
    rules: new Map(rules.map((rule) => [`${rule.rule_id}@${rule.version}`, rule.title])),
  };
}

function itemOf(row: ItemRow, names: Names): QueueItem {
  return {
    id: row.id,
    ref: formatId('grp', row.id),
    title: row.title,
    severity: severityOfRank(row.severity),
    priorityPoints: row.priority_points,
    priorityLevel: PRIORITY_LEVELS[row.priority_level - 1] ?? 'P4',
    entity: { kind: row.entity_kind as QueueItem['entity']['kind'], value: row.entity_value },
    entityCount: row.entity_count,
    count: row.count,
    firstObservedAtMs: row.first_observed_at_ms,
    lastObservedAtMs: row.last_observed_at_ms,
    firstReceivedAtMs: row.first_received_at_ms,
    lastReceivedAtMs: row.last_received_at_ms,
    product: row.product,
    sourceRuleId: names.sourceRules.get(row.source_rule_id) ?? '',
    status: row.status as Status,
    disposition: row.disposition as Disposition | null,
    tier: row.tier as Tier,
    assigneeId: row.assignee_id,
    dueAtMs: row.due_at_ms,
    holdUntilMs: row.hold_until_ms,
    site: row.site,
    tags: JSON.parse(row.tags_json) as string[],
    closedAtMs: row.closed_at_ms,
    closedBy: closedByOf(row, names),
    closeReason: row.close_reason,
    news: row.news,
    laterCount: row.later_count,
    version: row.version,
  };
}

function closedByOf(row: ItemRow, names: Names): QueueItem['closedBy'] {
  const id = row.closed_by ?? '';
  switch (row.closed_by_kind) {
    case 'person':
      return { kind: 'person', id, name: names.people.get(id) ?? id, ruleVersion: null };
    case 'rule':
      return {
        kind: 'rule',
        id,
        name: names.rules.get(`${id}@${row.closing_rule_version}`) ?? id,
        ruleVersion: row.closing_rule_version,
      };
    case 'source':
      return { kind: 'source', id, name: row.product, ruleVersion: null };
    default:
      return null;
  }
}
