import { principalEntity } from '../../shared/domain/alert/principal-entity.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { Entity, NormalisedAlert } from '../../shared/model/alert.ts';
import { findRows } from '../store/bulk.ts';
import { currentIds, hasKeyLinks } from '../store/group-links.ts';
import { reserveIds } from '../store/ids.ts';
import { sourceRules } from '../store/ingest-rows.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { digestBytes, digestText, shortDigest } from './pipeline-classify.ts';
import { EntityTally } from './pipeline-entities.ts';
import { type Arrival, type GroupPlace, type GroupState, newGroup } from './pipeline-group.ts';
import type { TriageState } from './pipeline-input.ts';
import { factsOf } from './pipeline-priority.ts';
import { entityOfRow, foldableGroups, foldInto, RuleWindows, type WatchedWindow } from './pipeline-storm.ts';
import { storableText } from './storable-text.ts';

export const ENTITY_LENGTH_MAX = 500;
const RULE_ID_LENGTH_MAX = 500;
const RULE_NAME_LENGTH_MAX = 1_000;
const PRODUCT_LENGTH_MAX = 100;

type SourceRule = Pick<Tables['source_rule'], 'product' | 'rule_id' | 'name'>;

/** Where an alert's group lies: the queue, closed at its source, or closed by one rule. */
export function laneOf(alert: NormalisedAlert, outcome: TriageOutcome): string {
  if (alert.closedAtSource) return 'source';
  return outcome.close === null ? 'queue' : `closed:${outcome.close.ruleId}`;
}

/** The groups that one transaction touches, each read from the store once, and the ids of products' rules. */
export class GroupBook {
  readonly #tx: Write;
  readonly #triage: TriageState;
  readonly #site: string | null;
  /**
   * By the product's rule and the entity, then by the rest that the key is made of: the digest is made once for each
   * group and not for each alert, and neither is one long text of all parts.
   */
  readonly #places = new Map<string, Map<string, GroupPlace[]>>();
  /** Ids of products' rules: by product, then by the product's own id. */
  readonly #rules = new Map<string, Map<string, number>>();
  readonly #byKey = new Map<string, GroupState>();
  readonly #byPlace = new Map<GroupPlace, GroupState>();
  readonly #byId = new Map<number, GroupState>();
  /** Of the alerts that were placed last: in a storm each is asked for three times. */
  readonly #placeOfArrival = new Map<Arrival, GroupPlace>();
  readonly #windows: RuleWindows;
  /** Groups that alerts came into before a person joined those groups to others. */
  readonly #homes = new Map<GroupPlace, number>();
  #hasJoined: boolean | null = null;
  readonly entities = new EntityTally();
  /** Stored groups that went into a storm. */
  readonly removed: Tables['alert_group'][] = [];

  constructor(tx: Write, triage: TriageState, site: string | null) {
    this.#tx = tx;
    this.#triage = triage;
    this.#site = site;
    this.#windows = new RuleWindows(tx, site);
  }

