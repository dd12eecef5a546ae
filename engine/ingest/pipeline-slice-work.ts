import { canaryKey } from '../../shared/domain/assurance/canary.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import { severityRank } from '../../shared/model/vocabulary.ts';
import type { ChangeKind } from '../handlers.ts';
import { findRows } from '../store/bulk.ts';
import { settleCanary } from '../store/canaries.ts';
import { CountDeltas } from '../store/counts.ts';
import { appendChange } from '../store/feed.ts';
import { newestAlertId } from '../store/group-seen.ts';
import { reserveIds } from '../store/ids.ts';
import { countRules, openGroupsAbout } from '../store/ingest-rows.ts';
import { markForJudging } from '../store/rule-assurance.ts';
import type { Write } from '../store/store.ts';
import { type Asked, Novelty, type Revision } from './novelty.ts';
import type { Candidate } from './pipeline-classify.ts';
import type { RunContext } from './pipeline-commit.ts';
import { decideFates, type Fate } from './pipeline-dedupe.ts';
import { type Arrival, addArrival, type GroupState, noteContent, reopen } from './pipeline-group.ts';
import { GroupBook, laneOf } from './pipeline-group-book.ts';
import { EntityTactics, loadHistory } from './pipeline-priority.ts';
import { RuleLedger } from './pipeline-rules.ts';
import { entityOfRow } from './pipeline-storm.ts';
import type { Tally } from './pipeline-tally.ts';
import { triageOf } from './pipeline-triage.ts';
import {
  OriginalsWriter,
  type Revised,
  type Stored,
  writeAlerts,
  writeGroups,
  writeRevisions,
} from './pipeline-write.ts';
import { READ_AHEAD_FROM } from './seen-ahead.ts';
import { storableText } from './storable-text.ts';

/** Other open groups of an entity whose priority follows when a new tactic is seen on it. */
const RELATED_GROUPS_MAX = 200;

/**
 * Whether a changed alert may stay where a machine had closed it. Not when its product opened it again, and not when
 * its rule would not close it any more and either it is more severe now or something kept the rule from it.
 */
function mustOpenAgain(lane: string, { alert, outcome }: Arrival, isRaised: boolean): boolean {
  if (lane === 'queue' || lane === laneOf(alert, outcome)) return false;
  const isWithheld = outcome.hits.some(({ ruleId, mode }) => mode === 'withheld' && lane === `closed:${ruleId}`);
  return lane === 'source' || isRaised || isWithheld;
}

function isClosedByPerson({ row }: GroupState): boolean {
  return row.is_open === 0 && row.closed_by_kind === 'person';
}

/** The parts of one transaction that know each other: groups, rules, tactics and kept counts. */
export class SliceWork {
  readonly #tx: Write;
  readonly #context: RunContext;
  readonly #nowMs: number;
  readonly #tally: Tally;
  readonly #book: GroupBook;
  readonly #rules = new RuleLedger();
  readonly #tactics = new EntityTactics();
  readonly #originals: OriginalsWriter;
  readonly #novelty: Novelty;
  readonly #planted: { product: string; stable_id: string; closingRuleId: string | null }[] = [];

  constructor(tx: Write, context: RunContext, nowMs: number, tally: Tally) {
    this.#tx = tx;
    this.#context = context;
    this.#nowMs = nowMs;
    this.#tally = tally;
    this.#novelty = new Novelty(tx, context.formats);
    this.#book = new GroupBook(tx, context.triage, context.site);
    this.#originals = new OriginalsWriter(tx, nowMs);
  }

