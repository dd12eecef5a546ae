import { type Severity, severityRank } from '../../shared/model/vocabulary.ts';
import { BLOCK_RECORDS, encodeBlock } from '../store/block-codec.ts';
import { insertRows, updateRows } from '../store/bulk.ts';
import { reserveIds } from '../store/ids.ts';
import { insertBlocks, type NewBlock, type OriginalPlace } from '../store/originals.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { type Candidate, digestBytes } from './pipeline-classify.ts';
import type { DedupePlace } from './pipeline-dedupe.ts';
import type { GroupState } from './pipeline-group.ts';
import { storableText } from './storable-text.ts';

/** A new alert with its ids. */
export interface Stored {
  candidate: Candidate;
  place: DedupePlace;
  /** What it counts as. Its original lies among those of the severity that it claims. */
  severity: Severity;
  alertId: number;
  groupId: number;
}

/** A changed content of a known alert, with its row as it was. */
export interface Revised {
  candidate: Candidate;
  place: DedupePlace;
  severity: Severity;
  row: Tables['alert'];
}

const DAY_MS = 86_400_000;
/** More than there are ranks, so that a day and a rank make one number. */
const SEVERITY_RANKS = 16;
const TITLE_LENGTH_MAX = 4_000;
const STABLE_ID_LENGTH_MAX = 1_000;

/** A block that is being filled. */
interface OpenBlock {
  id: number;
  day: number;
  severity: number;
  records: Uint8Array[];
  alertIds: number[];
}

/**
 * Puts originals into blocks of one severity and day and says where each lies, before the block is full: rows of alerts
 * are then written in the order of their ids. What is not full is written at the end of the transaction.
 */
export class OriginalsWriter {
  readonly #tx: Write;
  readonly #storedDay: number;
  readonly #open = new Map<number, OpenBlock>();

  constructor(tx: Write, nowMs: number) {
    this.#tx = tx;
    this.#storedDay = Math.floor(nowMs / DAY_MS);
  }

