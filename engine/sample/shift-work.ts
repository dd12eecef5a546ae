import { handlingClass } from '../../shared/domain/strain/handling-class.ts';
import type { Duty } from '../../shared/model/people.ts';
import type { QueueItem } from '../../shared/model/queue.ts';
import type { Tier } from '../../shared/model/vocabulary.ts';
import type { Desk } from './desk.ts';
import { answerTo, judge, minutesFor, pickNote, pickQuestion } from './judgements.ts';
import type { SeededRandom } from './random.ts';
import { onShift } from './rota.ts';
import type { SettableClock } from './sample-engine.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** As many single handlings of a class are enough for its median; the rest is closed in handfuls. */
const SINGLES_PER_CLASS = 26;
const HANDFUL = 25;
/** Below so many waiting items only the urgent ones are taken: there is other work, too. */
const BACKLOG_KEPT = 112;
/** More than this nobody keeps in hand beside what they work on. */
const IN_HAND_MAX = 5;
const POOL_READ = 400;

/** An item that is somebody's own and can be gone on with from a time on: a hold that ends, a question that came back. */
interface Own {
  fromMs: number;
  item: Looked;
}
type Looked = Pick<QueueItem, 'id' | 'title' | 'severity'>;

interface Task {
  personId: string;
  endsAtMs: number;
  finish(): Promise<void>;
}

/** People at work: between two deliveries of alerts, whoever is on shift and free takes something up, and later finishes it. */
export class ShiftWork {
  readonly #desk: Desk;
  readonly #clock: SettableClock;
  readonly #random: SeededRandom;
  readonly #duties: readonly Duty[];
  readonly #endsAtMs: number;
  readonly #leaveAlone: (item: QueueItem) => boolean;
  readonly #tasks: Task[] = [];
  readonly #singles = new Map<string, number>();
  readonly #own = new Map<string, Own[]>();
  /** Items that somebody leaves unfinished for the moment at which the sample opens. */
  readonly #left = new Map<string, number>();
  /** Questions that are left open for whoever opens the sample. */
  readonly #parked = new Set<number>();

  constructor(parts: {
    desk: Desk;
    clock: SettableClock;
    random: SeededRandom;
    duties: readonly Duty[];
    endsAtMs: number;
    leaveAlone: (item: QueueItem) => boolean;
  }) {
    this.#desk = parts.desk;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#duties = parts.duties;
    this.#endsAtMs = parts.endsAtMs;
    this.#leaveAlone = parts.leaveAlone;
  }

