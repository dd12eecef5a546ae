import type { Condition, Place } from './detection.ts';
import { compilePattern } from './match-pattern.ts';
import type { ProblemList } from './rule-problem.ts';
import type { PatternPart } from './sigma-pattern.ts';

const DEPTH_MAX = 200;
const TOKENS_MAX = 50_000;
/** What all patterns after "of" may name together. */
const EXPANDED_MAX = 100_000;

interface Token {
  text: string;
  at: number;
}

/** Raised inside this file only, so that the parser can stop at the first fault; turned into a problem at its place. */
class ConditionFault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads one condition: `or`, `and`, `not`, `1 of`, `all of`, parentheses, from the least to the most binding
 * (Sigma rules 2.0). Null when it is faulty; the problem names the column.
 */
export function parseCondition(
  source: string,
  names: readonly string[],
  place: Place,
  problems: ProblemList,
): Condition | null {
  try {
    const parser = new ConditionParser(tokensOf(source), source.length, names);
    return parser.parse();
  } catch (fault) {
    if (!(fault instanceof ConditionFault)) throw fault;
    problems.error({ line: place.line, column: place.column + fault.at }, fault.message);
    return null;
  }
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|([()])|([^\s()|]+)|(\|)/gy;
  for (let found = pattern.exec(source); found !== null; found = pattern.exec(source)) {
    if (found[3] !== undefined) {
      throw new ConditionFault(
        found.index,
        'Aggregations after "|" are not part of a condition (Sigma 2 has correlation rules for them). Remove the "|" and what follows.',
      );
    }
    const text = found[1] ?? found[2];
    if (text !== undefined) tokens.push({ text, at: found.index });
    if (tokens.length > TOKENS_MAX) throw new ConditionFault(found.index, 'This condition is too long.');
  }
  return tokens;
}

class ConditionParser {
  private readonly tokens: readonly Token[];
  private readonly end: number;
  private readonly names: readonly string[];
  private readonly known: ReadonlySet<string>;
  private next = 0;
  private depth = 0;
  private expanded = 0;

  constructor(tokens: readonly Token[], end: number, names: readonly string[]) {
    this.tokens = tokens;
    this.end = end;
    this.names = names;
    this.known = new Set(names);
  }

  parse(): Condition {
    if (this.tokens.length === 0) {
      throw new ConditionFault(0, 'The condition is empty. Name a selection, for example "selection".');
    }
    const condition = this.parseOr();
    const rest = this.tokens[this.next];
    if (rest !== undefined) {
      throw new ConditionFault(
        rest.at,
        rest.text === ')'
          ? 'This ")" closes nothing. Remove it.'
          : `"and" or "or" is missing before "${short(rest.text)}".`,
      );
    }
    return condition;
  }

  private parseOr(): Condition {
    const of = [this.parseAnd()];
    while (this.takeWord('or')) of.push(this.parseAnd());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'or', of };
  }

  private parseAnd(): Condition {
    const of = [this.parseNot()];
    while (this.takeWord('and')) of.push(this.parseNot());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'and', of };
  }

  private parseNot(): Condition {
    if (++this.depth > DEPTH_MAX) throw new ConditionFault(this.here(), `Nested more than ${DEPTH_MAX} deep.`);
    const negated = this.takeWord('not');
    const condition: Condition = negated ? { kind: 'not', of: this.parseNot() } : this.parseOperand();
    this.depth--;
    return condition;
  }

  private parseOperand(): Condition {
    const token = this.tokens[this.next];
    if (token === undefined) throw new ConditionFault(this.end, 'A selection is missing at the end of the condition.');
    this.next++;
    if (token.text === '(') {
      const inner = this.parseOr();
      if (this.tokens[this.next]?.text !== ')')
        throw new ConditionFault(token.at, 'This "(" is never closed. Add ")".');
      this.next++;
      return inner;
    }
    if (this.tokens[this.next]?.text.toLowerCase() === 'of') return this.parseQuantifier(token);
    if (this.known.has(token.text)) return { kind: 'selection', name: token.text };
    throw new ConditionFault(token.at, this.unknownSelection(token.text));
  }

  private parseQuantifier(token: Token): Condition {
    const quantity = token.text.toLowerCase();
    if (quantity !== '1' && quantity !== 'any' && quantity !== 'all') {
      throw new ConditionFault(token.at, `"${short(token.text)} of" is not known. Write "1 of" or "all of".`);
    }
    this.next++;
    const target = this.tokens[this.next];
    if (target === undefined) {
      throw new ConditionFault(
        this.end,
        'A pattern is missing after "of". Write "them" or, for example, "selection_*".',
      );
    }
    this.next++;
    const matched = this.selectionsLike(target.text);
    if (matched.length === 0) throw new ConditionFault(target.at, this.unknownSelection(target.text));
    this.expanded += matched.length;
    if (this.expanded > EXPANDED_MAX) throw new ConditionFault(target.at, 'This condition names too many selections.');
    const of = matched.map((name): Condition => ({ kind: 'selection', name }));
    return { kind: quantity === 'all' ? 'and' : 'or', of };
  }

  /** Names that start with an underscore are left out of "them" by Sigma's convention. */
  private selectionsLike(pattern: string): string[] {
    if (pattern === 'them') return this.names.filter((name) => !name.startsWith('_'));
    const test = compilePattern(
      pattern.split(/(\*)/).flatMap((text): PatternPart[] => {
        if (text === '*') return [{ kind: 'any' }];
        return text === '' ? [] : [{ kind: 'text', text }];
      }),
      true,
    );
    return this.names.filter(test);
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.next];
    if (token === undefined || token.text.toLowerCase() !== word || this.known.has(token.text)) return false;
    this.next++;
    return true;
  }

  private here(): number {
    return this.tokens[this.next]?.at ?? this.end;
  }

  private unknownSelection(text: string): string {
    const list = this.names.slice(0, 8).join(', ');
    const more = this.names.length > 8 ? ` and ${this.names.length - 8} more` : '';
    return `There is no selection "${short(text)}". The selections are: ${list}${more}.`;
  }
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
