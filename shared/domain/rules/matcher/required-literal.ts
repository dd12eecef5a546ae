/**
 * Literals of which one must occur in every text that a regular expression (RE2 syntax) matches, in lower case; null
 * when none can be told. Cautious: where the reading of a construct is in doubt, it requires nothing. Only ASCII
 * comes out, because its case does not hang on neighbours.
 */
export function requiredLiterals(source: string): readonly string[] | null {
  const reader = new RegexReader(source);
  const found = reader.readAlternatives(0);
  return reader.isAtEnd() ? found : null;
}

/** What one part of an expression is: a character that must be there, or something else with its own requirement. */
type Atom = { kind: 'char'; char: string } | { kind: 'other'; literals: readonly string[] | null };

const LITERALS_MAX = 200;
const DEPTH_MAX = 50;
const NOTHING: Atom = { kind: 'other', literals: null };

class RegexReader {
  private readonly source: string;
  private at = 0;
  private isDoubtful = false;

  constructor(source: string) {
    this.source = source;
    // Quoted runs and the class escapes of Unicode have endings of their own.
    if (/\\[QEpPC]/.test(source)) this.isDoubtful = true;
  }

  isAtEnd(): boolean {
    return !this.isDoubtful && this.at === this.source.length;
  }

  /** One of all branches must hold, so each must require something. */
  readAlternatives(depth: number): readonly string[] | null {
    let literals: readonly string[] | null = this.readBranch(depth);
    while (this.source.charAt(this.at) === '|') {
      this.at++;
      const branch = this.readBranch(depth);
      literals = literals === null || branch === null ? null : [...literals, ...branch];
      if (literals !== null && literals.length > LITERALS_MAX) literals = null;
    }
    return literals;
  }

  private readBranch(depth: number): readonly string[] | null {
    let best: readonly string[] | null = null;
    let run = '';
    const endRun = (): void => {
      if (run !== '') best = stronger(best, [run]);
      run = '';
    };
    while (this.at < this.source.length && !'|)'.includes(this.source.charAt(this.at))) {
      const atom = this.readAtom(depth);
      const repeats = this.readRepeats();
      if (atom.kind === 'char') {
        if (repeats !== 'optional') run += atom.char;
        if (repeats !== 'once') endRun();
        continue;
      }
      endRun();
      if (repeats !== 'optional') best = stronger(best, atom.literals);
    }
    endRun();
    return best;
  }

  private readAtom(depth: number): Atom {
    const char = this.source.charAt(this.at++);
    if (char === '(') return this.readGroup(depth);
    if (char === '[') return this.readClass();
    if (char === '\\') return this.readEscape();
    if ('.^$'.includes(char)) return NOTHING;
    return charAtom(char);
  }

  private readGroup(depth: number): Atom {
    if (depth > DEPTH_MAX) return this.doubt();
    if (this.source.charAt(this.at) === '?') {
      const head = /^\?(?:P?<\w+>|[imsU-]*(:|\)))/.exec(this.source.slice(this.at, this.at + 200));
      if (head === null) return this.doubt();
      this.at += head[0].length;
      if (head[1] === ')') return NOTHING;
    }
    const literals = this.readAlternatives(depth + 1);
    if (this.source.charAt(this.at) !== ')') return this.doubt();
    this.at++;
    return { kind: 'other', literals };
  }

  private readClass(): Atom {
    let isFirst = true;
    if (this.source.charAt(this.at) === '^') this.at++;
    for (; this.at < this.source.length; this.at++) {
      const char = this.source.charAt(this.at);
      if (char === '\\') this.at++;
      else if (this.source.startsWith('[:', this.at)) return this.doubt();
      else if (char === ']' && !isFirst) {
        this.at++;
        return NOTHING;
      }
      isFirst = false;
    }
    return this.doubt();
  }

  private readEscape(): Atom {
    const char = this.source.charAt(this.at++);
    if (char === '') return this.doubt();
    // Letters and digits after a backslash are classes, places, control characters and codes.
    if (!/[A-Za-z0-9]/.test(char)) return charAtom(char);
    return 'dDsSwWbBAz'.includes(char) ? NOTHING : this.doubt();
  }

  private readRepeats(): 'once' | 'optional' | 'often' {
    let isRepeated = false;
    let isOptional = false;
    for (;;) {
      // The second mark makes a repeat lazy, which changes nothing here.
      const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.source.slice(this.at, this.at + 40));
      if (found === null) return isOptional ? 'optional' : isRepeated ? 'often' : 'once';
      isRepeated = true;
      if ('*?'.includes(found[0].charAt(0)) || (found[1] !== undefined && Number(found[1]) === 0)) isOptional = true;
      this.at += found[0].length;
    }
  }

  private doubt(): Atom {
    this.isDoubtful = true;
    this.at = this.source.length;
    return NOTHING;
  }
}

function charAtom(char: string): Atom {
  return char.charCodeAt(0) < 128 ? { kind: 'char', char: char.toLowerCase() } : NOTHING;
}

/** Both hold: the one whose shortest literal is longer tells more. */
function stronger(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null || b === null) return a ?? b;
  return shortest(b) > shortest(a) ? b : a;
}

function shortest(literals: readonly string[]): number {
  return Math.min(...literals.map((literal) => literal.length));
}
