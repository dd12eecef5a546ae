import { itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import { coveredTiers } from '../../shared/domain/routing/covered-tiers.ts';
import { tierInWords } from '../../shared/domain/routing/escalate.ts';
import type { Person } from '../../shared/model/people.ts';
import type { QueueItem } from '../../shared/model/queue.ts';
import { workableItems } from '../store/next-item.ts';
import { listPeople } from '../store/people.ts';
import { holdingNow } from '../store/people-work.ts';
import { itemsOf } from '../store/queue-items.ts';
import type { Read } from '../store/store.ts';

/** So long a person is not offered again what they said "not now" to. */
const PUT_OFF_MS = 30 * 60_000;
const CANDIDATES = 100;

/**
 * What people said "not now" to a while ago, so that they are not offered it again at once. In memory only and for
 * half an hour: a skip is never counted for or against a person, so it is stored nowhere.
 */
export class PutOff {
  readonly #untilMs = new Map<string, number>();

  add(personId: string, groupId: number, nowMs: number): void {
    for (const [key, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(key);
    this.#untilMs.set(`${groupId} ${personId}`, nowMs + PUT_OFF_MS);
  }

  has(personId: string, groupId: number, nowMs: number): boolean {
    return (this.#untilMs.get(`${groupId} ${personId}`) ?? 0) > nowMs;
  }
}

/**
 * The item to work on next, and why this one: the highest priority of the person's tier that is theirs or nobody's.
 * Tiers that nobody is in are covered by those that somebody is.
 */
export async function nextItem(
  db: Read,
  person: Person,
  putOff: PutOff,
  nowMs: number,
): Promise<{ item: QueueItem | null; why: string }> {
  const holding = (await holdingNow(db)).get(person.id) ?? 0;
  const isFull = holding >= person.itemLimit;
  const staffed = new Set((await listPeople(db)).map((each) => each.tier));
  const tiers = coveredTiers(person.tier, staffed);
  const rows = await workableItems(db, tiers, person.id, { withPool: !isFull, limit: CANDIDATES });
  const chosen = rows.find((row) => !putOff.has(person.id, row.id, nowMs)) ?? rows[0];
  if (chosen === undefined) {
    return { item: null, why: `Nothing waits for ${tierInWords(person.tier)} that is yours or unowned.` };
  }
  const [item] = await itemsOf(db, [chosen]);
  if (item === undefined) return { item: null, why: 'Nothing waits.' };
  const skipped = rows.indexOf(chosen);
  const passed = skipped === 0 ? '' : ` ${itemsInWords(skipped)} you put off a while ago stay behind.`;
  if (isFull) {
    return {
      item,
      why: `You hold ${holding} of ${person.itemLimit} items, so this is the first of your own.${passed}`,
    };
  }
  const whose = item.assigneeId === null ? 'nobody owns it' : 'it is yours';
  const covered = item.tier === person.tier ? '' : ', where nobody else is';
  return {
    item,
    why: `Highest priority for ${tierInWords(item.tier)}${covered} (${item.priorityLevel}, ${Math.round(item.priorityPoints)} points), and ${whose}.${passed}`,
  };
}
