import type { GroupState } from '../../shared/domain/decisions/group-transition.ts';
import { type Disposition, type Status, severityOfRank, type Tier } from '../../shared/model/vocabulary.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

export type GroupRow = Tables['alert_group'];

/** The columns of a group that decisions change. Everything else belongs to ingest. */
export const DECIDED_COLUMNS = [
  'status',
  'is_open',
  'disposition',
  'tier',
  'assignee_id',
  'not_now_count',
  'due_at_ms',
  'hold_until_ms',
  'tags_json',
  'closed_at_ms',
  'closed_by_kind',
  'closed_by',
  'closing_rule_version',
  'close_reason',
  'news',
  'closed_alert_id',
  'later_count',
] as const satisfies readonly (keyof GroupRow)[];

export type DecidedColumn = (typeof DECIDED_COLUMNS)[number];
export type DecidedState = Pick<GroupRow, DecidedColumn>;

/** The decided columns in which two states of a group differ. */
export function changedState(
  before: DecidedState,
  after: DecidedState,
): { before: Partial<DecidedState>; after: Partial<DecidedState> } {
  const pick = (from: DecidedState, columns: readonly DecidedColumn[]): Partial<DecidedState> =>
    Object.fromEntries(columns.map((column) => [column, from[column]]));
  const changed = DECIDED_COLUMNS.filter((column) => before[column] !== after[column]);
  return { before: pick(before, changed), after: pick(after, changed) };
}

/** What a decision has to know of a group: much less than its whole row, since a decision may be about many. */
export const DECIDABLE_COLUMNS = [
  'id',
  'title',
  'count',
  'severity',
  'product',
  'source_rule_id',
  'priority_level',
  'version',
  ...DECIDED_COLUMNS,
] as const satisfies readonly (keyof GroupRow)[];
export type DecidableRow = Pick<GroupRow, (typeof DECIDABLE_COLUMNS)[number]>;

const CHUNK = 500;

/** Groups by id, in the order of `ids`; those that do not exist are missing. */
export async function loadDecidable(db: Read, ids: readonly number[]): Promise<DecidableRow[]> {
  const found = new Map<number, DecidableRow>();
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows = await db
      .selectFrom('alert_group')
      .select(DECIDABLE_COLUMNS)
      .where('id', 'in', ids.slice(from, from + CHUNK))
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** A row as the rules of decisions see it. */
export function stateOf(row: Pick<GroupRow, DecidedColumn | 'severity'>): GroupState {
  return {
    severity: severityOfRank(row.severity),
    status: row.status as Status,
    disposition: row.disposition as Disposition | null,
    tier: row.tier as Tier,
    assigneeId: row.assignee_id,
    notNowCount: row.not_now_count,
    dueAtMs: row.due_at_ms,
    holdUntilMs: row.hold_until_ms,
    tags: JSON.parse(row.tags_json) as string[],
    news: row.news,
    closed:
      row.is_open === 1
        ? null
        : {
            atMs: row.closed_at_ms ?? 0,
            kind: row.closed_by_kind as 'person' | 'rule' | 'source',
            id: row.closed_by ?? '',
            ruleVersion: row.closing_rule_version,
            reason: row.close_reason,
            covers:
              row.closed_alert_id === null
                ? null
                : { throughAlertId: row.closed_alert_id, laterCount: row.later_count },
          },
  };
}

/** The columns that hold a state. */
export function columnsOfState(state: GroupState): DecidedState {
  return {
    status: state.status,
    is_open: state.closed === null ? 1 : 0,
    disposition: state.disposition,
    tier: state.tier,
    assignee_id: state.assigneeId,
    not_now_count: state.notNowCount,
    due_at_ms: state.dueAtMs,
    hold_until_ms: state.holdUntilMs,
    tags_json: JSON.stringify(state.tags),
    closed_at_ms: state.closed?.atMs ?? null,
    closed_by_kind: state.closed?.kind ?? null,
    closed_by: state.closed?.id ?? null,
    closing_rule_version: state.closed?.ruleVersion ?? null,
    close_reason: state.closed?.reason ?? null,
    news: state.news,
    closed_alert_id: state.closed?.covers?.throughAlertId ?? null,
    later_count: state.closed?.covers?.laterCount ?? 0,
  };
}
