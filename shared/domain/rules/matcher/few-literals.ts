/**
 * Finds which of a few literals occur in a text, one after the other. As `AhoCorasick` does, it finds every literal that
 * occurs in the lower-cased text, and now and then one that does not.
 */
export class FewLiterals {
  private readonly literals: readonly string[];

  /** Literals in lower case; their places are what `scan` finds. An empty one is everywhere. */
  constructor(literals: readonly string[]) {
    this.literals = literals.map(withoutLongS);
  }

  /** Adds to `found` the places of the literals in a text as it is written. */
  scan(text: string, found: number[]): void {
    const folded = withoutLongS(text.toLowerCase());
    for (let place = 0; place < this.literals.length; place++) {
      if (folded.includes(this.literals[place] ?? '')) found.push(place);
    }
  }
}

/** RE2 takes the long s for an s when it ignores case; lower case alone would not. */
function withoutLongS(text: string): string {
  return text.includes('\u017f') ? text.replaceAll('\u017f', 's') : text;
}