  async store(candidates: readonly Candidate[]): Promise<void> {
    if (candidates.length === 0) return;
    const fates = await decideFates(this.#tx, candidates);
    for (const { kind, candidate } of fates) {
      this.#tally.count(candidate.format, kind === 'new' ? 'stored' : kind === 'revision' ? 'updated' : 'duplicates');
    }
    const { originId } = this.#context;
    const stored = await this.#placeNew(fates.filter((fate) => fate.kind === 'new'));
    await writeAlerts(this.#tx, this.#originals, stored, originId, this.#nowMs);
    const revised = await this.#placeRevisions(fates.filter((fate) => fate.kind === 'revision'));
    await writeRevisions(this.#tx, this.#originals, revised);
  }

  #arrival(candidate: Candidate): Arrival {
    const { alert } = candidate;
    const { triage, isHistory } = this.#context;
    const known = candidate.principal === undefined ? {} : { principal: candidate.principal };
    const { enrichment, outcome: decided } = triageOf(candidate, triage, this.#nowMs);
    const outcome = this.#withhold(alert, decided);
    const severity = triage.severityOf(alert, this.#nowMs);
    return { alert, severity, ...known, enrichment, outcome, receivedAtMs: this.#nowMs, isHistory };
  }

  /** The closure of a planted true positive is noted and not carried out; nothing of it shows to who works on it. */
  #withhold(alert: Arrival['alert'], outcome: TriageOutcome): TriageOutcome {
    const { canaries } = this.#context.triage;
    if (canaries === undefined || canaries.size === 0) return outcome;
    if (!canaries.has(canaryKey(alert.product, alert.stableId))) return outcome;
    const closingRuleId = outcome.close?.ruleId ?? null;
    this.#planted.push({ product: alert.product, stable_id: alert.stableId, closingRuleId });
    if (closingRuleId === null) return outcome;
    const hits = outcome.hits.filter(({ ruleId }) => ruleId !== closingRuleId);
    return { ...outcome, close: null, suppress: [], hits };
  }

  async #placeNew(fates: readonly Extract<Fate, { kind: 'new' }>[]): Promise<Stored[]> {
    if (fates.length === 0) return [];
    await this.#book.loadRules(fates.map(({ candidate }) => candidate.alert));
    const arrivals = fates.map(({ candidate }) => this.#arrival(candidate));
    const groups = await this.#book.groupsOf(arrivals);
    const firstAlertId = await reserveIds(this.#tx, 'alert', fates.length);
    await this.#loadNovelty(arrivals, groups, firstAlertId);
    return fates.flatMap(({ candidate, place }, i): Stored[] => {
      const [arrival, group] = [arrivals[i], groups[i]];
      if (arrival === undefined || group === undefined) return [];
      addArrival(group, arrival, this.#context.triage.sla);
      if (isClosedByPerson(group)) {
        this.#reopenForNews(group, arrival);
        if (group.row.is_open === 0) group.row.later_count += 1;
      }
      this.#noteEntity(group, arrival, 1);
      // A group that a rule had closed may have been opened again: what joins it then is in the queue.
      const isClosed = group.row.lane !== 'queue' && group.row.is_open === 0;
      this.#rules.add(group.row.id, arrival.outcome, isClosed);
      if (isClosed) this.#tally.autoClosed += 1;
      else this.#tally.queued += 1;
      const { severity } = arrival;
      return [{ candidate, place, severity, alertId: firstAlertId + i, groupId: this.#book.homeOf(arrival, group) }];
    });
  }

  /** Counts an alert under its entity where its group has several, and says which tactics were seen on the entity. */
  #noteEntity(group: GroupState, arrival: Arrival, count: number): void {
    const { alert } = arrival;
    const { row } = group;
    const isOfMany = row.entity_count !== 1 || (row.entity_value === '' && this.#book.isStormOf(arrival, group));
    if (!isOfMany && alert.tactics.length === 0) return;
    const entity = isOfMany ? this.#book.entityOf(arrival) : entityOfRow(group.row);
    for (const tactic of alert.tactics) this.#tactics.note(entity.value, tactic, alert.observedAtMs);
    if (!isOfMany) return;
    if (group.row.entity_value === '' && group.row.entity_kind !== entity.kind) group.row.entity_kind = 'none';
    const { observedAtMs } = alert;
    const severity = severityRank(arrival.severity);
    const seen = { count, severity, first_observed_at_ms: observedAtMs, last_observed_at_ms: observedAtMs };
    this.#book.entities.add(group.row.id, entity, seen);
  }

  /** Reads what people had seen of the groups that they closed and that get alerts now. Nothing for all others. */
  async #loadNovelty(
    arrivals: readonly Arrival[],
    groups: readonly (GroupState | undefined)[],
    firstNewId: number | null,
  ): Promise<void> {
    const asked: Asked[] = [];
    for (const [i, group] of groups.entries()) {
      const alert = arrivals[i]?.alert;
      if (group === undefined || alert === undefined || !isClosedByPerson(group)) continue;
      // Closed by a version that did not keep what it covered: everything that was there by now.
      group.row.closed_alert_id ??= firstNewId === null ? await newestAlertId(this.#tx) : firstNewId - 1;
      asked.push({ groupId: group.row.id, throughAlertId: group.row.closed_alert_id, alert });
    }
    if (asked.length > 0) await this.#novelty.load(asked);
  }

  /** Opens a group that a person closed again when an alert says something that no alert had said before. */
  #reopenForNews(group: GroupState, arrival: Arrival): void {
    const news = this.#novelty.newIn(group.row.id, arrival.alert);
    if (news !== null) reopen(group, `Opened again: ${storableText(news, 500)}.`, arrival, this.#context.triage.sla);
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
    const current = await this.#book.loadHomes(alerts.map((row) => row.group_id));
    const arrivals = fates.map(({ candidate }) => this.#arrival(candidate));
    const groups = fates.map(({ alertId }) => {
      const home = byId.get(alertId)?.group_id;
      return home === undefined ? undefined : this.#book.byId(current.get(home) ?? home);
    });
    await this.#loadNovelty(arrivals, groups, null);
    const others: Revision[] = [];
    const revised = fates.flatMap(({ candidate, place, alertId }, i) => {
      const row = byId.get(alertId);
      const [arrival, group] = [arrivals[i], groups[i]];
      if (row === undefined || group === undefined || arrival === undefined) return [];
      const { sla } = this.#context.triage;
      const isRaised = severityRank(arrival.severity) > row.severity;
      noteContent(group, arrival, sla);
      this.#noteEntity(group, arrival, 0);
      if (group.row.is_open === 0 && mustOpenAgain(group.row.lane, arrival, isRaised)) {
        const sentence = `Opened again: ${arrival.alert.product} sent one of its alerts once more, and it changed.`;
        reopen(group, sentence, arrival, sla);
      }
      if (isClosedByPerson(group)) this.#reopenForNews(group, arrival);
      if (!isClosedByPerson(group)) others.push({ groupId: group.row.id, alertId, alert: arrival.alert });
      return [{ candidate, place, severity: arrival.severity, row }];
    });
    await this.#novelty.keepRevised(others);
    return revised;
  }

  /** Priorities, counters, kept counts, ledger and feed: once for the whole transaction. */
  async finish(): Promise<void> {
    await this.#originals.flush();
    const touched = this.#book.all();
    if (touched.length === 0) {
      await this.#tell(['source'], []);
      return;
    }
    await this.#book.save();
    await this.#prioritise(touched);
    const all = this.#book.all();
    await writeGroups(this.#tx, all);
    this.#noteLarge(all);
    const deltas = new CountDeltas();
    for (const row of this.#book.removed) deltas.move(row, null, null);
    for (const { row, before } of all) deltas.move(before, row, this.#context.isHistory ? null : this.#nowMs);
    await deltas.apply(this.#tx);
    for (const planted of this.#planted) {
      await settleCanary(this.#tx, planted, planted.closingRuleId);
      if (planted.closingRuleId !== null) await markForJudging(this.#tx, planted.closingRuleId);
    }
    await this.#rules.save(this.#tx);
    await countRules(this.#tx, this.#rules.tallies(), this.#nowMs);
    for (const closure of this.#rules.closures()) {
      await this.#context.append(this.#tx, { kind: 'automation.close', ...closure, nowMs: this.#nowMs });
    }
    for (const { row, before, reopened, raised } of all) {
      const sentence = reopened ?? raised;
      if (sentence === null || before === null) continue;
      const kind = reopened === null ? 'group.raise' : 'group.reopen';
      const decision = { kind, before, after: row, sentence, nowMs: this.#nowMs } as const;
      await this.#context.append(this.#tx, decision);
    }
    await this.#tell(
      ['alert', 'group', 'source'],
      [...all.map(({ row }) => row.id), ...this.#book.removed.map((row) => row.id)],
    );
  }

  #noteLarge(groups: readonly GroupState[]): void {
    const { noteLarge, isHistory } = this.#context;
    if (noteLarge === undefined || isHistory) return;
    const large = groups.filter(({ row, before }) => {
      return row.count >= READ_AHEAD_FROM && row.is_open === 1 && row.count !== before?.count;
    });
    noteLarge(large.map(({ row }) => row.id));
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
    await this.#tactics.seeNoted(this.#tx);
    await this.#tactics.save(this.#tx);
    const related = await openGroupsAbout(this.#tx, [...this.#tactics.grown], RELATED_GROUPS_MAX);
    for (const row of related) this.#book.keepStored(row);
    const all = this.#book.all();
    const history = await loadHistory(
      this.#tx,
      all.map(({ row }) => row),
    );
    for (const { row, facts } of all) this.#context.prioritiser.apply(row, facts, this.#tactics, history);
  }
}
