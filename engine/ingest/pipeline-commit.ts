import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import { principalEntity } from '../../shared/domain/alert/principal-entity.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { Entity, NormalisedAlert } from '../../shared/model/alert.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { Enrichment } from '../../shared/model/lists.ts';
import { severityRank } from '../../shared/model/vocabulary.ts';
import type { ChangeKind } from '../handlers.ts';
import { findRows } from '../store/bulk.ts';
import { CountDeltas } from '../store/counts.ts';
import { appendChange } from '../store/feed.ts';
import { reserveIds } from '../store/ids.ts';
import {
  countFormats,
  countRules,
  keepDeadLetters,
  openGroupsAbout,
  saveRun,
  sourceRules,
} from '../store/ingest-rows.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import type { Candidate, Classified, Rejected } from './pipeline-classify.ts';
import { shortDigest } from './pipeline-classify.ts';
import { decideFates, type Fate, runsWithoutConflict } from './pipeline-dedupe.ts';
import {
  type Arrival,
  addArrival,
  type GroupPlace,
  type GroupState,
  newGroup,
  noteContent,
  reopen,
} from './pipeline-group.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { EntityTactics, factsOf, loadHistory, type Prioritiser } from './pipeline-priority.ts';
import { RuleLedger } from './pipeline-rules.ts';
import { Tally } from './pipeline-tally.ts';
import { type Revised, type Stored, writeAlerts, writeGroups } from './pipeline-write.ts';
import { storableText } from './storable-text.ts';
import { parseOriginal } from './stored-alert.ts';

/** What all transactions of one run share. */
export interface RunContext {
  triage: TriageState;
  prioritiser: Prioritiser;
  append: AppendMachineDecision;
  originId: number;
  origin: string;
  site: string | null;
  isHistory: boolean;
  run: Pick<Tables['ingest_run'], 'id' | 'started_at_ms'>;
  /** Counts of the run before this transaction. */
  before: Tally;
  /** Given where the caller writes the transaction's one row of the change feed itself. */
  touch?(kind: ChangeKind, groupId?: number): void;
}

const ENTITY_LENGTH_MAX = 500;
const RULE_ID_LENGTH_MAX = 500;
/** Records that are looked up, decided and written together within a transaction: few enough to die young. */
const STEP_RECORDS = 512;
/** Other open groups of an entity whose priority follows when a new tactic is seen on it. */
const RELATED_GROUPS_MAX = 200;

const NO_OUTCOME: TriageOutcome = {
  close: null,
  suppress: [],
  tags: [],
  priorityStep: 0,
  priorityStepBy: null,
  route: null,
  escalate: null,
  playbook: null,
  hits: [],
};

/** Stores one slice of a source in the open transaction, with everything that follows from it. Answers its counts. */
export async function commitSlice(
  tx: Write,
  slice: readonly Classified[],
  context: RunContext,
  nowMs: number,
): Promise<Tally> {
  const tally = new Tally();
  const work = new SliceWork(tx, context, nowMs, tally);
  const rejected = slice.filter((item): item is Rejected => item.kind === 'rejected');
  for (const item of slice) if (item.kind === 'skipped') tally.count(item.format, 'skipped');
  for (const item of rejected) tally.count(item.format, 'rejected');
  const candidates = slice.filter((item): item is Candidate => item.kind === 'alert');
  for (const { run, repeats } of runsWithoutConflict(candidates)) {
    for (const repeat of repeats) tally.count(repeat.format, 'duplicates');
    for (let from = 0; from < run.length; from += STEP_RECORDS) await work.store(run.slice(from, from + STEP_RECORDS));
  }
  await keepDeadLetters(
    tx,
    rejected.map(({ fault }) => ({
      ...fault,
      atMs: nowMs,
      origin: context.origin,
      text: storableText(fault.text, 65_536),
      message: storableText(fault.message, 2_000),
    })),
  );
  await work.finish();
  const total = new Tally();
  total.add(context.before);
  total.add(tally);
  await countFormats(tx, tally.report(0).byFormat, nowMs);
  const report = total.report(Math.max(0, nowMs - context.run.started_at_ms));
  await saveRun(tx, { ...context.run, origin: context.origin, report_json: JSON.stringify(report) });
  return tally;
}

