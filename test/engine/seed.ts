import { CountDeltas } from '../../engine/store/counts.ts';
import { reserveIds } from '../../engine/store/ids.ts';
import type { Tables } from '../../engine/store/schema.ts';
import type { Write } from '../../engine/store/store.ts';
import type { Person } from '../../shared/model/people.ts';
import { type Severity, severityRank, type Tier } from '../../shared/model/vocabulary.ts';

export function person(id: string, tier: Tier, more: Partial<Person> = {}): Person {
  return {
    id,
    name: `${id.charAt(0).toUpperCase()}${id.slice(1)} Example`,
    initials: id.slice(0, 2).toUpperCase(),
    tier,
    roles: tier === 'lead' ? ['lead'] : ['analyst'],
    skills: [],
    itemLimit: 10,
    ...more,
  };
}

type GroupRow = Tables['alert_group'];

export interface SeedGroup extends Partial<Omit<GroupRow, 'severity' | 'id'>> {
  severity?: Severity;
}

/** Stores one group with its kept counts, as the product's own writers do, and gives its id. */
export async function seedGroup(tx: Write, group: SeedGroup, atMs: number): Promise<number> {
  const id = await reserveIds(tx, 'alert_group', 1);
  const { severity = 'medium', ...given } = group;
  const row: GroupRow = {
    id,
    key: new Uint8Array([id & 255, id >> 8]),
    window_start_ms: 0,
    lane: 'queue',
    product: 'wazuh',
    source_rule_id: 1,
    title: `Group ${id}`,
    entity_kind: 'host',
    entity_value: 'srv-1',
    site: null,
    severity: severityRank(severity),
    severity_score: null,
    count: 1,
    first_observed_at_ms: atMs,
    last_observed_at_ms: atMs,
    first_received_at_ms: atMs,
    last_received_at_ms: atMs,
    status: 'new',
    is_open: 1,
    disposition: null,
    tier: 'tier1',
    assignee_id: null,
    not_now_count: 0,
    priority_points: 50,
    priority_level: 3,
    priority_json: JSON.stringify({ basePoints: 52.9, terms: [], adjustments: [] }),
    rule_priority_step: 0,
    due_at_ms: null,
    hold_until_ms: null,
    tags_json: '[]',
    tactics_json: '[]',
    techniques_json: '[]',
    cves_json: '[]',
    closed_at_ms: null,
    closed_by_kind: null,
    closed_by: null,
    closing_rule_version: null,
    close_reason: null,
    version: 1,
    entity_count: 1,
    news: null,
    closed_alert_id: null,
    later_count: 0,
    ...given,
  };
  await tx.insertInto('alert_group').values(row).execute();
  const counts = new CountDeltas();
  counts.move(null, row, atMs);
  await counts.apply(tx);
  return id;
}
