import { principalEntity } from '../../shared/domain/alert/principal-entity.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import { findRows } from '../store/bulk.ts';
import { reserveIds } from '../store/ids.ts';
import { sourceRules } from '../store/ingest-rows.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { digestBytes, digestText, shortDigest } from './pipeline-classify.ts';
import { type Arrival, type GroupPlace, type GroupState, newGroup } from './pipeline-group.ts';
import type { TriageState } from './pipeline-input.ts';
import { factsOf } from './pipeline-priority.ts';
import { storableText } from './storable-text.ts';

const ENTITY_LENGTH_MAX = 500;
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

  constructor(tx: Write, triage: TriageState, site: string | null) {
    this.#tx = tx;
    this.#triage = triage;
    this.#site = site;
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
    const fresh = [...unknown].filter(([place]) => !this.#byKey.has(textOfKey(place.windowStartMs, place.key)));
    let id = fresh.length === 0 ? 0 : await reserveIds(this.#tx, 'alert_group', fresh.length);
    for (const [place, arrival] of fresh) {
      // Two places are one group when what tells them apart was cut off.
      if (this.#byKey.has(textOfKey(place.windowStartMs, place.key))) continue;
      this.#keep(newGroup(id, place, arrival, this.#triage.sla));
      id += 1;
    }
    for (const place of unknown.keys()) {
      const group = this.#byKey.get(textOfKey(place.windowStartMs, place.key));
      if (group !== undefined) this.#byPlace.set(place, group);
    }
  }

  async loadById(ids: readonly number[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#byId.has(id)).map((id) => ({ id }));
    for (const row of await findRows(this.#tx, 'alert_group', ['id'], missing)) this.keepStored(row);
  }

  /** Takes a row that was read, unless the group is here and may have changed. */
  keepStored(row: Tables['alert_group']): void {
    if (this.#byId.has(row.id)) return;
    this.#keep({ row: { ...row }, before: row, facts: factsOf(row), reopened: null });
  }

  #keep(group: GroupState): void {
    this.#byKey.set(textOfKey(group.row.window_start_ms, group.row.key), group);
    this.#byId.set(group.row.id, group);
  }

  #placeOf({ alert, outcome }: Arrival): GroupPlace {
    const { kind, value } = principalEntity(alert);
    const lane = laneOf(alert, outcome);
    const windowMs = this.#triage.groupWindowMs(alert.product);
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
    const keyParts = [rule.product, rule.rule_id, kind, entity.value, lane, windowStartMs, this.#site ?? ''];
    const place = {
      key: digestBytes(shortDigest(keyParts.join('\u0000'))),
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
const textOfRule = (rule: Pick<SourceRule, 'product' | 'rule_id'>): string => `${rule.product}\u0000${rule.rule_id}`;

function sourceRuleOf(alert: NormalisedAlert): SourceRule {
  return {
    product: storableText(alert.product, PRODUCT_LENGTH_MAX),
    rule_id: storableText(alert.ruleId, RULE_ID_LENGTH_MAX),
    name: storableText(alert.ruleName, RULE_NAME_LENGTH_MAX),
  };
}
