import type { Tables } from './schema.ts';

export type ColumnType = 'int' | 'float' | 'text' | 'blob';

type Columns<T extends keyof Tables> = { [C in keyof Tables[T]]: ColumnType };

/** Columns of the tables that many rows are written of at a time, in the order of the table. */
const COLUMNS = {
  alert: {
    id: 'int',
    group_id: 'int',
    observed_at_ms: 'int',
    received_at_ms: 'int',
    severity: 'int',
    severity_score: 'int',
    title: 'text',
    format: 'text',
    stable_id: 'text',
    origin_id: 'int',
    block_id: 'int',
    slot: 'int',
    closed_at_source: 'int',
    revision: 'int',
  } satisfies Columns<'alert'>,
  alert_revision: {
    seq: 'int',
    alert_id: 'int',
    revision: 'int',
    received_at_ms: 'int',
    severity: 'int',
    block_id: 'int',
    slot: 'int',
  } satisfies Columns<'alert_revision'>,
  original_block: {
    id: 'int',
    day: 'int',
    severity: 'int',
    records: 'int',
    raw_bytes: 'int',
    body: 'blob',
  } satisfies Columns<'original_block'>,
  original_index: {
    block_id: 'int',
    day: 'int',
    severity: 'int',
    stored_day: 'int',
    records: 'int',
    raw_bytes: 'int',
    stored_bytes: 'int',
    alerts: 'text',
    holder: 'text',
    looked_day: 'int',
  } satisfies Columns<'original_index'>,
  dropped_block: { block_id: 'int', at_ms: 'int' } satisfies Columns<'dropped_block'>,
  kept_original: {
    block_id: 'int',
    slot: 'int',
    alert_id: 'int',
    at_ms: 'int',
    holder: 'text',
    raw_bytes: 'int',
    body: 'blob',
  } satisfies Columns<'kept_original'>,
  dedupe: { hour: 'int', hash: 'int', digest: 'blob', content: 'blob', alert_id: 'int' } satisfies Columns<'dedupe'>,
  alert_group: {
    id: 'int',
    key: 'blob',
    window_start_ms: 'int',
    lane: 'text',
    product: 'text',
    source_rule_id: 'int',
    title: 'text',
    entity_kind: 'text',
    entity_value: 'text',
    site: 'text',
    severity: 'int',
    severity_score: 'int',
    count: 'int',
    first_observed_at_ms: 'int',
    last_observed_at_ms: 'int',
    first_received_at_ms: 'int',
    last_received_at_ms: 'int',
    status: 'text',
    is_open: 'int',
    disposition: 'text',
    tier: 'text',
    assignee_id: 'text',
    not_now_count: 'int',
    priority_points: 'float',
    priority_level: 'int',
    priority_json: 'text',
    rule_priority_step: 'int',
    due_at_ms: 'int',
    hold_until_ms: 'int',
    tags_json: 'text',
    tactics_json: 'text',
    techniques_json: 'text',
    cves_json: 'text',
    closed_at_ms: 'int',
    closed_by_kind: 'text',
    closed_by: 'text',
    closing_rule_version: 'int',
    close_reason: 'text',
    version: 'int',
    entity_count: 'int',
    news: 'text',
    closed_alert_id: 'int',
    later_count: 'int',
  } satisfies Columns<'alert_group'>,
  group_link: {
    from_id: 'int',
    to_id: 'int',
    kind: 'text',
    window_start_ms: 'int',
    key: 'blob',
  } satisfies Columns<'group_link'>,
  rule_window: {
    window_start_ms: 'int',
    source_rule_id: 'int',
    site: 'text',
    group_count: 'int',
    storm_id: 'int',
  } satisfies Columns<'rule_window'>,
  group_entity: {
    group_id: 'int',
    kind: 'text',
    value: 'text',
    count: 'int',
    severity: 'int',
    first_observed_at_ms: 'int',
    last_observed_at_ms: 'int',
  } satisfies Columns<'group_entity'>,
  group_seen: { group_id: 'int', digest: 'blob', alert_id: 'int' } satisfies Columns<'group_seen'>,
  group_seen_to: { group_id: 'int', alert_id: 'int', value_count: 'int' } satisfies Columns<'group_seen_to'>,
  source_rule: {
    id: 'int',
    product: 'text',
    rule_id: 'text',
    name: 'text',
    tp: 'int',
    btp: 'int',
    fp: 'int',
    n: 'int',
  } satisfies Columns<'source_rule'>,
  family_stat: { product: 'text', severity: 'int', tp: 'int', n: 'int' } satisfies Columns<'family_stat'>,
  entity_tactic: { entity_value: 'text', tactic: 'text', last_seen_ms: 'int' } satisfies Columns<'entity_tactic'>,
  group_rule: {
    group_id: 'int',
    rule_id: 'text',
    rule_version: 'int',
    mode: 'text',
    why: 'text',
    matched_json: 'text',
    count: 'int',
  } satisfies Columns<'group_rule'>,
  rule_day: {
    rule_id: 'text',
    day: 'int',
    closed: 'int',
    would_close: 'int',
    withheld: 'int',
  } satisfies Columns<'rule_day'>,
  decision_subject: {
    decision_seq: 'int',
    group_id: 'int',
    before_json: 'text',
    after_json: 'text',
    version_after: 'int',
  } satisfies Columns<'decision_subject'>,
  note: {
    id: 'int',
    group_id: 'int',
    at_ms: 'int',
    author_id: 'text',
    text: 'text',
    decision_seq: 'int',
    is_removed: 'int',
  } satisfies Columns<'note'>,
  dead_letter: {
    id: 'int',
    at_ms: 'int',
    origin: 'text',
    line: 'int',
    column_no: 'int',
    reason: 'text',
    message: 'text',
    text: 'text',
    bytes: 'int',
    tried_at_ms: 'int',
  } satisfies Columns<'dead_letter'>,
};

export type BulkTable = keyof typeof COLUMNS;
/** Name and type of a column. */
export type Column = readonly [name: string, type: ColumnType];

export function columnsOf(table: BulkTable): Column[] {
  return Object.entries(COLUMNS[table]);
}

/** The columns of these names, in their order. */
export function columnsNamed(table: BulkTable, names: readonly string[]): Column[] {
  const types = new Map(Object.entries(COLUMNS[table]));
  return names.map((name): Column => {
    const type = types.get(name);
    if (type === undefined) throw new Error(`The table ${table} has no column ${name}`);
    return [name, type];
  });
}
