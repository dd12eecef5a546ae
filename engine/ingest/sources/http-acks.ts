import { isJsonObject, type Json } from '../../../shared/model/json.ts';

/** Channels and ids that are remembered: a sender asks for its own within minutes. */
const CHANNELS_KEPT = 1_000;
const IDS_KEPT = 100_000;

/**
 * Acknowledgements as Splunk's indexers give them. A request is answered when its events are stored, so that an id is
 * true from the moment it is given. Ids of before a restart are unknown and so false: the sender sends again, and what
 * is known already is not stored twice.
 */
export class Acknowledgements {
  /** The next id of each channel; the channel used last stands last. */
  readonly #channels = new Map<string, { first: number; next: number }>();
  readonly #firstId: number;

  /** `firstId` differs from start to start, or ids of before would seem known. */
  constructor(firstId: number) {
    this.#firstId = firstId;
  }

  give(channel: string): number {
    const known = this.#channels.get(channel) ?? { first: this.#firstId, next: this.#firstId };
    this.#channels.delete(channel);
    this.#channels.set(channel, { first: Math.max(known.first, known.next + 1 - IDS_KEPT), next: known.next + 1 });
    for (const oldest of this.#channels.keys()) {
      if (this.#channels.size <= CHANNELS_KEPT) break;
      this.#channels.delete(oldest);
    }
    return known.next;
  }

  /** `{acks: [1, 2]}` to `{acks: {"1": true, "2": false}}`; null when it is no such question. */
  answer(channel: string, question: Json): Json | null {
    const ids = isJsonObject(question) ? question.acks : null;
    if (!Array.isArray(ids) || !ids.every((id) => Number.isSafeInteger(id))) return null;
    const known = this.#channels.get(channel);
    const isStored = (id: number) => known !== undefined && id >= known.first && id < known.next;
    return { acks: Object.fromEntries(ids.map((id) => [String(id), isStored(Number(id))])) };
  }
}