  /** The places of these records, in their order, each with the alert that it is of. */
  async place(items: readonly { candidate: Candidate; alertId: number }[]): Promise<OriginalPlace[]> {
    const fresh: OpenBlock[] = [];
    const full: OpenBlock[] = [];
    const slots = items.map(({ candidate: { alert, bytes }, alertId }) => {
      const day = Math.floor(alert.observedAtMs / DAY_MS);
      const severity = severityRank(alert.severity);
      const key = day * SEVERITY_RANKS + severity;
      let block = this.#open.get(key);
      if (block === undefined) {
        block = { id: 0, day, severity, records: [], alertIds: [] };
        this.#open.set(key, block);
        fresh.push(block);
      }
      const slot = block.records.push(bytes) - 1;
      block.alertIds.push(alertId);
      if (block.records.length === BLOCK_RECORDS) {
        this.#open.delete(key);
        full.push(block);
      }
      return { block, slot };
    });
    if (fresh.length > 0) {
      const firstId = await reserveIds(this.#tx, 'original_block', fresh.length);
      for (const [i, block] of fresh.entries()) block.id = firstId + i;
    }
    await this.#write(full);
    return slots.map(({ block, slot }) => ({ blockId: block.id, slot }));
  }

  async flush(): Promise<void> {
    const blocks = [...this.#open.values()];
    this.#open.clear();
    await this.#write(blocks);
  }

  async #write(blocks: readonly OpenBlock[]): Promise<void> {
    const encoded = blocks.map(
      ({ id, day, severity, records, alertIds }): NewBlock => ({
        ...encodeBlock(records),
        id,
        day,
        severity,
        storedDay: this.#storedDay,
        alertIds,
      }),
    );
    await insertBlocks(this.#tx, encoded);
  }
}

function alertRow(
  { candidate, severity, alertId, groupId }: Pick<Stored, 'candidate' | 'severity' | 'alertId' | 'groupId'>,
  original: OriginalPlace,
  more: Pick<Tables['alert'], 'origin_id' | 'received_at_ms' | 'revision'>,
): Tables['alert'] {
  const { alert } = candidate;
  return {
    id: alertId,
    group_id: groupId,
    observed_at_ms: alert.observedAtMs,
    received_at_ms: more.received_at_ms,
    severity: severityRank(severity),
    severity_score: alert.severityScore === null ? null : Math.round(alert.severityScore),
    title: storableText(alert.title, TITLE_LENGTH_MAX),
    format: candidate.format,
    stable_id: storableText(alert.stableId, STABLE_ID_LENGTH_MAX),
    origin_id: more.origin_id,
    block_id: original.blockId,
    slot: original.slot,
    closed_at_source: alert.closedAtSource ? 1 : 0,
    revision: more.revision,
  };
}

/** Writes new alerts, what they are known by and their originals. */
export async function writeAlerts(
  tx: Write,
  originals: OriginalsWriter,
  stored: readonly Stored[],
  originId: number,
  nowMs: number,
): Promise<void> {
  const rows: Tables['alert'][] = [];
  const known: Tables['dedupe'][] = [];
  const places = await originals.place(stored);
  for (const [i, item] of stored.entries()) {
    const original = places[i];
    if (original === undefined) continue;
    rows.push(alertRow(item, original, { origin_id: originId, received_at_ms: nowMs, revision: 0 }));
    const { hour, hash } = item.place;
    const digest = digestBytes(item.candidate.idDigest);
    const content = digestBytes(item.candidate.contentDigest);
    known.push({ hour, hash, digest, content, alert_id: item.alertId });
  }
  await insertRows(tx, 'alert', rows);
  await insertRows(tx, 'dedupe', known);
}

/** Writes changed contents of known alerts, and keeps what they were before. */
export async function writeRevisions(
  tx: Write,
  originals: OriginalsWriter,
  revised: readonly Revised[],
): Promise<void> {
  if (revised.length === 0) return;
  const firstSeq = await reserveIds(tx, 'alert_revision', revised.length);
  const earlier = revised.map(({ row }, i) => ({
    seq: firstSeq + i,
    alert_id: row.id,
    revision: row.revision,
    received_at_ms: row.received_at_ms,
    severity: row.severity,
    block_id: row.block_id,
    slot: row.slot,
  }));
  await insertRows(tx, 'alert_revision', earlier);
  const places = await originals.place(revised.map(({ candidate, row }) => ({ candidate, alertId: row.id })));
  const newer = revised.flatMap(({ candidate, severity, row }, i) => {
    const original = places[i];
    if (original === undefined) return [];
    const more = { origin_id: row.origin_id, received_at_ms: row.received_at_ms, revision: row.revision + 1 };
    return [alertRow({ candidate, severity, alertId: row.id, groupId: row.group_id }, original, more)];
  });
  const changed = ['severity', 'severity_score', 'title', 'block_id', 'slot', 'closed_at_source', 'revision'] as const;
  await updateRows(tx, 'alert', ['id'], changed, newer);
  const contents = revised.map(({ candidate, place, row }) => ({
    ...place,
    digest: digestBytes(candidate.idDigest),
    content: digestBytes(candidate.contentDigest),
    alert_id: row.id,
  }));
  await updateRows(tx, 'dedupe', ['hour', 'hash'], ['content'], contents);
}

/** What one more alert of the same kind changes: no index but those of arrival holds any of it. */
const COUNTED = ['count', 'first_observed_at_ms', 'last_observed_at_ms', 'last_received_at_ms'] as const;

/** Columns that few indexes hold: what an alert changes that says something new of its group. */
const LIGHT = [
  'title',
  'severity_score',
  'first_received_at_ms',
  'due_at_ms',
  'priority_json',
  'rule_priority_step',
  'tags_json',
  'tactics_json',
  'techniques_json',
  'cves_json',
  'closing_rule_version',
  'version',
  'entity_kind',
  'entity_count',
  'news',
  'closed_alert_id',
  'later_count',
] as const;

/** Columns that the queue's indexes hold, and those that only reopening changes. */
const HEAVY = [
  'severity',
  'status',
  'is_open',
  'disposition',
  'tier',
  'assignee_id',
  'not_now_count',
  'priority_points',
  'priority_level',
  'hold_until_ms',
  'closed_at_ms',
  'closed_by_kind',
  'closed_by',
  'close_reason',
] as const;

/** Writes new groups whole, and of changed ones as little as possible: each index column that is set costs an index write. */
export async function writeGroups(tx: Write, groups: readonly GroupState[]): Promise<void> {
  const fresh: Tables['alert_group'][] = [];
  const counted: Tables['alert_group'][] = [];
  const light: Tables['alert_group'][] = [];
  const heavy: Tables['alert_group'][] = [];
  for (const { row, before } of groups) {
    if (before === null) fresh.push(row);
    else if (HEAVY.some((column) => row[column] !== before[column])) heavy.push(row);
    else if (LIGHT.some((column) => row[column] !== before[column])) light.push(row);
    else if (COUNTED.some((column) => row[column] !== before[column])) counted.push(row);
  }
  await insertRows(tx, 'alert_group', fresh);
  await updateRows(tx, 'alert_group', ['id'], COUNTED, counted);
  await updateRows(tx, 'alert_group', ['id'], [...COUNTED, ...LIGHT], light);
  await updateRows(tx, 'alert_group', ['id'], [...COUNTED, ...LIGHT, ...HEAVY], heavy);
}
