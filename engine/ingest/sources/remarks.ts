/** So long it is said that something was lost, after the last time: long enough for somebody to see it. */
export const LOSS_SAID_FOR_MS = 15 * 60_000;

/** What is wrong with one source, of which several things may be: one getting well does not hide another. */
export class Remarks {
  readonly #said = new Map<string, string>();
  readonly #tell: (sentence: string | null) => void;
  #told: string | null = null;

  constructor(tell: (sentence: string | null) => void) {
    this.#tell = tell;
  }

  /** What is wrong about `topic`; null when that is well. */
  say(topic: string, sentence: string | null): void {
    if (sentence === null) this.#said.delete(topic);
    else this.#said.set(topic, sentence);
    const all = [...this.#said.values()].join(' ');
    const now = all === '' ? null : all;
    if (now === this.#told) return;
    this.#told = now;
    this.#tell(now);
  }

  about(topic: string): (sentence: string | null) => void {
    return (sentence) => this.say(topic, sentence);
  }
}