  all(): GroupState[] {
    return [...this.#byId.values()];
  }

  byId(id: number): GroupState | undefined {
    return this.#byId.get(id);
  }

  /** Must have been called for the alerts that `placesOf` gets. */
  async loadRules(alerts: readonly NormalisedAlert[]): Promise<void> {
    const wanted = new Map<string, SourceRule>();
    for (const alert of alerts) {
      if (this.#rules.get(alert.product)?.has(alert.ruleId)) continue;
      const rule = sourceRuleOf(alert);
      wanted.set(textOfRule(rule), rule);
    }
    if (wanted.size === 0) return;
    // Two long ids may be one after they were cut.
    const found = await sourceRules(this.#tx, [...wanted.values()]);
    const ids = new Map(found.map((rule) => [textOfRule(rule), rule.id]));
    for (const alert of alerts) this.#keepRule(alert, ids);
  }

  #keepRule(alert: NormalisedAlert, ids: ReadonlyMap<string, number>): void {
    let byId = this.#rules.get(alert.product);
    if (byId === undefined) {
      byId = new Map();
      this.#rules.set(alert.product, byId);
    }
    if (!byId.has(alert.ruleId)) byId.set(alert.ruleId, ids.get(textOfRule(sourceRuleOf(alert))) ?? 0);
  }

  /** The groups of these alerts in their order, made where they are new. New ones are still empty. */
  async groupsOf(arrivals: readonly Arrival[]): Promise<GroupState[]> {
    this.#placeOfArrival.clear();
    const places = arrivals.map((arrival) => this.#placeOf(arrival));
    const unknown = new Map<GroupPlace, Arrival>();
    for (const [i, place] of places.entries()) {
      const arrival = arrivals[i];
      if (arrival !== undefined && !this.#byPlace.has(place) && !unknown.has(place)) unknown.set(place, arrival);
    }
    if (unknown.size > 0) await this.#open(unknown);
    return places.flatMap((place) => this.#byPlace.get(place) ?? []);
  }

  async #open(unknown: ReadonlyMap<GroupPlace, Arrival>): Promise<void> {
    const wanted = [...unknown.keys()].map((place) => ({ window_start_ms: place.windowStartMs, key: place.key }));
    const rows = await findRows(this.#tx, 'alert_group', ['window_start_ms', 'key'], wanted);
    for (const row of rows) this.keepStored(row);
    const isFresh = ([place]: readonly [GroupPlace, Arrival]) => !this.#byKey.has(textOfPlace(place));
    let fresh = [...unknown].filter(isFresh);
    if (fresh.length > 0) {
      const places = fresh.map(([place]) => place);
      await this.#followJoined(places);
      await this.#windows.load(places);
      await this.#followStorms(places);
      fresh = fresh.filter(isFresh);
    }
    let id = fresh.length === 0 ? 0 : await reserveIds(this.#tx, 'alert_group', fresh.length);
    for (const [place, arrival] of fresh) {
      // Two places are one group when what tells them apart was cut off.
      if (this.#byKey.has(textOfPlace(place))) continue;
      const window = this.#windows.of(place);
      if (window !== undefined && (await this.#isTakenByStorm(window, place, arrival))) continue;
      this.#keep(newGroup(id, place, arrival, this.#triage.sla));
      id += 1;
    }
    for (const place of unknown.keys()) {
      const group = this.#byKey.get(textOfKey(place.windowStartMs, place.key));
      if (group !== undefined) this.#byPlace.set(place, group);
    }
  }

  /** Keys of groups that a person joined to another lead there. */
  async #followJoined(places: readonly GroupPlace[]): Promise<void> {
    this.#hasJoined ??= await hasKeyLinks(this.#tx);
    if (!this.#hasJoined) return;
    const wanted = places.map((place) => ({ window_start_ms: place.windowStartMs, key: place.key }));
    const links = await findRows(this.#tx, 'group_link', ['window_start_ms', 'key'], wanted);
    const current = await this.loadHomes(links.map((link) => link.from_id));
    const byKey = new Map(
      links.map((link) => [textOfKey(link.window_start_ms ?? 0, link.key ?? new Uint8Array()), link.from_id]),
    );
    for (const place of places) {
      const home = byKey.get(textOfPlace(place));
      const group = home === undefined ? undefined : this.#byId.get(current.get(home) ?? home);
      if (home === undefined || group === undefined) continue;
      this.#homes.set(place, home);
      this.#byKey.set(textOfPlace(place), group);
    }
  }

  /** What a storm took in goes on into it. */
  async #followStorms(places: readonly GroupPlace[]): Promise<void> {
    const storms = new Map<GroupPlace, number>();
    for (const place of places) {
      const stormId = this.#windows.of(place)?.row.storm_id ?? null;
      if (stormId !== null && !this.#byKey.has(textOfPlace(place))) storms.set(place, stormId);
    }
    if (storms.size === 0) return;
    const current = await this.loadHomes([...new Set(storms.values())]);
    for (const [place, stormId] of storms) {
      const storm = this.#byId.get(current.get(stormId) ?? stormId);
      if (storm === undefined) continue;
      this.#byKey.set(textOfPlace(place), storm);
      if (storm.row.id !== stormId) this.#homes.set(place, stormId);
    }
  }

  /** True for the storm of this alert's rule and window, also while it holds one entity only. */
  isStormOf(arrival: Arrival, group: GroupState): boolean {
    return this.#windows.of(this.#placeOf(arrival))?.row.storm_id === group.row.id;
  }

  /**
   * Counts one more group of the window. With enough of them, those that nobody has touched become one storm, and this
   * one never becomes a group: the outcome depends on which entities there are and not on which came first.
   */
  async #isTakenByStorm(window: WatchedWindow, place: GroupPlace, arrival: Arrival): Promise<boolean> {
    if (window.row.storm_id !== null) {
      const storm = this.#byId.get(window.row.storm_id);
      if (storm === undefined) return false;
      this.#byKey.set(textOfPlace(place), storm);
      return true;
    }
    window.row.group_count += 1;
    window.isChanged = true;
    const { alert } = arrival;
    if (window.row.group_count < this.#triage.grouping(alert.product, alert.ruleId).stormEntities) return false;
    const folding = await foldableGroups(this.#tx, window, this);
    // Where people have touched all the others there is nothing to fold yet.
    if (folding.length === 0) return false;
    const key = stormKey(place, alert);
    const stormPlace = { ...place, entity: { kind: place.entity.kind, value: '' }, key };
    const id = await reserveIds(this.#tx, 'alert_group', 1);
    const storm = newGroup(id, stormPlace, arrival, this.#triage.sla);
    storm.row.entity_count = 0;
    const { folded, removed } = await foldInto(this.#tx, storm, folding);
    this.removed.push(...removed);
    for (const { row } of folded) {
      const { count, severity, first_observed_at_ms, last_observed_at_ms } = row;
      const seen = { count, severity, first_observed_at_ms, last_observed_at_ms };
      if (count > 0) this.entities.add(id, entityOfRow(row), seen);
      this.#byId.delete(row.id);
      this.#byKey.set(textOfKey(row.window_start_ms, row.key), storm);
    }
    const gone = new Set(folded);
    for (const [known, group] of this.#byPlace) if (gone.has(group)) this.#byPlace.set(known, storm);
    this.#keep(storm);
    this.#byKey.set(textOfPlace(place), storm);
    window.row.storm_id = id;
    return true;
  }

  /** The entity that a group of several counts this alert under. */
  entityOf(arrival: Arrival): Entity {
    return this.#placeOf(arrival).entity;
  }

  /** The group that this alert came into: the one it is in, unless a person joined that to another. */
  homeOf(arrival: Arrival, group: GroupState): number {
    if (this.#homes.size === 0) return group.row.id;
    return this.#homes.get(this.#placeOf(arrival)) ?? group.row.id;
  }

  /** Must be called before groups are written: it says how many entities they have. */
  async save(): Promise<void> {
    await this.entities.save(this.#tx, (groupId, more) => {
      const group = this.#byId.get(groupId);
      if (group !== undefined) group.row.entity_count += more;
    });
    await this.#windows.save();
  }

  /** Where the groups of these ids are now, each of them read. */
  async loadHomes(ids: readonly number[]): Promise<Map<number, number>> {
    const current = await currentIds(
      this.#tx,
      [...new Set(ids)].filter((id) => !this.#byId.has(id)),
    );
    for (const id of ids) if (!current.has(id)) current.set(id, id);
    await this.loadById([...current.values()]);
    return current;
  }

  async loadById(ids: readonly number[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#byId.has(id)).map((id) => ({ id }));
    for (const row of await findRows(this.#tx, 'alert_group', ['id'], missing)) this.keepStored(row);
  }

  /** Takes a row that was read, unless the group is here and may have changed. */
  keepStored(row: Tables['alert_group']): void {
    if (this.#byId.has(row.id)) return;
    this.#keep({ row: { ...row }, before: row, facts: factsOf(row), reopened: null, raised: null });
  }

  #keep(group: GroupState): void {
    this.#byKey.set(textOfKey(group.row.window_start_ms, group.row.key), group);
    this.#byId.set(group.row.id, group);
  }

  #placeOf(arrival: Arrival): GroupPlace {
    const known = this.#placeOfArrival.get(arrival) ?? this.#findPlace(arrival);
    this.#placeOfArrival.set(arrival, known);
    return known;
  }

  #findPlace({ alert, outcome, principal }: Arrival): GroupPlace {
    const { windowMs, entityOf } = this.#triage.grouping(alert.product, alert.ruleId);
    const { kind, value } = entityOf === principalEntity && principal !== undefined ? principal : entityOf(alert);
    const lane = laneOf(alert, outcome);
    const windowStartMs = Math.floor(alert.observedAtMs / windowMs) * windowMs;
    const known = this.#placesOf(alert.ruleId, value);
    for (const place of known) {
      if (
        place.windowStartMs === windowStartMs &&
        place.lane === lane &&
        place.entity.kind === kind &&
        place.product === alert.product
      )
        return place;
    }
    const rule = sourceRuleOf(alert);
    const entity = { kind, value: storableText(value, ENTITY_LENGTH_MAX) };
    const place = {
      key: groupKey({
        product: rule.product,
        ruleId: rule.rule_id,
        kind,
        value: entity.value,
        lane,
        windowStartMs,
        site: this.#site,
      }),
      windowStartMs,
      lane,
      product: rule.product,
      sourceRuleId: this.#rules.get(alert.product)?.get(alert.ruleId) ?? 0,
      entity,
      site: this.#site,
    };
    known.push(place);
    return place;
  }

  #placesOf(ruleId: string, entityValue: string): GroupPlace[] {
    let byEntity = this.#places.get(ruleId);
    if (byEntity === undefined) {
      byEntity = new Map();
      this.#places.set(ruleId, byEntity);
    }
    let places = byEntity.get(entityValue);
    if (places === undefined) {
      places = [];
      byEntity.set(entityValue, places);
    }
    return places;
  }
}

const textOfKey = (windowStartMs: number, key: Uint8Array): string => `${windowStartMs}:${digestText(key)}`;
const textOfPlace = (place: GroupPlace): string => textOfKey(place.windowStartMs, place.key);
const textOfRule = (rule: Pick<SourceRule, 'product' | 'rule_id'>): string => `${rule.product}\u0000${rule.rule_id}`;

/** What makes a group the same one, as a digest. */
export function groupKey(parts: {
  product: string;
  ruleId: string;
  kind: string;
  value: string;
  lane: string;
  windowStartMs: number;
  site: string | null;
}): Buffer {
  const { product, ruleId, kind, value, lane, windowStartMs, site } = parts;
  const text = [product, ruleId, kind, value, lane, windowStartMs, site ?? ''].join('\u0000');
  return digestBytes(shortDigest(text));
}

/** The key of the storm of a rule and window: that of a group about everything. */
function stormKey(place: GroupPlace, alert: NormalisedAlert): Uint8Array {
  const { product, rule_id } = sourceRuleOf(alert);
  const { lane, windowStartMs, site } = place;
  return groupKey({ product, ruleId: rule_id, kind: 'many', value: '', lane, windowStartMs, site });
}

function sourceRuleOf(alert: NormalisedAlert): SourceRule {
  return {
    product: storableText(alert.product, PRODUCT_LENGTH_MAX),
    rule_id: storableText(alert.ruleId, RULE_ID_LENGTH_MAX),
    name: storableText(alert.ruleName, RULE_NAME_LENGTH_MAX),
  };
}
