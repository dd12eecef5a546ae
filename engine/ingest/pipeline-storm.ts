import type { Entity } from '../../shared/model/alert.ts';
import { type GroupLink, insertLinks } from '../store/group-links.ts';
import {
  deleteGroups,
  findWindows,
  type RuleWindow,
  type RuleWindowKey,
  saveWindows,
  untouchedGroups,
} from '../store/rule-windows.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { mergeContent } from './group-merge.ts';
import type { GroupPlace, GroupState } from './pipeline-group.ts';

/** One rule in one window, as this transaction knows it. */
export interface WatchedWindow {
  row: RuleWindow;
  isChanged: boolean;
}

const keyOf = (key: RuleWindowKey): string => `${key.window_start_ms} ${key.source_rule_id}`;

/** The windows of rules that a transaction makes groups in: how many there are, and which storm took them in. */
export class RuleWindows {
  readonly #tx: Write;
  readonly #site: string;
  readonly #known = new Map<string, WatchedWindow>();

  constructor(tx: Write, site: string | null) {
    this.#tx = tx;
    this.#site = site ?? '';
  }

  /** Reads the windows of these places, once for a transaction. Only the queue has storms: what is closed makes no work. */
  async load(places: readonly GroupPlace[]): Promise<void> {
    const missing = new Map<string, RuleWindowKey>();
    for (const place of places) {
      if (place.lane !== 'queue') continue;
      const key = this.#keyOf(place);
      if (!this.#known.has(keyOf(key))) missing.set(keyOf(key), key);
    }
    if (missing.size === 0) return;
    for (const row of await findWindows(this.#tx, [...missing.values()])) {
      this.#known.set(keyOf(row), { row, isChanged: false });
    }
    for (const [text, key] of missing) {
      if (!this.#known.has(text))
        this.#known.set(text, { row: { ...key, group_count: 0, storm_id: null }, isChanged: false });
    }
  }

  of(place: GroupPlace): WatchedWindow | undefined {
    return place.lane === 'queue' ? this.#known.get(keyOf(this.#keyOf(place))) : undefined;
  }

  async save(): Promise<void> {
    const changed = [...this.#known.values()].filter((window) => window.isChanged);
    await saveWindows(
      this.#tx,
      changed.map(({ row }) => row),
    );
    for (const window of changed) window.isChanged = false;
  }

  #keyOf(place: GroupPlace): RuleWindowKey {
    return { window_start_ms: place.windowStartMs, source_rule_id: place.sourceRuleId, site: this.#site };
  }
}

/** True for a group of this window that nobody has looked at and that holds one entity. */
function isFoldable(group: GroupState, { row }: WatchedWindow): boolean {
  const { before } = group;
  return (
    group.row.window_start_ms === row.window_start_ms &&
    group.row.source_rule_id === row.source_rule_id &&
    group.row.lane === 'queue' &&
    group.row.status === 'new' &&
    group.row.entity_count === 1 &&
    group.reopened === null &&
    (before === null || (before.status === 'new' && before.assignee_id === null))
  );
}

export interface Fold {
  folded: GroupState[];
  /** Stored rows that are gone; those made in this transaction were never stored. */
  removed: Tables['alert_group'][];
}

/** The groups of a window that go into its storm: stored ones that nobody touched, and those of this transaction. */
export async function foldableGroups(
  tx: Write,
  window: WatchedWindow,
  known: {
    all(): GroupState[];
    keepStored(row: Tables['alert_group']): void;
    byId(id: number): GroupState | undefined;
  },
): Promise<GroupState[]> {
  const stored = await untouchedGroups(tx, window.row);
  for (const row of stored) known.keepStored(row);
  const untouched = new Set(stored.map((row) => row.id));
  return known.all().filter((group) => {
    return isFoldable(group, window) && (group.before === null || untouched.has(group.row.id));
  });
}

/** Takes groups into a storm: everything that they say, their rows away, and links from where they were. */
export async function foldInto(tx: Write, storm: GroupState, folded: readonly GroupState[]): Promise<Fold> {
  const links = folded.map(({ row }): GroupLink => {
    return { from_id: row.id, to_id: storm.row.id, kind: 'folded', window_start_ms: null, key: null };
  });
  for (const group of folded) {
    mergeContent(storm, group);
    if (group.row.entity_kind !== storm.row.entity_kind) storm.row.entity_kind = 'none';
  }
  const removed = folded.flatMap(({ before }) => (before === null ? [] : [before]));
  await deleteGroups(
    tx,
    removed.map((row) => row.id),
  );
  await insertLinks(tx, links);
  return { folded: [...folded], removed };
}

/** What a folded group adds to its storm's entities. */
export function entityOfRow(row: Tables['alert_group']): Entity {
  // The column holds what `principalEntity` gave.
  return { kind: row.entity_kind as Entity['kind'], value: row.entity_value };
}
