/**
 * Finds which of many literals occur in a text in one pass over it (Aho and Corasick, "Efficient string matching",
 * 1975), as a table of states by classes of characters.
 *
 * It is a filter and says "maybe": every literal that occurs in the lower-cased text is found, and now and then one
 * that does not. Very long literals are cut, rare characters share a class, and so the table keeps within memory
 * whatever the rules say.
 */
export class AhoCorasick {
  /** Entry: the row of the next state times two, plus one when a literal ends in that state. */
  private readonly table: Int32Array;
  private readonly classOf: Uint8Array;
  private readonly otherClasses: readonly number[];
  /** Literals that end in a state, by its row. */
  private readonly endings: ReadonlyMap<number, readonly number[]>;
  private readonly everywhere: readonly number[];

  /** Literals in lower case; their places are what `scan` finds. An empty one is everywhere. */
  constructor(literals: readonly string[], tableMax = TABLE_MAX) {
    const { classOf, otherClasses, count } = characterClasses(literals);
    this.classOf = classOf;
    this.otherClasses = otherClasses;
    const kept = keptLength(literals, Math.floor(tableMax / count));
    const trie = makeTrie(literals, kept, count, (code) => this.classOfCode(code));
    this.table = linkTable(trie, count);
    this.endings = trie.endings;
    this.everywhere = trie.endings.get(0) ?? [];
  }

  /** Adds to `found` the places of the literals in a text as it is written; a place may come more than once. */
  scan(text: string, found: number[]): void {
    const { table, classOf } = this;
    for (const place of this.everywhere) found.push(place);
    let entry = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) {
        // Lower case may be longer or hang on neighbours here, so the whole text is folded as patterns are.
        this.scanFolded(text.toLowerCase(), found);
        return;
      }
      entry = table[(entry >> 1) + (classOf[code] ?? 0)] ?? 0;
      if ((entry & 1) === 1) this.addEndings(entry >> 1, found);
    }
  }

  private scanFolded(text: string, found: number[]): void {
    let entry = 0;
    for (let at = 0; at < text.length; at++) {
      entry = this.table[(entry >> 1) + this.classOfCode(text.charCodeAt(at))] ?? 0;
      if ((entry & 1) === 1) this.addEndings(entry >> 1, found);
    }
  }

  private classOfCode(code: number): number {
    if (code < 128) return this.classOf[code] ?? 0;
    // RE2 takes the long s for an s when it ignores case; lower case alone would not.
    if (code === LONG_S) return this.classOf[SMALL_S] ?? 0;
    return this.otherClasses[code % this.otherClasses.length] ?? 0;
  }

  private addEndings(row: number, found: number[]): void {
    const endings = this.endings.get(row);
    if (endings !== undefined) for (const place of endings) found.push(place);
  }
}

/** Entries of four bytes. */
const TABLE_MAX = 4_000_000;
/** Characters kept of a literal, from its end, where paths and names differ. */
const KEPT_LENGTHS = [32, 24, 16, 12, 8, 6, 4, 3, 2, 1];
const OTHER_CLASSES = 8;
const LONG_S = 0x17f;
const SMALL_S = 0x73;

/** One class for each ASCII character that occurs, capitals with their small letters; 0 for what occurs nowhere. */
function characterClasses(literals: readonly string[]): {
  classOf: Uint8Array;
  otherClasses: readonly number[];
  count: number;
} {
  const classOf = new Uint8Array(128);
  let count = 1;
  let hasOthers = false;
  for (const literal of literals) {
    for (let at = 0; at < literal.length; at++) {
      const code = literal.charCodeAt(at);
      if (code > 127) hasOthers = true;
      else if (classOf[code] === 0) classOf[code] = count++;
    }
  }
  for (let code = 65; code <= 90; code++) classOf[code] = classOf[code + 32] ?? 0;
  if (!hasOthers) return { classOf, otherClasses: [0], count };
  const first = count;
  const otherClasses = Array.from({ length: OTHER_CLASSES }, (_, at) => first + at);
  return { classOf, otherClasses, count: first + OTHER_CLASSES };
}

/** How much of each literal can be kept with so many states. */
function keptLength(literals: readonly string[], statesMax: number): number {
  for (const kept of KEPT_LENGTHS) {
    let states = 1;
    for (const literal of literals) states += Math.min(kept, literal.length);
    if (states <= statesMax) return kept;
  }
  return 1;
}

interface Trie {
  /** Rows of the table, premultiplied: the state after each character, 0 for none. */
  next: Int32Array;
  endings: Map<number, number[]>;
}

function makeTrie(
  literals: readonly string[],
  kept: number,
  classes: number,
  classOfCode: (code: number) => number,
): Trie {
  let next = new Int32Array(classes * 1024);
  let used = classes;
  const endings = new Map<number, number[]>();
  literals.forEach((literal, place) => {
    let row = 0;
    for (let at = Math.max(0, literal.length - kept); at < literal.length; at++) {
      const cell = row + classOfCode(literal.charCodeAt(at));
      let to = next[cell] ?? 0;
      if (to === 0) {
        to = used;
        used += classes;
        if (used > next.length) next = grown(next);
        next[cell] = to;
      }
      row = to;
    }
    const known = endings.get(row);
    if (known === undefined) endings.set(row, [place]);
    else known.push(place);
  });
  return { next: next.slice(0, used), endings };
}

function grown(table: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(table.length * 2);
  larger.set(table);
  return larger;
}

/** Fills what the trie leaves open with where the longest ending of the text so far goes on, nearest states first. */
function linkTable({ next, endings }: Trie, classes: number): Int32Array {
  const fallback = new Int32Array(next.length / classes);
  const queue: number[] = [];
  for (let each = 0; each < classes; each++) if ((next[each] ?? 0) !== 0) queue.push(next[each] ?? 0);
  for (let head = 0; head < queue.length; head++) {
    const row = queue[head] ?? 0;
    const fall = fallback[row / classes] ?? 0;
    if (fall !== 0) inheritEndings(endings, row, fall);
    for (let each = 0; each < classes; each++) {
      const to = next[row + each] ?? 0;
      const instead = next[fall + each] ?? 0;
      if (to === 0) {
        next[row + each] = instead;
        continue;
      }
      fallback[to / classes] = instead;
      queue.push(to);
    }
  }
  return next.map((row) => row * 2 + (row !== 0 && endings.has(row) ? 1 : 0));
}

function inheritEndings(endings: Map<number, number[]>, row: number, from: number): void {
  const inherited = endings.get(from);
  if (inherited === undefined) return;
  endings.set(row, [...(endings.get(row) ?? []), ...inherited]);
}
