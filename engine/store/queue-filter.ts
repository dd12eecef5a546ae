import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { QueueFilter } from '../../shared/model/queue.ts';
import { PRIORITY_LEVELS, severityRank } from '../../shared/model/vocabulary.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

/** A filter with everything looked up that is not a column of a group. Empty lists mean "any", null means "no such condition". */
export interface ResolvedFilter extends Omit<QueueFilter, 'assignee' | 'sourceRuleId' | 'text'> {
  assignee: { id: string } | 'none' | null;
  /** Rules of products with the wanted id; several products may share one. */
  sourceRuleKeys: number[] | null;
  /** Groups that the text search found. */
  groupIds: number[] | null;
}

type Groups = ExpressionBuilder<Tables, 'alert_group'>;
type Condition = Expression<SqlBool>;

/** Dimensions for which an index over open groups is kept, in the order of priority. */
export type OpenDimension = 'severity' | 'tier' | 'product' | 'status' | 'assignee_id';

export async function sourceRuleKeys(db: Read, ruleId: string): Promise<number[]> {
  const rows = await db.selectFrom('source_rule').select('id').where('rule_id', '=', ruleId).orderBy('id').execute();
  return rows.map((row) => row.id);
}

/** The literal, not a parameter: only then does SQLite use the indexes that hold open or closed groups alone. */
export function stateCondition(eb: Groups, state: QueueFilter['state']): Condition[] {
  if (state === 'all') return [];
  return [eb('is_open', '=', eb.lit(state === 'open' ? 1 : 0))];
}

/** Values of each indexed dimension that a filter names; an empty list where it names none. */
export function dimensionValues(filter: ResolvedFilter): Record<OpenDimension, (string | number | null)[]> {
  const { assignee } = filter;
  return {
    severity: filter.severities.map(severityRank),
    tier: filter.tiers,
    product: filter.products,
    status: filter.statuses,
    assignee_id: assignee === null ? [] : [assignee === 'none' ? null : assignee.id],
  };
}

/**
 * All conditions but the state, in a form that no index answers: the caller picks the index, by adding one plain
 * condition itself. Otherwise SQLite, which does not know how often a value occurs, may sort a whole queue for a page.
 */
export function filterConditions(eb: Groups, filter: ResolvedFilter, except: OpenDimension | null): Condition[] {
  const conditions: Condition[] = [];
  const values = dimensionValues(filter);
  const int = (column: 'severity' | 'priority_level' | 'source_rule_id') => sql<number>`${sql.ref(column)} + 0`;
  const text = (column: keyof Tables['alert_group'] & string) => sql<string>`coalesce(${sql.ref(column)}, '')`;
  for (const dimension of ['tier', 'product', 'status', 'assignee_id'] as const) {
    if (dimension === except || values[dimension].length === 0) continue;
    conditions.push(
      eb(
        text(dimension),
        'in',
        values[dimension].map((value) => String(value ?? '')),
      ),
    );
  }
  if (except !== 'severity' && filter.severities.length > 0) {
    conditions.push(eb(int('severity'), 'in', filter.severities.map(severityRank)));
  }
  if (filter.priorityLevels.length > 0) {
    const levels = filter.priorityLevels.map((level) => PRIORITY_LEVELS.indexOf(level) + 1);
    conditions.push(eb(int('priority_level'), 'in', levels));
  }
  if (filter.dispositions.length > 0) conditions.push(eb(text('disposition'), 'in', filter.dispositions));
  if (filter.closedByKinds.length > 0) conditions.push(eb(text('closed_by_kind'), 'in', filter.closedByKinds));
  if (filter.closingRuleId !== null) {
    conditions.push(eb(text('closed_by_kind'), '=', 'rule'), eb(text('closed_by'), '=', filter.closingRuleId));
  }
  if (filter.sourceRuleKeys !== null) {
    conditions.push(
      filter.sourceRuleKeys.length === 0 ? eb.lit(false) : eb(int('source_rule_id'), 'in', filter.sourceRuleKeys),
    );
  }
  if (filter.groupIds !== null) {
    conditions.push(filter.groupIds.length === 0 ? eb.lit(false) : eb('id', 'in', filter.groupIds));
  }
  if (filter.entityValue !== null) conditions.push(eb(text('entity_value'), '=', filter.entityValue));
  if (filter.site !== null) conditions.push(eb(text('site'), '=', filter.site));
  if (filter.tag !== null) conditions.push(hasTag(eb, filter.tag));
  return conditions;
}

/** Tags are kept as JSON text, so a tag is found by its quoted form. */
function hasTag(eb: Groups, tag: string): Condition {
  const pattern = `%${JSON.stringify(tag).replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
  // The first half is what the index of tagged groups asks for, word for word.
  return sql<SqlBool>`${eb.ref('tags_json')} <> '[]' and ${eb.ref('tags_json')} like ${pattern} escape '\\'`;
}
