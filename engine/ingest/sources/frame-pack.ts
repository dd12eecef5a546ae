import { type DeliveredBytes, packFrames } from '../delivery.ts';
import type { RecordFault } from '../records/raw-record.ts';

/** What keeping one more thing costs beside its bytes, roughly: many small frames must not count as nothing. */
const EACH_COSTS_BYTES = 128;

/** Records that wait to be delivered together. */
export class FramePack {
  readonly #frames: Uint8Array[] = [];
  readonly #faults: RecordFault[] = [];
  #weight = 0;

  /** Room that it takes, in bytes, with what keeping costs. */
  get weight(): number {
    return this.#weight;
  }

  get count(): number {
    return this.#frames.length + this.#faults.length;
  }

  add(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#weight += frame.byteLength + EACH_COSTS_BYTES;
  }

  /** What came and is no record; it is kept where people find it. */
  addFault(fault: RecordFault): void {
    this.#faults.push(fault);
    this.#weight += fault.text.length + EACH_COSTS_BYTES;
  }

  addAll(other: FramePack): void {
    for (const frame of other.#frames) this.#frames.push(frame);
    for (const fault of other.#faults) this.#faults.push(fault);
    this.#weight += other.#weight;
  }

  /** Two packs of half as many each, for finding the one that cannot be stored. */
  halves(): [FramePack, FramePack] {
    const first = new FramePack();
    const second = new FramePack();
    const half = Math.ceil(this.count / 2);
    const all = [...this.#frames, ...this.#faults];
    for (const [i, each] of all.entries()) {
      const pack = i < half ? first : second;
      if (each instanceof Uint8Array) pack.add(each);
      else pack.addFault(each);
    }
    return [first, second];
  }

  /** As a delivery takes it: copied, so that it may be asked for again when storing failed. Null when it is empty. */
  records(): DeliveredBytes | null {
    if (this.count === 0) return null;
    return { ...packFrames(this.#frames), faults: this.#faults };
  }
}
