import type { Scalar } from '../../alert/raw-path.ts';

/** Values kept of one field; longer texts are not kept. */
const VALUES_MAX = 4096;
const LENGTH_MAX = 256;
/** After so many questions it is looked whether remembering pays. */
const PERIOD = 4096;
/** How many questions it then waits before it tries again. */
const REST = 100_000;

const NONE: readonly number[] = [];

/**
 * Remembers what one value of a field leads to, because sources say the same few names over and over. A field whose
 * values hardly ever come twice is not remembered. What is answered is the same with and without.
 */
export class ValueMemo {
  private readonly known = new Map<Scalar, readonly number[]>();
  private readonly work: (value: Scalar, into: number[]) => void;
  private readonly fresh: number[] = [];
  private asked = 0;
  private missed = 0;
  private rest = 0;

  constructor(work: (value: Scalar, into: number[]) => void) {
    this.work = work;
  }

  /** Valid until the next question. */
  of(value: Scalar): readonly number[] {
    if (this.rest > 0) {
      this.rest--;
      return this.workOut(value);
    }
    const known = this.known.get(value);
    if (++this.asked === PERIOD) this.review();
    if (known !== undefined) return known;
    this.missed++;
    const found = this.workOut(value);
    if (typeof value === 'string' && value.length > LENGTH_MAX) return found;
    if (this.known.size >= VALUES_MAX) this.known.clear();
    const kept = found.length === 0 ? NONE : [...new Set(found)];
    this.known.set(value, kept);
    return kept;
  }

  private workOut(value: Scalar): readonly number[] {
    this.fresh.length = 0;
    this.work(value, this.fresh);
    return this.fresh;
  }

  private review(): void {
    if (this.missed * 2 > this.asked) {
      this.rest = REST;
      this.known.clear();
    }
    this.asked = 0;
    this.missed = 0;
  }
}
