import { decide } from '../shared/domain/decisions/group-transition.ts';
import type { TriagePolicy } from '../shared/domain/triage/triage-policy.ts';
import type { Policies } from '../shared/model/policy.ts';
import type { Actor } from './handlers.ts';
import type { TriageState } from './ingest/pipeline-input.ts';
import { EntityTactics, factsOf, loadHistory, Prioritiser } from './ingest/pipeline-priority.ts';
import { isDue, type Upkeep } from './retention/upkeep.ts';
import { GroupChanges } from './store/group-changes.ts';
import { columnsOfState, stateOf } from './store/group-state.ts';
import { heldUntil, openGroupsAfter, savePriorities } from './store/open-groups.ts';
import { purgeOld } from './store/retention.ts';
import type { Search } from './store/search/search.ts';
import { endRuleTimes } from './triage/rule-clock.ts';
import { endCorrectionTimes } from './triage/severity-correction-commands.ts';
import { refreshBands } from './workload/bands.ts';
import type { Transact } from './writer.ts';

export interface TickParts {
  transact: Transact;
  search: Search;
  triage(): TriageState;
  policies: Policies;
  upkeep: Upkeep;
  triagePolicy: TriagePolicy;
  /** Triage reads its rules again, after the time of some was over. */
  reloadTriage(): Promise<void>;
  /** Lets people's commands go first, between two slices. */
  yieldToOthers(): Promise<void>;
  /** What shows that rules close rightly; null where nothing is sampled. */
  assuring: { tick(nowMs: number): Promise<void> } | null;
  /** What alerts of large open groups say, before somebody closes one. */
  seenAhead: { tick(): Promise<void> };
  /** Which live sources are quiet against their habit. */
  silence: { tick(nowMs: number): Promise<void> };
}

const HOUR_MS = 3_600_000;
const HELD_SLICE = 500;
const SWEEP_SLICE = 1_000;
/** Alerts that one step of the search takes, and steps of one tick: a tick ends, the next goes on. */
const SEARCH_SLICE = 500;
const SEARCH_STEPS = 40;

const CLOCK: Actor = { kind: 'system', id: 'clock' };

/** Everything periodic behind one entry: how often it is called changes nothing but how late things are. */
export class Ticker {
  readonly #parts: TickParts;
  #sweptAtMs: number | null = null;
  #purgedAtMs: number | null = null;
  #lookedAtBandsMs: number | null = null;

  constructor(parts: TickParts) {
    this.#parts = parts;
  }

  async tick(nowMs: number): Promise<void> {
    await this.#endHolds(nowMs);
    await this.#endRuleTimes();
    await this.#parts.silence.tick(nowMs);
    if (this.#sweptAtMs === null) this.#sweptAtMs = nowMs;
    if (isDue(this.#sweptAtMs, nowMs, HOUR_MS)) {
      this.#sweptAtMs = nowMs;
      await this.#sweepPriorities();
    }
    // Before the look at bands: one that is dropped for its age begins anew in the same tick.
    if (isDue(this.#purgedAtMs, nowMs, HOUR_MS)) {
      this.#purgedAtMs = nowMs;
      await this.#purge(nowMs);
    }
    if (isDue(this.#lookedAtBandsMs, nowMs, HOUR_MS)) {
      this.#lookedAtBandsMs = nowMs;
      await this.#refreshBands(nowMs);
    }
    await this.#parts.assuring?.tick(nowMs);
    await this.#parts.seenAhead.tick();
    await this.#fillSearch();
    await this.#parts.upkeep.tick(nowMs);
  }

  /** Holds that are over: back to whoever owns it, or to the pool with a new clock. */
  async #endHolds(nowMs: number): Promise<void> {
    for (;;) {
      const ended = await this.#parts.transact(CLOCK, async ({ tx, touch, record }) => {
        const rows = await heldUntil(tx, nowMs, HELD_SLICE);
        if (rows.length === 0) return 0;
        const changes = new GroupChanges(tx, nowMs);
        for (const row of rows) {
          const by = { id: CLOCK.id, isLead: false };
          const outcome = decide(stateOf(row), { kind: 'resume' }, by, nowMs, this.#parts.policies.sla);
          if (outcome.kind !== 'changed') continue;
          await changes.change(row, columnsOfState(outcome.state));
          touch('group', row.id);
        }
        await changes.finish();
        await record({ kind: 'group.resume', statement: null, summary: 'Hold is over', subjects: changes.subjects });
        return rows.length;
      });
      if (ended < HELD_SLICE) return;
      await this.#parts.yieldToOthers();
    }
  }

  async #endRuleTimes(): Promise<void> {
    const { transact, triagePolicy, reloadTriage } = this.#parts;
    if (await transact(CLOCK, (context) => endRuleTimes(context, triagePolicy))) await reloadTriage();
    if (await transact(CLOCK, endCorrectionTimes)) await reloadTriage();
  }

  /** What people said of rules, and tactics that grew old, reach the order of all open items within the hour. */
  async #sweepPriorities(): Promise<void> {
    const prioritiser = new Prioritiser(this.#parts.triage());
    let afterId = 0;
    for (;;) {
      const lastId = await this.#parts.transact(CLOCK, async ({ tx, touch }) => {
        const rows = await openGroupsAfter(tx, afterId, SWEEP_SLICE);
        const tactics = new EntityTactics();
        await tactics.load(
          tx,
          rows.map((row) => row.entity_value),
        );
        const history = await loadHistory(tx, rows);
        const changed = rows.flatMap((before) => {
          const after = { ...before };
          prioritiser.apply(after, factsOf(before), tactics, history);
          return after.priority_json === before.priority_json && after.priority_points === before.priority_points
            ? []
            : [{ before, after }];
        });
        await savePriorities(tx, changed);
        for (const { after } of changed) touch('group', after.id);
        return rows.length < SWEEP_SLICE ? null : (rows.at(-1)?.id ?? null);
      });
      if (lastId === null) return;
      afterId = lastId;
      await this.#parts.yieldToOthers();
    }
  }

  /** Deletes what the retention policy says is too old. */
  #purge(nowMs: number): Promise<void> {
    return this.#parts.transact(CLOCK, async ({ tx, touch }) => {
      const purged = await purgeOld(tx, nowMs, this.#parts.policies.retention);
      if (purged.strain_band + purged.own_remark + purged.band_access > 0) touch('band');
      if (purged.duty > 0) touch('roster');
    });
  }

  /** The word that a lead may see of each person, while the gate for it is on record. */
  #refreshBands(nowMs: number): Promise<void> {
    return this.#parts.transact(CLOCK, async ({ tx, touch }) => {
      if ((await refreshBands(tx, nowMs, this.#parts.policies)) > 0) touch('band');
    });
  }

  async #fillSearch(): Promise<void> {
    for (let step = 0; step < SEARCH_STEPS; step += 1) {
      if ((await this.#parts.search.catchUp(SEARCH_SLICE)) === 0) return;
      await this.#parts.yieldToOthers();
    }
  }
}
