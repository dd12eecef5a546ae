import type { SigmaPattern } from './sigma-pattern.ts';

/** 1-based place in the rule's text. */
export interface Place {
  line: number;
  column: number;
}

export const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

/** What one value of a rule asks of one value of a field. `source` is the value as its author wrote it. */
export type ValueTest =
  | { kind: 'pattern'; source: string; pattern: SigmaPattern; isCased: boolean }
  | { kind: 'number'; source: string; value: number; timePart: TimePart | null }
  | { kind: 'boolean'; source: string; value: boolean }
  | { kind: 'null'; source: string }
  | { kind: 'exists'; source: string; value: boolean }
  | { kind: 'regex'; source: string; flags: { i: boolean; m: boolean; s: boolean } }
  | { kind: 'cidr'; source: string }
  | { kind: 'compare'; source: string; comparison: Comparison; value: number; timePart: TimePart | null }
  | {
      kind: 'fieldref';
      source: string;
      field: string;
      how: 'equals' | 'contains' | 'startswith' | 'endswith';
      isCased: boolean;
    };

/** `field|modifier|modifier: values`. A null field is a keyword: any text of the alert. */
export interface DetectionItem {
  field: string | null;
  /** The modifiers as written: `cidr`, `contains|all`. */
  modifiers: string;
  /** For each value as written, the tests that it comes to; any of them is enough for that value. */
  values: readonly (readonly ValueTest[])[];
  /** `all`: every value must be met, not just one. */
  needsAll: boolean;
  /** `neq`: none may be met. */
  isNegated: boolean;
  place: Place;
}

export type SelectionBody =
  | { kind: 'items'; items: readonly DetectionItem[] }
  | { kind: 'any'; of: readonly SelectionBody[] };

export type Condition =
  | { kind: 'selection'; name: string }
  | { kind: 'not'; of: Condition }
  | { kind: 'and'; of: readonly Condition[] }
  | { kind: 'or'; of: readonly Condition[] };

export interface Detection {
  selections: ReadonlyMap<string, SelectionBody>;
  condition: Condition;
}

/** The items of a selection, however deep they lie. */
export function itemsOf(body: SelectionBody): DetectionItem[] {
  return body.kind === 'items' ? [...body.items] : body.of.flatMap(itemsOf);
}
