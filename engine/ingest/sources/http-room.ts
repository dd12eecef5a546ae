/** Room in memory that requests may take, so that many at once cannot take it all. */
export class Room {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get isFull(): boolean {
    return this.#usedBytes >= this.#limitBytes;
  }

  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

/** What one request has taken of several rooms, given back whole. */
export class Reservation {
  readonly #rooms: readonly Room[];
  #bytes = 0;

  constructor(rooms: readonly Room[]) {
    this.#rooms = rooms;
  }

  /** Takes as much as is missing to `bytes`; false, and nothing taken, when there is no room for it. */
  reach(bytes: number): boolean {
    const missing = bytes - this.#bytes;
    if (missing <= 0) return true;
    const taken: Room[] = [];
    for (const room of this.#rooms) {
      if (room.take(missing)) {
        taken.push(room);
        continue;
      }
      for (const each of taken) each.give(missing);
      return false;
    }
    this.#bytes = bytes;
    return true;
  }

  end(): void {
    for (const room of this.#rooms) room.give(this.#bytes);
    this.#bytes = 0;
  }
}
