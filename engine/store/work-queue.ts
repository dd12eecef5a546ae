/** Runs one piece of work after the other, in the order in which they came. */
export class WorkQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** How many wait or run. */
  get length(): number {
    return this.#waiting;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#tail.then(work);
    this.#tail = result.then(
      () => {
        this.#waiting -= 1;
      },
      () => {
        this.#waiting -= 1;
      },
    );
    return result;
  }
}
