import type { Tables } from './schema.ts';

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