  /** Works until `untilMs`, in the order of time. What is not finished by then goes on in the next stretch. */
  async until(untilMs: number): Promise<void> {
    const pools = new Map<Tier, QueueItem[]>();
    for (const tier of ['tier1', 'tier2'] as const) {
      const items = await this.#desk.pool(tier, POOL_READ);
      const asked = new Set((await this.#desk.questions(tier)).map((question) => question.groupId));
      pools.set(
        tier,
        items.filter((item) => !this.#leaveAlone(item) && !asked.has(item.id)),
      );
    }
    for (const tier of ['tier1', 'tier2', 'tier3'] as const) {
      for (const personId of onShift(this.#duties, tier, this.#clock.nowMs())) {
        if (!this.#isBusy(personId)) await this.#begin(personId, tier, pools.get(tier) ?? []);
      }
    }
    for (let task = this.#next(untilMs); task !== null; task = this.#next(untilMs)) {
      this.#clock.moveTo(task.endsAtMs);
      await task.finish();
      const tier = (['tier1', 'tier2', 'tier3'] as const).find((each) =>
        onShift(this.#duties, each, this.#clock.nowMs()).includes(task.personId),
      );
      if (tier !== undefined) await this.#begin(task.personId, tier, pools.get(tier) ?? []);
    }
  }

  #isBusy(personId: string): boolean {
    return this.#tasks.some((task) => task.personId === personId);
  }

  /** Takes the task that ends first out of the list, if it ends in time. */
  #next(untilMs: number): Task | null {
    this.#tasks.sort((a, b) => a.endsAtMs - b.endsAtMs);
    const first = this.#tasks[0];
    if (first === undefined || first.endsAtMs >= untilMs) return null;
    this.#tasks.shift();
    return first;
  }

  async #begin(personId: string, tier: Tier, pool: QueueItem[]): Promise<void> {
    if (tier !== 'tier1' && (await this.#answerQuestion(personId, tier))) return;
    if (this.#goOn(personId)) return;
    if (tier === 'tier1' && this.#random.chance(0.04)) await this.#lookThrough(personId, pool);
    const item = this.#choose(pool);
    if (item === null) return;
    const others = this.#handfulWith(item, pool);
    const ids = await this.#desk.take(
      personId,
      [item, ...others].map((each) => each.id),
    );
    if (ids.length === 0) return;
    const minutes = minutesFor(item.severity, this.#random) * (1 + 0.12 * (ids.length - 1));
    const endsAtMs = this.#clock.nowMs() + minutes * MINUTE_MS;
    const inHand = this.#inHand(personId);
    const isParked =
      inHand + ids.length <= IN_HAND_MAX && endsAtMs > this.#endsAtMs - 16 * HOUR_MS && this.#random.chance(0.16);
    this.#tasks.push({
      personId,
      endsAtMs,
      finish: async () => {
        if (isParked) this.#left.set(personId, (this.#left.get(personId) ?? 0) + ids.length);
        else await this.#finish(personId, tier, item, ids);
      },
    });
  }

  /** A first look at the next few, which are then one's own and are gone on with later. */
  async #lookThrough(personId: string, pool: QueueItem[]): Promise<void> {
    if (this.#inHand(personId) >= IN_HAND_MAX) return;
    const few = pool.splice(0, this.#random.int(1, 3));
    await this.#desk.acknowledge(
      personId,
      few.map((item) => item.id),
    );
    for (const item of few) this.#keepFor(personId, item, this.#clock.nowMs() + this.#random.int(1, 10) * HOUR_MS);
  }

  /** Goes on with something of one's own. True when there was anything. */
  #goOn(personId: string): boolean {
    const own = this.#own.get(personId) ?? [];
    const place = own.findIndex((each) => each.fromMs <= this.#clock.nowMs());
    const [next] = place < 0 ? [] : own.splice(place, 1);
    if (next === undefined) return false;
    const { item } = next;
    this.#tasks.push({
      personId,
      endsAtMs: this.#clock.nowMs() + minutesFor(item.severity, this.#random) * MINUTE_MS,
      finish: async () => {
        const { disposition, reason } = judge(item, this.#random);
        await this.#desk.dispose(personId, [item.id], disposition, reason);
      },
    });
    return true;
  }

  #inHand(personId: string): number {
    return (this.#own.get(personId)?.length ?? 0) + (this.#left.get(personId) ?? 0);
  }

  #keepFor(personId: string, item: Looked, fromMs: number): void {
    this.#own.set(personId, [...(this.#own.get(personId) ?? []), { item, fromMs }]);
  }

  /** What is due soon first, then by priority; when little waits, only what is severe. */
  #choose(pool: QueueItem[]): QueueItem | null {
    const soonMs = this.#clock.nowMs() + 45 * MINUTE_MS;
    const due = pool.reduce<QueueItem | null>((best, item) => {
      if (item.dueAtMs === null || item.dueAtMs > soonMs) return best;
      return best === null || item.dueAtMs < (best.dueAtMs ?? 0) ? item : best;
    }, null);
    const chosen = due ?? pool[0] ?? null;
    if (chosen === null) return null;
    const isUrgent = due !== null || chosen.severity === 'high' || chosen.severity === 'critical';
    if (!isUrgent && pool.length < BACKLOG_KEPT) return null;
    pool.splice(pool.indexOf(chosen), 1);
    return chosen;
  }

  /** Others of the same rule that are closed with the same look, once its class has been timed often enough. */
  #handfulWith(item: QueueItem, pool: QueueItem[]): QueueItem[] {
    const key = handlingClass(item.severity, item.product);
    const timed = this.#singles.get(key) ?? 0;
    const isGrave = item.severity === 'high' || item.severity === 'critical';
    if (isGrave || timed < SINGLES_PER_CLASS) {
      this.#singles.set(key, timed + 1);
      return [];
    }
    const others = pool.filter((each) => each.title === item.title).slice(0, HANDFUL);
    for (const each of others) pool.splice(pool.indexOf(each), 1);
    return others;
  }

  async #finish(personId: string, tier: Tier, item: QueueItem, ids: readonly number[]): Promise<void> {
    const random = this.#random;
    if (random.chance(0.05)) await this.#desk.note(personId, item.id, pickNote(random));
    if (ids.length === 1) {
      const doubt = item.severity === 'high' ? 0.16 : item.severity === 'medium' ? 0.05 : 0.01;
      if (tier === 'tier1' && random.chance(doubt)) {
        return this.#desk.escalate(personId, item.id, pickQuestion(random));
      }
      if (random.chance(0.04)) {
        const untilMs = this.#clock.nowMs() + random.int(16, 96) * HOUR_MS;
        this.#keepFor(personId, item, untilMs);
        return this.#desk.hold(personId, item.id, untilMs);
      }
    }
    const { disposition, reason } = judge(item, random);
    const decisionId = await this.#desk.dispose(personId, ids, disposition, reason);
    if (decisionId === null || !random.chance(0.008)) return;
    this.#clock.moveTo(this.#clock.nowMs() + 40_000);
    await this.#desk.undo(personId, decisionId);
    this.#clock.moveTo(this.#clock.nowMs() + 3 * MINUTE_MS);
    await this.#desk.dispose(personId, ids, disposition, `${reason}. Looked again after a colleague asked.`);
  }

  /** Questions come before the tier's own pool. True when one was taken on. */
  async #answerQuestion(personId: string, tier: Tier): Promise<boolean> {
    const questions = await this.#desk.questions(tier);
    const question = questions.find((each) => each.status === 'open' && !this.#isParkedQuestion(each.groupId));
    if (question === undefined) return false;
    await this.#desk.accept(personId, question);
    const minutes = minutesFor(question.severity, this.#random) * 1.2;
    this.#tasks.push({
      personId,
      endsAtMs: this.#clock.nowMs() + minutes * MINUTE_MS,
      finish: async () => {
        if (this.#random.chance(0.3)) {
          const item = { id: question.groupId, title: question.groupTitle, severity: question.severity };
          this.#keepFor(question.askedBy, item, this.#clock.nowMs());
          await this.#desk.returnQuestion(
            personId,
            question,
            `${answerTo(question.question, this.#random)} Please close it yourself.`,
          );
          return;
        }
        await this.#desk.answer(personId, question, answerTo(question.question, this.#random));
        const { disposition, reason } = judge({ title: question.groupTitle }, this.#random);
        await this.#desk.dispose(personId, [question.groupId], disposition, reason);
      },
    });
    return true;
  }

  /** A question that somebody else is to answer when the sample opens. */
  park(groupId: number): void {
    this.#parked.add(groupId);
  }

  #isParkedQuestion(groupId: number): boolean {
    if (this.#parked.has(groupId)) return true;
    // Of the questions of the last hours some are still open when the sample opens.
    if (this.#clock.nowMs() > this.#endsAtMs - 5 * HOUR_MS && this.#random.chance(0.55)) this.#parked.add(groupId);
    return this.#parked.has(groupId);
  }
}
