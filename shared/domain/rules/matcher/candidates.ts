/** The rules to look at for one subject, each once. */
export class Candidates {
  private readonly places: Int32Array;
  private readonly turns: Uint32Array;
  private turnNumber = 0;
  private size = 0;

  constructor(rules: number) {
    this.places = new Int32Array(rules);
    this.turns = new Uint32Array(rules);
  }

  get count(): number {
    return this.size;
  }

  clear(): void {
    this.size = 0;
    if (++this.turnNumber < 2 ** 32) return;
    this.turnNumber = 1;
    this.turns.fill(0);
  }

  addAll(places: readonly number[]): void {
    for (let at = 0; at < places.length; at++) {
      const place = places[at] ?? 0;
      if (this.turns[place] === this.turnNumber) continue;
      this.turns[place] = this.turnNumber;
      this.places[this.size++] = place;
    }
  }

  at(index: number): number {
    return this.places[index] ?? 0;
  }
}
