import { FALSE, type Kleene, not, TRUE, UNKNOWN } from '../kleene.ts';
import type { FieldsTest, Plan, Predicate } from './rule-plan.ts';
import { weightOf } from './weight.ts';

/** Answers of shared predicates for one subject; `turn` forgets them. */
export class AnswerMemo {
  /** Per predicate, the turn in which it was answered times four, plus the answer. */
  private cells = new Uint32Array(64);
  private used = 0;
  private turnNumber = 1;

  turn(): void {
    if (++this.turnNumber < TURNS_MAX) return;
    this.turnNumber = 1;
    this.cells.fill(0);
  }

  /** The same test, asked at most once a turn. */
  remembering(test: FieldsTest): FieldsTest {
    const cell = this.used++;
    if (this.used > this.cells.length) {
      const larger = new Uint32Array(this.cells.length * 2);
      larger.set(this.cells);
      this.cells = larger;
    }
    return (fields) => {
      const known = this.cells[cell] ?? 0;
      if (known >>> 2 === this.turnNumber) return (known & 3) as Kleene;
      const answer = test(fields);
      this.cells[cell] = this.turnNumber * 4 + answer;
      return answer;
    };
  }
}

const TURNS_MAX = 2 ** 30;

/** Compiles plans to functions. A predicate that several rules ask is answered once a turn for all of them. */
export class PlanCompiler {
  private readonly memo: AnswerMemo;
  private readonly shared = new Map<Predicate, FieldsTest>();

  constructor(memo: AnswerMemo) {
    this.memo = memo;
  }

  compile(plan: Plan): FieldsTest {
    if (plan.kind === 'predicate') return this.compilePredicate(plan.predicate);
    if (plan.kind === 'not') {
      const of = this.compile(plan.of);
      return (fields) => not(of(fields));
    }
    const parts = [...plan.of].sort((a, b) => costOf(a) - costOf(b)).map((each) => this.compile(each));
    return plan.kind === 'and' ? all(parts) : any(parts);
  }

  private compilePredicate(predicate: Predicate): FieldsTest {
    if (predicate.uses < 2) return predicate.test;
    let test = this.shared.get(predicate);
    if (test === undefined) {
      test = this.memo.remembering(predicate.test);
      this.shared.set(predicate, test);
    }
    return test;
  }
}

/** Cheap and rarely true questions come first; the logic does not mind their order. */
function costOf(plan: Plan): number {
  if (plan.kind === 'predicate') return weightOf(plan.predicate.item);
  if (plan.kind === 'not') return 1 + costOf(plan.of);
  return plan.of.reduce((sum, each) => sum + costOf(each), 0);
}

function all(parts: readonly FieldsTest[]): FieldsTest {
  const [first, second] = parts;
  if (first !== undefined && second !== undefined && parts.length === 2) {
    return (fields) => {
      const value = first(fields);
      if (value === FALSE) return FALSE;
      const other = second(fields);
      return other < value ? other : value;
    };
  }
  return (fields) => {
    let result: Kleene = TRUE;
    for (const part of parts) {
      const value = part(fields);
      if (value === FALSE) return FALSE;
      if (value === UNKNOWN) result = UNKNOWN;
    }
    return result;
  };
}

function any(parts: readonly FieldsTest[]): FieldsTest {
  return (fields) => {
    let result: Kleene = FALSE;
    for (const part of parts) {
      const value = part(fields);
      if (value === TRUE) return TRUE;
      if (value === UNKNOWN) result = UNKNOWN;
    }
    return result;
  };
}
