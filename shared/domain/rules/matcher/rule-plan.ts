import type { Condition, Detection, DetectionItem, SelectionBody, ValueTest } from '../detection.ts';
import type { Kleene } from '../kleene.ts';
import type { SubjectFields } from '../subject-fields.ts';

export type FieldsTest = (fields: SubjectFields) => Kleene;

/** One question about one field (or any text of the record), shared by all rules that ask it. */
export interface Predicate {
  /** Never negated and never "all": that is said by the plan around it. */
  readonly item: DetectionItem;
  readonly test: FieldsTest;
  /** In how many places of all rules it is asked. */
  uses: number;
}

/** A detection as a tree over shared predicates. `and` of nothing is true, `or` of nothing is false. */
export type Plan =
  | { kind: 'predicate'; predicate: Predicate }
  | { kind: 'not'; of: Plan }
  | { kind: 'and' | 'or'; of: readonly Plan[] };

/** A list with more values is one question: hardly another rule shares single values of it. */
const SPLIT_MAX = 8;

/** All predicates of all rules, each once. */
export class PredicateTable {
  private readonly byKey = new Map<string, Predicate>();
  private readonly compile: (item: DetectionItem) => FieldsTest;

  /** `compile` is asked once for each distinct predicate. */
  constructor(compile: (item: DetectionItem) => FieldsTest) {
    this.compile = compile;
  }

  planOf(detection: Detection): Plan {
    const selections = new Map<string, Plan>();
    return ofCondition(detection.condition, (name) => {
      const known = selections.get(name);
      if (known !== undefined) return countAgain(known);
      const body = detection.selections.get(name);
      const plan = body === undefined ? joined('or', []) : this.ofBody(body);
      selections.set(name, plan);
      return plan;
    });
  }

  private ofBody(body: SelectionBody): Plan {
    const of = body.kind === 'any' ? body.of.map((each) => this.ofBody(each)) : body.items.map((i) => this.ofItem(i));
    return joined(body.kind === 'any' ? 'or' : 'and', of);
  }

  private ofItem(item: DetectionItem): Plan {
    const meets = this.meets(item);
    return item.isNegated ? { kind: 'not', of: meets } : meets;
  }

  private meets(item: DetectionItem): Plan {
    if (!item.needsAll && item.values.length > SPLIT_MAX) return this.intern(item, item.values);
    const values = item.values.map((tests) =>
      joined(
        'or',
        tests.map((test) => this.intern(item, [[test]])),
      ),
    );
    return joined(item.needsAll ? 'and' : 'or', values);
  }

  private intern(item: DetectionItem, values: DetectionItem['values']): Plan {
    const key = JSON.stringify([item.field, values.map((tests) => tests.map(essence))]);
    let predicate = this.byKey.get(key);
    if (predicate === undefined) {
      const asked: DetectionItem = { ...item, values, needsAll: false, isNegated: false };
      predicate = { item: asked, test: this.compile(asked), uses: 0 };
      this.byKey.set(key, predicate);
    }
    predicate.uses++;
    return { kind: 'predicate', predicate };
  }
}

/** What decides; the spelling of a pattern does not. */
function essence(test: ValueTest): unknown {
  return test.kind === 'pattern' ? [test.pattern, test.isCased] : test;
}

/** A selection that a condition names twice asks its questions twice. */
function countAgain(plan: Plan): Plan {
  if (plan.kind === 'predicate') plan.predicate.uses++;
  else if (plan.kind === 'not') countAgain(plan.of);
  else plan.of.forEach(countAgain);
  return plan;
}

function ofCondition(condition: Condition, selection: (name: string) => Plan): Plan {
  if (condition.kind === 'selection') return selection(condition.name);
  if (condition.kind === 'not') return { kind: 'not', of: ofCondition(condition.of, selection) };
  return joined(
    condition.kind,
    condition.of.map((each) => ofCondition(each, selection)),
  );
}

function joined(kind: 'and' | 'or', of: readonly Plan[]): Plan {
  const only = of.length === 1 ? of[0] : undefined;
  if (only !== undefined) return only;
  // One layer for "and" inside "and": three-valued logic is associative too.
  return { kind, of: of.flatMap((each) => (each.kind === kind ? each.of : [each])) };
}
