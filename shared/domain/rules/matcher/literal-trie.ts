interface TrieNode {
  next: Map<number, TrieNode> | null;
  places: number[];
}

/** Finds which of many literals a text starts with, or ends with, by one walk from that end. */
export class LiteralTrie {
  private readonly root: TrieNode = { next: null, places: [] };
  private readonly end: 'start' | 'end';

  constructor(end: 'start' | 'end', literals: readonly string[]) {
    this.end = end;
    literals.forEach((literal, place) => {
      this.insert(literal, place);
    });
  }

  private insert(literal: string, place: number): void {
    let node = this.root;
    for (let at = 0; at < literal.length; at++) {
      const code = this.codeAt(literal, at);
      node.next ??= new Map();
      let child = node.next.get(code);
      if (child === undefined) {
        child = { next: null, places: [] };
        node.next.set(code, child);
      }
      node = child;
    }
    node.places.push(place);
  }

  /** Adds to `found` the places of the literals that the text has at this end, the shortest first. */
  collect(text: string, found: number[]): void {
    let node: TrieNode | undefined = this.root;
    for (let at = 0; node !== undefined; at++) {
      for (const place of node.places) found.push(place);
      if (at === text.length) return;
      node = node.next?.get(this.codeAt(text, at));
    }
  }

  private codeAt(text: string, at: number): number {
    return text.charCodeAt(this.end === 'start' ? at : text.length - 1 - at);
  }
}
