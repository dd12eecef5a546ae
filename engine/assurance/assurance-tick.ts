import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { Actor } from '../handlers.ts';
import type { AlertCommandDeps } from '../ingest/alert-commands.ts';
import type { Random } from '../ports.ts';
import { forgetAuditUndos } from '../store/audit-undo.ts';
import { changeAudit, doubtsResolved, expireAudits, releaseOverdue } from '../store/audits.ts';
import { getMeta, setMeta } from '../store/meta.ts';
import { forgetHours, markActingForJudging, markForJudging } from '../store/rule-assurance.ts';
import type { Write } from '../store/store.ts';
import type { Transact } from '../writer.ts';
import { refreshAssuredRules } from './assured-rules.ts';
import { drawSlice } from './draw-audits.ts';
import { judgeRules, watchDrift } from './judge-rule.ts';
import { planWeek } from './plan-budget.ts';
import { plantDue } from './plant-library.ts';
import { reopenSlice } from './reopen-closures.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const HOURS_KEPT = 35 * 24;
/** Slices of one tick: a tick ends, the next goes on. */
const SLICES = 200;
/** What decides which closures are looked at. Nobody but the engine reads it. */
export const ASSURANCE_SEED = 'assurance_seed';
const SEED_BYTES = 16;

export interface AssuranceTickParts {
  transact: Transact;
  policy: AssurancePolicy;
  sla: SlaPolicy;
  random: Random;
  /** How records are stored, for what is planted. */
  alerts: AlertCommandDeps;
  reloadTriage(): Promise<void>;
  yieldToOthers(): Promise<void>;
}

const ASSURANCE: Actor = { kind: 'system', id: 'assurance' };

/** The periodic work of assurance: draws, verdicts, and giving back what a suspended rule had closed. */
export class AssuranceTicker {
  readonly #parts: AssuranceTickParts;
  #plannedAtMs: number | null = null;
  #weekAudits = 0;

  constructor(parts: AssuranceTickParts) {
    this.#parts = parts;
  }

  async tick(nowMs: number): Promise<void> {
    const { transact, policy } = this.#parts;
    const isNew = await transact(ASSURANCE, async ({ tx, touch }) => {
      const changed = await refreshAssuredRules(tx, policy, nowMs);
      if (changed > 0) touch('rule');
      return changed > 0;
    });
    if (isNew || this.#plannedAtMs === null || nowMs - this.#plannedAtMs >= HOUR_MS) {
      await this.#plan(nowMs);
      await this.#plant();
    }
    await this.#draw(nowMs);
    await this.#judge();
    await this.#reopen();
  }

  async #plan(nowMs: number): Promise<void> {
    const { transact, policy } = this.#parts;
    this.#plannedAtMs = nowMs;
    this.#weekAudits = await transact(ASSURANCE, async (context) => {
      await watchDrift(context, policy);
      // Shares of strata and days of drift move without any reading.
      await markActingForJudging(context.tx);
      await forgetHours(context.tx, Math.floor(nowMs / HOUR_MS) - HOURS_KEPT);
      const expired = await expireAudits(context.tx, nowMs - policy.staleDays * DAY_MS);
      if (expired + (await releaseOverdue(context.tx, nowMs)) > 0) context.touch('rule');
      return (await planWeek(context.tx, policy, nowMs)).audits;
    });
  }

  async #draw(nowMs: number): Promise<void> {
    const { transact, policy, yieldToOthers } = this.#parts;
    for (let slice = 0; slice < SLICES; slice += 1) {
      const isLast = await transact(ASSURANCE, async ({ tx, touch }) => {
        const seed = await this.#seed(tx);
        const found = await drawSlice(tx, { policy, seed, weekAudits: this.#weekAudits }, nowMs);
        if (found.drawn > 0) touch('rule');
        return found.isLast;
      });
      if (isLast) return;
      await yieldToOthers();
    }
  }

  async #judge(): Promise<void> {
    const { transact, policy, reloadTriage } = this.#parts;
    const isChanged = await transact(ASSURANCE, async (context) => {
      if ((await forgetAuditUndos(context.tx, context.nowMs)) > 0) context.touch('rule');
      for (const { id, rule_id, disposition } of await doubtsResolved(context.tx)) {
        await changeAudit(context.tx, id, { truth: disposition === 'true_positive' ? 'confirmed' : 'refuted' });
        if (rule_id !== null) await markForJudging(context.tx, rule_id);
      }
      return (await judgeRules(context, policy)).some(({ changesTriage }) => changesTriage);
    });
    if (isChanged) await reloadTriage();
  }

  async #plant(): Promise<void> {
    const { transact, policy, alerts, reloadTriage } = this.#parts;
    if (!policy.canary.plantsItself) return;
    const isStopped = await transact(ASSURANCE, async (context) =>
      plantDue(context, { ...alerts, policy, seed: await this.#seed(context.tx) }),
    );
    if (isStopped) await reloadTriage();
  }

  async #reopen(): Promise<void> {
    const { transact, policy, sla, yieldToOthers } = this.#parts;
    for (let slice = 0; slice < SLICES; slice += 1) {
      if (!(await transact(ASSURANCE, (context) => reopenSlice(context, policy, sla)))) return;
      await yieldToOthers();
    }
  }

  async #seed(tx: Write): Promise<string> {
    const known = await getMeta(tx, ASSURANCE_SEED);
    if (known !== null) return known;
    const seed = Buffer.from(this.#parts.random.bytes(SEED_BYTES)).toString('hex');
    await setMeta(tx, ASSURANCE_SEED, seed);
    return seed;
  }
}
