/**
 * The tables as TypeScript sees them. Migrations are the truth; test/store/schema.test.ts compares the two.
 * Times are UTC epoch milliseconds, booleans 0 or 1, `*_json` opaque to SQL (STYLE 3.2).
 */
export interface Tables {
  meta: { key: string; value: string };
  alert: {
    id: number;
    group_id: number;
    observed_at_ms: number;
    received_at_ms: number;
    severity: number;
    severity_score: number | null;
    title: string;
    format: string;
    stable_id: string;
    origin_id: number;
    block_id: number;
    slot: number;
    closed_at_source: number;
    revision: number;
  };
  /** Where earlier contents of a revised alert lie. The newest is in `alert`. */
  alert_revision: {
    /** Grows with each revision of any alert: what follows along reads from here. */
    seq: number;
    alert_id: number;
    revision: number;
    received_at_ms: number;
    severity: number;
    block_id: number;
    slot: number;
  };
  origin: { id: number; name: string; site: string | null };
  /** Up to 64 original records of one severity and day; `body` is length-prefixed records, zstd. */
  original_block: { id: number; day: number; severity: number; records: number; raw_bytes: number; body: Uint8Array };
  /** One row for each block, so that age, size and owners are known without reading it. */
  original_index: {
    block_id: number;
    /** Days since 1970-01-01 of the records' event time. */
    day: number;
    severity: number;
    /** Days since 1970-01-01 on which it was stored. Age is counted from here: a source may send any event time. */
    stored_day: number;
    records: number;
    raw_bytes: number;
    stored_bytes: number;
    /** Ids of the alerts whose contents lie in it, as alert-list.ts writes them. */
    alerts: string;
    /** What kept it when it was due to be dropped; null before that. */
    holder: string | null;
    /** Day on which that was found; it is looked at again some days later. */
    looked_day: number | null;
  };
  /** Blocks that the storage policy dropped, and when. */
  dropped_block: { block_id: number; at_ms: number };
  /** Single originals out of dropped blocks that something refers to; `body` is the record, zstd. */
  kept_original: {
    block_id: number;
    slot: number;
    alert_id: number;
    at_ms: number;
    holder: string;
    raw_bytes: number;
    body: Uint8Array;
  };
  dedupe: { hour: number; hash: number; digest: Uint8Array; content: Uint8Array; alert_id: number };
  alert_group: {
    id: number;
    key: Uint8Array;
    window_start_ms: number;
    lane: string;
    product: string;
    source_rule_id: number;
    title: string;
    entity_kind: string;
    entity_value: string;
    site: string | null;
    severity: number;
    severity_score: number | null;
    count: number;
    first_observed_at_ms: number;
    last_observed_at_ms: number;
    first_received_at_ms: number;
    last_received_at_ms: number;
    status: string;
    is_open: number;
    disposition: string | null;
    tier: string;
    assignee_id: string | null;
    not_now_count: number;
    priority_points: number;
    /** 1 to 4. */
    priority_level: number;
    /** A Priority without points and level. */
    priority_json: string;
    /** Steps that rules moved the level: +1 up, -1 down. */
    rule_priority_step: number;
    due_at_ms: number | null;
    hold_until_ms: number | null;
    tags_json: string;
    tactics_json: string;
    techniques_json: string;
    cves_json: string;
    closed_at_ms: number | null;
    closed_by_kind: string | null;
    closed_by: string | null;
    closing_rule_version: number | null;
    close_reason: string | null;
    version: number;
    /** Distinct entities of its alerts; above 1 they stand in `group_entity`, and `entity_value` is empty in a storm. */
    entity_count: number;
    /** What came in that whoever works on it has not looked at yet, as a sentence. */
    news: string | null;
    /** The newest alert that a person's closing covers; null where no person closed it. */
    closed_alert_id: number | null;
    /** Alerts that came in since it was closed and brought nothing new. */
    later_count: number;
  };
  /**
   * Where a group is found that has no row of its own any more (`joined` by a person, `folded` into a storm), or into
   * which other group some of its alerts went (`split`). Alerts keep the group that they came into: an undo of a join
   * moves none of them. The key of a joined group leads later alerts the same way.
   */
  group_link: { from_id: number; to_id: number; kind: string; window_start_ms: number | null; key: Uint8Array | null };
  /** How many groups a product's rule made in one window, and the one that they were folded into. `site` is '' for none. */
  rule_window: {
    window_start_ms: number;
    source_rule_id: number;
    site: string;
    group_count: number;
    storm_id: number | null;
  };
  /** The entities of a group that has several. */
  group_entity: {
    group_id: number;
    kind: string;
    value: string;
    count: number;
    severity: number;
    first_observed_at_ms: number;
    last_observed_at_ms: number;
  };
  /** What alerts of a group said, as digests, each with the first alert that said it. */
  group_seen: { group_id: number; digest: Uint8Array; alert_id: number };
  /** Up to which alert `group_seen` is complete. */
  group_seen_to: { group_id: number; alert_id: number; value_count: number };
  /** A rule of a product, with what people said of its groups. Never what the product itself said. */
  source_rule: {
    id: number;
    product: string;
    rule_id: string;
    name: string;
    tp: number;
    btp: number;
    fp: number;
    n: number;
  };
  family_stat: { product: string; severity: number; tp: number; n: number };
  /** Distinct tactics seen on an entity, for corroboration. */
  entity_tactic: { entity_value: string; tactic: string; last_seen_ms: number };
  group_rule: {
    group_id: number;
    rule_id: string;
    rule_version: number;
    mode: string;
    why: string | null;
    matched_json: string;
    count: number;
  };
  rule_version: {
    rule_id: string;
    version: number;
    title: string;
    status: string;
    owner: string;
    rationale: string;
    expires: string | null;
    actions_json: string;
    document: string;
    digest: string;
    loaded_at_ms: number;
    is_current: number;
    hits: number;
    closed: number;
    would_close: number;
    withheld: number;
    last_hit_at_ms: number | null;
    /** `file`, `app` or `mute`. */
    origin: string;
    /** Who wrote it in the app; null for files. */
    author_id: string | null;
    /** Name of the second person, whether the file or the app says it. */
    approved_by: string | null;
    status_since_ms: number;
    status_reason: string | null;
    /** Name of a third person, who approved it for high severity too. */
    second_approved_by: string | null;
    /** 1 for the version that says what it would do beside the one in force. */
    is_beside: number;
  };
  /** What a product's rule claims as severity and two people corrected, for a time. Severities are ranks. */
  severity_correction: {
    id: number;
    product: string;
    source_rule: string;
    claimed: number;
    corrected: number;
    reason: string;
    proposed_by: string;
    proposed_at_ms: number;
    expires_at_ms: number;
    /** `open`, `approved`, `rejected`, `withdrawn`, `ended`. */
    state: string;
    decided_by: string | null;
    decided_at_ms: number | null;
    decided_reason: string | null;
    ended_by: string | null;
    ended_at_ms: number | null;
    ended_reason: string | null;
  };
  /** How an audit stood before a reading that can still be taken back. Gone after some minutes. */
  audit_undo: { decision_seq: number; audit_id: number; until_ms: number; before_json: string };
  backtest: {
    id: number;
    rule_id: string;
    version: number;
    /** Of the text that was tried. */
    digest: string;
    requested_by: string;
    started_at_ms: number;
    state: string;
    progress_permille: number;
    problem: string | null;
    report_json: string | null;
  };
  /** True positives that a backtest would have closed; each is owed an answer. */
  backtest_hit: {
    backtest_id: number;
    group_id: number;
    matched_json: string;
    answer: string | null;
    reason: string | null;
    answered_by: string | null;
    answered_at_ms: number | null;
  };
  rule_proposal: {
    id: number;
    rule_id: string;
    version: number;
    author_id: string;
    text: string;
    created_at_ms: number;
    state: string;
    backtest_id: number;
    decided_by: string | null;
    decided_at_ms: number | null;
    decided_reason: string | null;
  };
  rule_comment: { id: number; proposal_id: number; author_id: string; at_ms: number; text: string };
  rule_mute: {
    rule_id: string;
    muted_by: string;
    group_id: number;
    reason: string;
    starts_at_ms: number;
    ends_at_ms: number;
    ended_by: string | null;
    reviewed_by: string | null;
    reviewed_at_ms: number | null;
    review: string | null;
  };
  /** Alerts that a rule closed, by rule and day: for the daily cap and the charts. */
  rule_day: { rule_id: string; day: number; closed: number; would_close: number; withheld: number };
  /** The event log. Entries are never changed; `undone_by` is the only column written later. */
  decision: {
    seq: number;
    lane: string;
    at_ms: number;
    actor_kind: string;
    actor_id: string;
    kind: string;
    statement_json: string;
    summary: string;
    subject_count: number;
    subjects_digest: string;
    prev_hash: string;
    hash: string;
    undo_of: number | null;
    undone_by: number | null;
  };
  /** The state of each subject before and after, so that undo is exact. Not written for automation in bulk. */
  decision_subject: {
    decision_seq: number;
    group_id: number;
    before_json: string;
    after_json: string;
    /** Version of the group after this decision: undo is refused when it has moved on. */
    version_after: number;
  };
  command_answer: { actor: string; command_id: string; digest: string; answer_json: string; at_ms: number };
  note: {
    id: number;
    group_id: number;
    at_ms: number;
    author_id: string;
    text: string;
    decision_seq: number;
    is_removed: number;
  };
  escalation: {
    id: number;
    group_id: number;
    from_tier: string;
    to_tier: string;
    question: string;
    asked_by: string;
    asked_at_ms: number;
    due_at_ms: number | null;
    status: string;
    accepted_by: string | null;
    backup_id: string | null;
    answer: string | null;
    answered_by: string | null;
    answered_at_ms: number | null;
    decision_seq: number;
  };
  saved_view: { id: number; owner_id: string; name: string; filter_json: string; sort: string; is_shared: number };
  person: {
    id: string;
    name: string;
    initials: string;
    tier: string;
    roles_json: string;
    skills_json: string;
    item_limit: number;
    roster_order: number;
    is_active: number;
  };
  duty: { id: number; person_id: string; starts_at_ms: number; ends_at_ms: number; kind: string };
  /** Since when a person's own band stood, so that a lead sees it 24 h later at the earliest (R4). */
  strain_band: {
    person_id: string;
    condition: string;
    band: string;
    since_ms: number;
    driver: string;
    action: string | null;
  };
  band_access: { id: number; person_id: string; viewer_name: string; at_ms: number };
  /** What a person wrote about their own band, condition or duty. Withdrawing it deletes the row. */
  own_remark: {
    id: number;
    person_id: string;
    about: string;
    kind: string;
    text: string;
    at_ms: number;
    /** The duty that it is about, as it stood when it was written: a new rota gives its rows new ids. */
    duty_kind: string | null;
    duty_starts_at_ms: number | null;
    duty_ends_at_ms: number | null;
    answer: string | null;
    answered_by: string | null;
    answered_at_ms: number | null;
  };
  /** People who paused their indicators, and since when. */
  indicator_pause: { person_id: string; since_ms: number };
  /** Minutes of active handling by class and day, without the person (DESIGN 10). */
  handling_sample: { id: number; class: string; day: number; minutes: number };
  asset: {
    key: string;
    kind: string;
    criticality: string | null;
    internet_facing: number | null;
    owner: string | null;
    note: string | null;
  };
  identity: {
    key: string;
    tier0: number | null;
    criticality: string | null;
    owner: string | null;
    note: string | null;
  };
  lookup: { list: string; key: string; value: string };
  dead_letter: {
    id: number;
    at_ms: number;
    origin: string;
    line: number | null;
    column_no: number | null;
    reason: string;
    message: string;
    text: string;
    bytes: number;
    /** When it was last read again in vain. */
    tried_at_ms: number | null;
  };
  /** How much the letters of an origin take, and what was let go because it was too much. */
  letter_room: {
    origin: string;
    letters: number;
    bytes: number;
    let_go: number;
    let_go_bytes: number;
    let_go_at_ms: number | null;
    let_go_why: string | null;
  };
  /** Mapping files of the workspace as they are or were in force; `until_ms` is null for those that are. */
  mapping_version: {
    id: number;
    name: string;
    file: string;
    digest: string;
    text: string;
    from_ms: number;
    until_ms: number | null;
  };
  ingest_run: { id: number; origin: string; started_at_ms: number; report_json: string };
  format_count: {
    format: string;
    read: number;
    stored: number;
    updated: number;
    duplicates: number;
    rejected: number;
    skipped: number;
    last_at_ms: number | null;
  };
  /** Kept counts of groups, one row for each combination that exists. Facets and totals are sums over it. */
  group_count: {
    is_open: number;
    status: string;
    severity: number;
    tier: string;
    product: string;
    /** '' when unowned. Empty for closed groups, so that the table stays small. */
    assignee_id: string;
    priority_level: number;
    /** '' while open. */
    closed_by_kind: string;
    n: number;
  };
  /** Groups that came into and went out of the queue, by hour and tier. No person in it. */
  hourly_flow: { hour: number; tier: string; received: number; finished: number; auto_closed: number };
  /** A closure that somebody is to look at again, blind. Who reads it is known until it is settled and not after. */
  audit_item: {
    id: number;
    group_id: number;
    closed_at_ms: number;
    /** `rule`, `person`, or `known`: closed by people as a true positive. */
    kind: string;
    rule_id: string | null;
    rule_version: number | null;
    /** Severity and product, for error by class of alert. */
    class: string;
    stratum: string;
    probability: number;
    severity: number;
    drawn_at_ms: number;
    due_at_ms: number;
    /** Where it stands in the mixed queue: drawn, so that neighbours tell nothing. */
    place: number;
    /** `open`, `second`, `settled`, `stale`. */
    state: string;
    reader_id: string | null;
    verdict: string | null;
    needs_second: number;
    second_reader_id: string | null;
    second_verdict: string | null;
    /** Who looked the original up, so that the item is for somebody else. */
    excluded_id: string | null;
    /** Readings that were voided. */
    voids: number;
    /** `right`, `missed`, `unclear`. */
    outcome: string | null;
    /** Of a suspected miss: `pending`, `confirmed`, `refuted`. */
    truth: string | null;
    settled_seq: number | null;
  };
  /** Where each rule that closes stands, as of its last look. */
  rule_assurance: {
    rule_id: string;
    rule_version: number;
    family: string | null;
    state: string;
    regime_since_ms: number;
    closed_usual: number;
    closed_near: number;
    closed_novel: number;
    audited: number;
    misses: number;
    severe_misses: number;
    cusum: number;
    max_false_close_rate: number;
    bound: number;
    bound_from: string;
    usual_rate: number;
    rate_why: string;
    reasons_json: string;
    missing_json: string;
    drift_since_ms: number | null;
    is_dirty: number;
  };
  /** Closures of rules by day, stratum and make-up. */
  assurance_day: { rule_id: string; day: number; stratum: string; bin: number; closed: number };
  /** Closures of rules by hour, to see when one gets noisy. Five weeks of them. */
  assurance_hour: { rule_id: string; hour: number; closed: number };
  /** The bound of each rule by day, for its plot. */
  assurance_point: { rule_id: string; day: number; bound: number; audited: number; misses: number };
  /** A rule that lost its right to close, until a person gives it back. */
  rule_suspension: {
    id: number;
    rule_id: string;
    rule_version: number;
    kind: string;
    cause: string;
    reason: string;
    at_ms: number;
    bulk_id: string;
    reopens: number;
    reopened: number;
    reopen_ended: number;
    rearmed_at_ms: number | null;
    rearmed_by: string | null;
    rearm_reason: string | null;
  };
  /** Planted true positives, by what the format makes of them. Neither rules nor guards can read this. */
  canary: {
    product: string;
    stable_id: string;
    rule_id: string;
    planted_at_ms: number;
    /** `closed` when a rule would have closed it, `shown` when it reached people; null until it came in. */
    outcome: string | null;
    closing_rule_id: string | null;
    /** The true positive of the workspace that it was made from; null for one that a lead planted. */
    from_group_id: number | null;
  };
  change_feed: { seq: number; at_ms: number; kinds_json: string; first_id: number | null; last_id: number | null };
  counter: { name: string; next: number };
  /** Sources that bring alerts by themselves. One that was removed stays, for the names of what it brought. */
  source: {
    id: number;
    name: string;
    kind: string;
    settings_json: string;
    format: string;
    site: string | null;
    is_enabled: number;
    quiet_after_minutes: number | null;
    /** SHA-256 of the token that senders show, in hex; the token itself is kept nowhere. */
    token_digest: string | null;
    token_hint: string | null;
    version: number;
    created_at_ms: number;
    removed_at_ms: number | null;
  };
  /** How far a source was read, written in the transaction that stores what was read. */
  source_cursor: { source_id: number; name: string; position_json: string; at_ms: number };
  source_health: {
    source_id: number;
    read: number;
    stored: number;
    updated: number;
    duplicates: number;
    rejected: number;
    skipped: number;
    dropped: number;
    last_record_at_ms: number | null;
    last_alert_at_ms: number | null;
    problem: string | null;
    problem_at_ms: number | null;
    silent_since_ms: number | null;
  };
  /** Records of a source by hour: its habit. */
  source_hour: { source_id: number; hour: number; records: number };
}
