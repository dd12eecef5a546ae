import type { QueueItem } from '../../shared/model/queue.ts';
import type { FieldMatch, GroupRule, RuleAction } from '../../shared/model/rule.ts';
import type { Disposition } from '../../shared/model/vocabulary.ts';
import { ITEM_COLUMNS, type ItemRow, itemsOf } from './queue-items.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

const EARLIER_SHOWN = 8;

export async function groupById(db: Read, id: number): Promise<Tables['alert_group'] | null> {
  return (await db.selectFrom('alert_group').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Rules that matched in these groups: those that acted, then those held back, then those that only watched. */
export async function rulesOfGroups(db: Read, groupIds: readonly number[], isBlind: boolean): Promise<GroupRule[]> {
  const rows = await db
    .selectFrom('group_rule as g')
    .innerJoin('rule_version as v', (join) =>
      join.onRef('v.rule_id', '=', 'g.rule_id').onRef('v.version', '=', 'g.rule_version'),
    )
    .select([
      'g.rule_id',
      'g.rule_version',
      'g.mode',
      'g.why',
      'g.matched_json',
      'g.count',
      'v.title',
      'v.rationale',
      'v.owner',
      'v.actions_json',
    ])
    .where('g.group_id', 'in', groupIds)
    .$if(isBlind, (query) =>
      query.where((eb) => eb.or([eb('g.mode', '=', 'acted'), eb('v.status', 'not in', ['shadow', 'suspended'])])),
    )
    .orderBy('v.title')
    .orderBy('g.rule_version')
    .execute();
  const order: readonly string[] = ['acted', 'withheld', 'shadow'];
  const merged = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const key = `${row.rule_id} ${row.rule_version} ${row.mode}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? row : { ...known, count: known.count + row.count });
  }
  return [...merged.values()]
    .map((row) => ({
      ruleId: row.rule_id,
      ruleVersion: row.rule_version,
      title: row.title,
      rationale: row.rationale,
      owner: row.owner,
      mode: row.mode as GroupRule['mode'],
      why: row.why,
      actions: JSON.parse(row.actions_json) as RuleAction[],
      matched: JSON.parse(row.matched_json) as FieldMatch[],
      count: row.count,
    }))
    .toSorted((a, b) => order.indexOf(a.mode) - order.indexOf(b.mode));
}

export interface Earlier {
  counts: { disposition: Disposition; n: number }[];
  n: number;
  recent: QueueItem[];
}

/** What people found groups of the same source rule to be: the kept counts, and the last few. */
export async function earlierOf(
  db: Read,
  group: Pick<Tables['alert_group'], 'id' | 'source_rule_id'>,
): Promise<Earlier> {
  const rule = await db
    .selectFrom('source_rule')
    .select(['tp', 'btp', 'fp', 'n'])
    .where('id', '=', group.source_rule_id)
    .executeTakeFirst();
  if (rule === undefined) return { counts: [], n: 0, recent: [] };
  const counts: Earlier['counts'] = [
    { disposition: 'true_positive' as const, n: rule.tp },
    { disposition: 'benign_true_positive' as const, n: rule.btp },
    { disposition: 'false_positive' as const, n: rule.fp },
  ].filter(({ n }) => n > 0);
  const rows: ItemRow[] =
    rule.n === 0
      ? []
      : await db
          .selectFrom('alert_group')
          .select(ITEM_COLUMNS)
          .where('source_rule_id', '=', group.source_rule_id)
          .where('closed_by_kind', '=', 'person')
          .where('is_open', '=', 0)
          .where('id', '!=', group.id)
          .orderBy('closed_at_ms', 'desc')
          .orderBy('id')
          .limit(EARLIER_SHOWN)
          .execute();
  return { counts, n: rule.n, recent: await itemsOf(db, rows) };
}