/** What rules ask about. The record itself is parsed once more only for a rule that asks for a field of the product's own. */
class LazySubject implements FieldSubject {
  readonly alert: NormalisedAlert;
  readonly enrichment: Enrichment;
  readonly #candidate: Candidate;
  #raw: JsonObject | undefined;

  constructor(candidate: Candidate, enrichment: Enrichment) {
    this.alert = candidate.alert;
    this.enrichment = enrichment;
    this.#candidate = candidate;
  }

  get raw(): JsonObject {
    this.#raw ??= parseOriginal(this.#candidate.bytes) ?? {};
    return this.#raw;
  }
}

/** The parts of one transaction that know each other: groups, rules, tactics and kept counts. */
class SliceWork {
  readonly #tx: Write;
  readonly #context: RunContext;
  readonly #nowMs: number;
  readonly #tally: Tally;
  readonly #groups = new Map<string, GroupState>();
  readonly #byId = new Map<number, GroupState>();
  readonly #rules = new RuleLedger();
  readonly #tactics = new EntityTactics();

  constructor(tx: Write, context: RunContext, nowMs: number, tally: Tally) {
    this.#tx = tx;
    this.#context = context;
    this.#nowMs = nowMs;
    this.#tally = tally;
  }

  async store(candidates: readonly Candidate[]): Promise<void> {
    if (candidates.length === 0) return;
    const fates = await decideFates(this.#tx, candidates);
    for (const { kind, candidate } of fates) {
      this.#tally.count(candidate.format, kind === 'new' ? 'stored' : kind === 'revision' ? 'updated' : 'duplicates');
    }
    const stored = await this.#placeNew(fates.filter((fate) => fate.kind === 'new'));
    const revised = await this.#placeRevisions(fates.filter((fate) => fate.kind === 'revision'));
    await writeAlerts(this.#tx, stored, revised, this.#context.originId, this.#nowMs);
  }

  /** An alert that its product had closed is history: no rule acts on it. */
  #arrival(candidate: Candidate): Arrival {
    const { alert } = candidate;
    const { triage, isHistory } = this.#context;
    const enrichment = triage.enrich(alert);
    const outcome = alert.closedAtSource
      ? NO_OUTCOME
      : triage.decide(new LazySubject(candidate, enrichment), this.#nowMs);
    return { alert, enrichment, outcome, receivedAtMs: this.#nowMs, isHistory };
  }

  async #placeNew(fates: readonly Extract<Fate, { kind: 'new' }>[]): Promise<Stored[]> {
    if (fates.length === 0) return [];
    const ruleIds = await this.#sourceRuleIds(fates.map(({ candidate }) => candidate.alert));
    const placed = fates.map((fate) => {
      const arrival = this.#arrival(fate.candidate);
      return { fate, arrival, place: this.#placeOf(arrival, ruleIds) };
    });
    await this.#loadGroups(placed.map(({ place }) => place));
    const missing = new Set(placed.map(({ place }) => textOfKey(place)).filter((key) => !this.#groups.has(key)));
    let nextGroupId = missing.size === 0 ? 0 : await reserveIds(this.#tx, 'alert_group', missing.size);
    const firstAlertId = await reserveIds(this.#tx, 'alert', placed.length);
    return placed.map(({ fate, arrival, place }, i) => {
      const key = textOfKey(place);
      let group = this.#groups.get(key);
      if (group === undefined) {
        group = newGroup(nextGroupId, place, arrival, this.#context.triage.sla);
        this.#keep(group);
        nextGroupId += 1;
      }
      addArrival(group, arrival, this.#context.triage.sla);
      this.#rules.add(group.row.id, arrival.outcome);
      if (place.lane === 'queue') this.#tally.queued += 1;
      else this.#tally.autoClosed += 1;
      return { candidate: fate.candidate, place: fate.place, alertId: firstAlertId + i, groupId: group.row.id };
    });
  }

  async #placeRevisions(fates: readonly Extract<Fate, { kind: 'revision' }>[]): Promise<Revised[]> {
    if (fates.length === 0) return [];
    const alerts = await findRows(
      this.#tx,
      'alert',
      ['id'],
      fates.map(({ alertId }) => ({ id: alertId })),
    );
    const byId = new Map(alerts.map((row) => [row.id, row]));
    await this.#loadGroupsById(alerts.map((row) => row.group_id));
    return fates.flatMap(({ candidate, place, alertId }) => {
      const row = byId.get(alertId);
      const group = row && this.#byId.get(row.group_id);
      if (row === undefined || group === undefined) return [];
      const arrival = this.#arrival(candidate);
      const lane = laneOf(arrival.alert, arrival.outcome);
      const wasMoreSevere = severityRank(arrival.alert.severity) > group.row.severity;
      noteContent(group, arrival, this.#context.triage.sla);
      const leftItsLane = group.row.lane !== 'queue' && lane !== group.row.lane && group.row.is_open === 0;
      if (leftItsLane && (wasMoreSevere || group.row.lane === 'source')) {
        reopen(group, `Opened again: ${arrival.alert.product} sent one of its alerts once more, and it changed.`);
      }
      return [{ candidate, place, row }];
    });
  }

  async #sourceRuleIds(alerts: readonly NormalisedAlert[]): Promise<Map<string, number>> {
    const wanted = new Map<string, { product: string; rule_id: string; name: string }>();
    for (const alert of alerts) {
      const rule = sourceRuleOf(alert);
      wanted.set(textOfRule(rule), rule);
    }
    const rules = await sourceRules(this.#tx, [...wanted.values()]);
    return new Map(rules.map((rule) => [textOfRule(rule), rule.id]));
  }

  #placeOf({ alert, outcome }: Arrival, ruleIds: ReadonlyMap<string, number>): GroupPlace {
    const rule = sourceRuleOf(alert);
    const entity = storableEntity(principalEntity(alert));
    const lane = laneOf(alert, outcome);
    const windowMs = this.#context.triage.groupWindowMs(alert.product);
    const windowStartMs = Math.floor(alert.observedAtMs / windowMs) * windowMs;
    const { site } = this.#context;
    const parts = [rule.product, rule.rule_id, entity.kind, entity.value, lane, String(windowStartMs), site ?? ''];
    const key = shortDigest(parts.join('\u0000'));
    const sourceRuleId = ruleIds.get(textOfRule(rule)) ?? 0;
    return { key, windowStartMs, lane, product: rule.product, sourceRuleId, entity, site };
  }

  #keep(group: GroupState): void {
    this.#groups.set(textOfKey({ windowStartMs: group.row.window_start_ms, key: group.row.key }), group);
    this.#byId.set(group.row.id, group);
  }

  #keepStored(row: Tables['alert_group']): void {
    if (this.#byId.has(row.id)) return;
    this.#keep({ row: { ...row }, before: row, facts: factsOf(row), reopened: null });
  }

  async #loadGroups(places: readonly GroupPlace[]): Promise<void> {
    const wanted = new Map<string, { window_start_ms: number; key: Uint8Array }>();
    for (const { windowStartMs, key } of places) {
      const text = textOfKey({ windowStartMs, key });
      if (!this.#groups.has(text)) wanted.set(text, { window_start_ms: windowStartMs, key });
    }
    const rows = await findRows(this.#tx, 'alert_group', ['window_start_ms', 'key'], [...wanted.values()]);
    for (const row of rows) this.#keepStored(row);
  }

  async #loadGroupsById(ids: readonly number[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#byId.has(id)).map((id) => ({ id }));
    for (const row of await findRows(this.#tx, 'alert_group', ['id'], missing)) this.#keepStored(row);
  }

  /** Priorities, counters, kept counts, ledger and feed: once for the whole transaction. */
  async finish(): Promise<void> {
    const touched = [...this.#byId.values()];
    if (touched.length === 0) {
      await this.#tell(['source'], []);
      return;
    }
    await this.#prioritise(touched);
    const all = [...this.#byId.values()];
    await writeGroups(this.#tx, all);
    const deltas = new CountDeltas();
    for (const { row, before } of all) deltas.move(before, row, this.#context.isHistory ? null : this.#nowMs);
    await deltas.apply(this.#tx);
    await this.#rules.save(this.#tx);
    await countRules(this.#tx, this.#rules.tallies(), this.#nowMs);
    for (const closure of this.#rules.closures()) {
      await this.#context.append(this.#tx, { kind: 'automation.close', ...closure, nowMs: this.#nowMs });
    }
    for (const { row, before, reopened } of all) {
      if (reopened === null || before === null) continue;
      const decision = { kind: 'group.reopen', before, after: row, sentence: reopened, nowMs: this.#nowMs } as const;
      await this.#context.append(this.#tx, decision);
    }
    await this.#tell(
      ['alert', 'group', 'source'],
      all.map(({ row }) => row.id),
    );
  }

  async #tell(kinds: readonly ChangeKind[], ids: readonly number[]): Promise<void> {
    const firstId = ids.length === 0 ? null : ids.reduce((a, b) => Math.min(a, b));
    const lastId = ids.length === 0 ? null : ids.reduce((a, b) => Math.max(a, b));
    const { touch } = this.#context;
    if (touch === undefined) {
      await appendChange(this.#tx, { kinds, firstId, lastId, atMs: this.#nowMs });
      return;
    }
    for (const kind of kinds) touch(kind);
    for (const id of ids) touch('group', id);
  }

  async #prioritise(touched: readonly GroupState[]): Promise<void> {
    await this.#tactics.load(
      this.#tx,
      touched.map(({ row }) => row.entity_value),
    );
    for (const { row } of touched) {
      const tactics: string[] = JSON.parse(row.tactics_json);
      for (const tactic of tactics) this.#tactics.see(row.entity_value, tactic, row.last_observed_at_ms);
    }
    await this.#tactics.save(this.#tx);
    const related = await openGroupsAbout(this.#tx, [...this.#tactics.grown], RELATED_GROUPS_MAX);
    for (const row of related) this.#keepStored(row);
    const all = [...this.#byId.values()];
    const history = await loadHistory(
      this.#tx,
      all.map(({ row }) => row),
    );
    for (const { row, facts } of all) this.#context.prioritiser.apply(row, facts, this.#tactics, history);
  }
}

const textOfKey = ({ windowStartMs, key }: { windowStartMs: number; key: Uint8Array }) =>
  `${windowStartMs}:${Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')}`;
const textOfRule = (rule: { product: string; rule_id: string }) => `${rule.product}\u0000${rule.rule_id}`;

function laneOf(alert: NormalisedAlert, outcome: TriageOutcome): string {
  if (alert.closedAtSource) return 'source';
  return outcome.close === null ? 'queue' : `closed:${outcome.close.ruleId}`;
}

function sourceRuleOf(alert: NormalisedAlert): { product: string; rule_id: string; name: string } {
  return {
    product: storableText(alert.product, 100),
    rule_id: storableText(alert.ruleId, RULE_ID_LENGTH_MAX),
    name: storableText(alert.ruleName, 1_000),
  };
}

function storableEntity(entity: Entity): Entity {
  return { kind: entity.kind, value: storableText(entity.value, ENTITY_LENGTH_MAX) };
}
