import { type SeededRandom, seededRandom } from '../sample/random.ts';
import { insertRows } from '../store/bulk.ts';
import { CountDeltas } from '../store/counts.ts';
import { reserveIds } from '../store/ids.ts';
import type { Tables } from '../store/schema.ts';
import type { Store, Write } from '../store/store.ts';

export const ALERTS_PER_GROUP = 2;
const OPEN_SHARE = 0.2;
const SLICE = 5_000;
const DAY_MS = 86_400_000;
const SOURCE_RULES = 400;
const PEOPLE = 24;
const PRODUCTS = ['suricata', 'wazuh', 'elastic', 'prowler'];
const TIERS = ['tier1', 'tier1', 'tier1', 'tier1', 'tier2', 'tier2', 'tier3', 'lead'];
const STATUSES = ['new', 'new', 'new', 'acknowledged', 'in_progress', 'on_hold'];
const PRIORITY_JSON = JSON.stringify({ basePoints: 52.9, terms: [], adjustments: [] });

/**
 * Fills a store with groups in the shape of a busy year: a fifth open, most of the closed ones by rules, few distinct
 * priorities, so that ties are long. The originals are left out: no list reads them.
 */
export async function fillQueue(
  store: Store,
  alerts: number,
  nowMs: number,
  seed: string,
): Promise<{ groups: number }> {
  const random = seededRandom(seed);
  await store.write((tx) => insertSourceRules(tx));
  const groups = Math.floor(alerts / ALERTS_PER_GROUP);
  for (let from = 0; from < groups; from += SLICE) {
    const n = Math.min(SLICE, groups - from);
    await store.write((tx) => insertSlice(tx, n, random, nowMs));
  }
  return { groups };
}

function insertSourceRules(tx: Write): Promise<void> {
  const rules = Array.from({ length: SOURCE_RULES }, (_, i): Tables['source_rule'] => ({
    id: i + 1,
    product: PRODUCTS[i % PRODUCTS.length] ?? 'suricata',
    rule_id: `rule-${i + 1}`,
    name: `Rule ${i + 1}`,
    tp: i % 7,
    btp: i % 5,
    fp: i % 11,
    n: (i % 7) + (i % 5) + (i % 11),
  }));
  return insertRows(tx, 'source_rule', rules);
}

async function insertSlice(tx: Write, n: number, random: SeededRandom, nowMs: number): Promise<void> {
  const firstGroup = await reserveIds(tx, 'alert_group', n);
  const firstAlert = await reserveIds(tx, 'alert', n * ALERTS_PER_GROUP);
  const groups = Array.from({ length: n }, (_, i) => groupRow(firstGroup + i, random, nowMs));
  await insertRows(tx, 'alert_group', groups);
  const alerts = groups.flatMap((group, i) =>
    Array.from({ length: ALERTS_PER_GROUP }, (_, k) => alertRow(firstAlert + i * ALERTS_PER_GROUP + k, group)),
  );
  await insertRows(tx, 'alert', alerts);
  const counts = new CountDeltas();
  for (const group of groups) counts.move(null, group, null);
  await counts.apply(tx);
}

function groupRow(id: number, random: SeededRandom, nowMs: number): Tables['alert_group'] {
  const isOpen = random.int(1, 100) <= OPEN_SHARE * 100;
  const receivedAtMs = nowMs - random.int(0, (isOpen ? 7 : 365) * DAY_MS);
  const sourceRule = random.int(1, SOURCE_RULES);
  const points = random.int(20, 80) + 0.25;
  const key = Buffer.alloc(16);
  key.writeUIntBE(id, 0, 6);
  const isOwned = isOpen && random.int(1, 10) === 1;
  const closer = random.int(1, 10) <= 8 ? 'rule' : 'person';
  return {
    id,
    key,
    window_start_ms: Math.floor(receivedAtMs / DAY_MS) * DAY_MS,
    lane: 'queue',
    product: PRODUCTS[sourceRule % PRODUCTS.length] ?? 'suricata',
    source_rule_id: sourceRule,
    title: `Rule ${sourceRule} fired on host-${random.int(1, 5_000)}`,
    entity_kind: 'host',
    entity_value: `host-${random.int(1, 5_000)}`,
    site: random.int(1, 4) === 1 ? 'plant' : 'office',
    severity: random.int(1, 5),
    severity_score: null,
    count: ALERTS_PER_GROUP,
    first_observed_at_ms: receivedAtMs,
    last_observed_at_ms: receivedAtMs,
    first_received_at_ms: receivedAtMs,
    last_received_at_ms: receivedAtMs,
    status: isOpen ? (STATUSES[random.int(0, STATUSES.length - 1)] ?? 'new') : 'closed',
    is_open: isOpen ? 1 : 0,
    disposition: isOpen ? null : 'false_positive',
    tier: TIERS[random.int(0, TIERS.length - 1)] ?? 'tier1',
    assignee_id: isOwned ? `person-${random.int(1, PEOPLE)}` : null,
    not_now_count: 0,
    priority_points: points,
    priority_level: points >= 70 ? 1 : points >= 50 ? 2 : points >= 30 ? 3 : 4,
    priority_json: PRIORITY_JSON,
    rule_priority_step: 0,
    due_at_ms: isOpen ? receivedAtMs + 3_600_000 : null,
    hold_until_ms: null,
    tags_json: '[]',
    tactics_json: '[]',
    techniques_json: '[]',
    cves_json: '[]',
    closed_at_ms: isOpen ? null : receivedAtMs + 3_600_000,
    closed_by_kind: isOpen ? null : closer,
    closed_by: isOpen ? null : closer === 'rule' ? `rule-${random.int(1, 40)}` : `person-${random.int(1, PEOPLE)}`,
    closing_rule_version: isOpen || closer !== 'rule' ? null : 1,
    close_reason: isOpen ? null : 'known and harmless',
    version: 1,
    entity_count: 1,
    news: null,
    closed_alert_id: null,
    later_count: 0,
  };
}

function alertRow(id: number, group: Tables['alert_group']): Tables['alert'] {
  return {
    id,
    group_id: group.id,
    observed_at_ms: group.first_observed_at_ms,
    received_at_ms: group.first_received_at_ms,
    severity: group.severity,
    severity_score: null,
    title: group.title,
    format: 'suricata-eve',
    stable_id: String(id),
    origin_id: 1,
    block_id: 0,
    slot: 0,
    closed_at_source: 0,
    revision: 0,
  };
}
