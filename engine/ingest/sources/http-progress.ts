export interface PaceLimits {
  /** A body of which nothing came for this long is given up. */
  idleSeconds: number;
  /** From then on a body must have come at this rate on the whole. */
  graceSeconds: number;
  bytesPerSecond: number;
}

export const PACE_LIMITS: PaceLimits = { idleSeconds: 15, graceSeconds: 20, bytesPerSecond: 1_024 };

/**
 * How fast a body comes, counted in seconds of a steady timer so that no clock that is set matters. Time in which the
 * sender waits for us does not count.
 */
export class Pace {
  readonly #limits: PaceLimits;
  #bytes = 0;
  #bytesBefore = 0;
  #idleSeconds = 0;
  #seconds = 0;
  /** True while the store is waited for and nothing is read. */
  isWaiting = false;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  came(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Called once a second; true when the sender is too slow to be waited for. */
  tick(): boolean {
    if (this.isWaiting) return false;
    this.#seconds += 1;
    this.#idleSeconds = this.#bytes === this.#bytesBefore ? this.#idleSeconds + 1 : 0;
    this.#bytesBefore = this.#bytes;
    if (this.#idleSeconds >= this.#limits.idleSeconds) return true;
    return this.#seconds > this.#limits.graceSeconds && this.#bytes < this.#seconds * this.#limits.bytesPerSecond;
  }
}
