import type { AuditVerdict } from '../../shared/model/assurance.ts';
import type { Duty } from '../../shared/model/people.ts';
import { auditById } from '../store/audits.ts';
import type { Desk } from './desk.ts';
import type { SeededRandom } from './random.ts';
import { onShift } from './rota.ts';
import type { SampleEngine } from './sample-engine.ts';

/** So many audits somebody on shift reads between two looks at the clock. */
const AT_ONCE = 4;
/** The team sees about so many of the true positives that are mixed in. */
const SEEN_SHARE = 0.88;

/** People who read audits beside their work. What rules closed in this fortnight was closed rightly. */
export class AuditWork {
  readonly #engine: SampleEngine;
  readonly #desk: Desk;
  readonly #random: SeededRandom;
  readonly #duties: readonly Duty[];

  constructor(parts: { engine: SampleEngine; desk: Desk; random: SeededRandom; duties: readonly Duty[] }) {
    this.#engine = parts.engine;
    this.#desk = parts.desk;
    this.#random = parts.random;
    this.#duties = parts.duties;
  }

  async readSome(): Promise<void> {
    for (const tier of ['tier1', 'tier2'] as const) {
      for (const personId of onShift(this.#duties, tier, this.#engine.clock.nowMs())) {
        for (let n = 0; n < AT_ONCE; n += 1) if (!(await this.#readOne(personId))) return;
      }
    }
  }

  /** False when none is left for this person. */
  async #readOne(personId: string): Promise<boolean> {
    const id = await this.#desk.takeAudit(personId);
    if (id === null) return false;
    const verdict = await this.#verdictOn(id);
    const evidence =
      verdict === 'true_positive' ? 'The command line and where it went do not fit any planned work' : '';
    await this.#desk.answerAudit(personId, id, verdict, evidence);
    return true;
  }

  async #verdictOn(id: number): Promise<AuditVerdict> {
    const audit = await this.#engine.store.read((db) => auditById(db, id));
    if (audit?.kind === 'known' && this.#random.chance(SEEN_SHARE)) return 'true_positive';
    return this.#random.chance(0.6) ? 'benign_true_positive' : 'false_positive';
  }
}
