import type { Entity } from '../../shared/model/alert.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { eitherTrue, type GroupFacts, type GroupRow, higherCriticality, unite } from '../ingest/pipeline-group.ts';
import type { TriageState } from '../ingest/pipeline-input.ts';
import { EntityTactics, loadHistory, Prioritiser } from '../ingest/pipeline-priority.ts';
import { storableText } from '../ingest/storable-text.ts';
import { type AlertRow, alertsOfGroups } from '../store/alerts.ts';
import { allEntities, type GroupEntityRow, mergeEntities } from '../store/group-entities.ts';
import type { Read, Write } from '../store/store.ts';
import { readStored } from './children.ts';

/** Groups of more alerts than this are not read anew: what they say of tactics and the like only ever grows then. */
export const READ_ANEW_MAX = 2_000;
const ENTITY_LENGTH_MAX = 500;

export interface RegroupDeps {
  formats: FormatCatalogue;
  triage(): TriageState;
}

/** What the originals of alerts say together. */
export interface ReadContent {
  columns: Pick<GroupRow, 'tactics_json' | 'techniques_json' | 'cves_json'>;
  facts: Pick<GroupFacts, 'hostCriticality' | 'hostInternetFacing' | 'userTier0'>;
  entities: GroupEntityRow[];
}

/** Reads the alerts of a group anew; null when there are too many of them, or the original of one is gone. */
export async function readContent(db: Read, deps: RegroupDeps, homes: readonly number[]): Promise<ReadContent | null> {
  const rows = await alertsOfGroups(db, homes, 0, READ_ANEW_MAX + 1);
  return rows.length > READ_ANEW_MAX ? null : contentOf(db, deps, rows);
}

async function contentOf(db: Read, deps: RegroupDeps, rows: readonly AlertRow[]): Promise<ReadContent | null> {
  const stored = await readStored(db, deps.formats, rows);
  const triage = deps.triage();
  const columns = { tactics_json: '[]', techniques_json: '[]', cves_json: '[]' };
  const facts: ReadContent['facts'] = { hostCriticality: null, hostInternetFacing: null, userTier0: null };
  const entities = new Map<string, GroupEntityRow>();
  for (const [i, row] of rows.entries()) {
    const alert = stored[i]?.alert;
    if (alert === undefined) return null;
    columns.tactics_json = unite(columns.tactics_json, alert.tactics);
    columns.techniques_json = unite(columns.techniques_json, alert.techniques);
    columns.cves_json = unite(columns.cves_json, alert.cves);
    const known = triage.enrich(alert);
    facts.hostCriticality = higherCriticality(facts.hostCriticality, known.hostCriticality);
    facts.hostInternetFacing = eitherTrue(facts.hostInternetFacing, known.hostInternetFacing);
    facts.userTier0 = eitherTrue(facts.userTier0, known.userTier0);
    const { kind, value } = triage.grouping(alert.product, alert.ruleId).entityOf(alert);
    addEntity(entities, {
      group_id: 0,
      kind,
      value: storableText(value, ENTITY_LENGTH_MAX),
      count: 1,
      severity: row.severity,
      first_observed_at_ms: row.observed_at_ms,
      last_observed_at_ms: row.observed_at_ms,
    });
  }
  return { columns, facts, entities: [...entities.values()] };
}

function addEntity(entities: Map<string, GroupEntityRow>, row: GroupEntityRow): void {
  const key = keyOf(row);
  const known = entities.get(key);
  entities.set(key, known === undefined ? row : mergeEntities(known, row));
}

const keyOf = ({ kind, value }: Pick<GroupEntityRow, 'kind' | 'value'>): string => `${kind} ${value}`;

/** The entities of a group as they are kept, also of one that holds only its own. */
export async function keptEntities(db: Read, row: GroupRow): Promise<GroupEntityRow[]> {
  const kept = await allEntities(db, row.id);
  if (kept.length > 0) return kept;
  const { id, entity_kind, entity_value, count, severity, first_observed_at_ms, last_observed_at_ms } = row;
  const own = { count, severity, first_observed_at_ms, last_observed_at_ms };
  return [{ group_id: id, kind: entity_kind, value: entity_value, ...own }];
}

export function uniteEntities(lists: readonly (readonly GroupEntityRow[])[]): GroupEntityRow[] {
  const all = new Map<string, GroupEntityRow>();
  for (const row of lists.flat()) addEntity(all, row);
  return [...all.values()];
}

/** Entities without those alerts. Severity and times stay those of all alerts: they are of what is left or wider. */
export function withoutEntities(all: readonly GroupEntityRow[], taken: readonly GroupEntityRow[]): GroupEntityRow[] {
  const counts = new Map(taken.map((row) => [keyOf(row), row.count]));
  return all
    .map((row) => ({ ...row, count: row.count - (counts.get(keyOf(row)) ?? 0) }))
    .filter((row) => row.count > 0);
}

/** What a group is about, from its entities: the one, or how many. A storm and a part of one have no first among them. */
export function aboutColumns(
  row: Pick<GroupRow, 'entity_kind' | 'entity_value'>,
  entities: readonly GroupEntityRow[],
): Pick<GroupRow, 'entity_kind' | 'entity_value' | 'entity_count'> {
  const [first] = entities;
  if (first === undefined) return { ...row, entity_count: 1 };
  if (entities.length === 1) return { entity_kind: first.kind, entity_value: first.value, entity_count: 1 };
  const named = entities.find((one) => one.kind === row.entity_kind && one.value === row.entity_value);
  const { entity_kind, entity_value } = row;
  if (named !== undefined) return { entity_kind, entity_value, entity_count: entities.length };
  const kinds = new Set<string>(entities.map((one) => one.kind));
  const kind: Entity['kind'] | string = kinds.size === 1 ? first.kind : 'none';
  return { entity_kind: kind, entity_value: '', entity_count: entities.length };
}

/** Computes the priorities of these rows anew, from what they say now. */
export async function prioritise(
  tx: Write,
  deps: RegroupDeps,
  groups: readonly { row: GroupRow; facts: GroupFacts }[],
): Promise<void> {
  const tactics = new EntityTactics();
  const rows = groups.map(({ row }) => row);
  await tactics.load(
    tx,
    rows.map((row) => row.entity_value),
  );
  const history = await loadHistory(tx, rows);
  const prioritiser = new Prioritiser(deps.triage());
  for (const { row, facts } of groups) prioritiser.apply(row, facts, tactics, history);
}
