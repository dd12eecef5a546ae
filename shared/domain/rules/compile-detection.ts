import type { FieldMatch } from '../../model/rule.ts';
import { compileValueTest, type LookupLists, type ReadingTest } from './compile-value.ts';
import type { Condition, Detection, DetectionItem, SelectionBody, ValueTest } from './detection.ts';
import { exactTexts, quickTest, valuesAmong } from './exact-texts.ts';
import { allOf, anyOf, FALSE, type Kleene, not, TRUE, UNKNOWN } from './kleene.ts';
import { plainTextOf } from './sigma-pattern.ts';
import type { FieldReading, SubjectFields } from './subject-fields.ts';

export type Test = (fields: SubjectFields) => Kleene;

/** A detection ready to be asked. `matches` and `unknownFields` are worked out only when a result has to be explained. */
export interface CompiledDetection {
  evaluate: Test;
  /** The values that made it true. */
  matches(fields: SubjectFields): FieldMatch[];
  /** The fields that nobody filled and on which the result hangs. */
  unknownFields(fields: SubjectFields): string[];
}

export interface CompiledItem {
  test: Test;
  item: DetectionItem;
  /** As its author wrote them, to stand before a value. */
  modifiers: string;
  index: number;
  /** Its values, or fewer: those that can be true of the reading, in their order. */
  valuesFor(reading: FieldReading): readonly CompiledValue[];
}

interface CompiledValue {
  source: string;
  test: (reading: FieldReading, fields: SubjectFields) => Kleene;
  /** The place of the first value that met it; -1 when it is not about a value. */
  placeOf(reading: FieldReading, fields: SubjectFields): number;
}

interface CompiledSelection {
  test: Test;
  items: readonly CompiledItem[];
  /** Explaining needs to know which branch of a list was the true one. */
  branches: readonly CompiledSelection[];
}

/** Numbers fields across all rules, so that a subject reads each of them once. */
export interface FieldNumbering {
  indexOf(field: string): number;
}

const KEYWORD_INDEX = -1;

/** Compiles a detection; lookup lists that it names and that are not loaded are given back instead. */
export function compileDetection(
  detection: Detection,
  numbering: FieldNumbering,
  lists: LookupLists,
): { compiled: CompiledDetection } | { missingLists: string[] } {
  const missing = new Set<string>();
  const selections = new Map<string, CompiledSelection>();
  for (const [name, body] of detection.selections) {
    selections.set(name, compileSelection(body, numbering, lists, missing));
  }
  if (missing.size > 0) return { missingLists: [...missing] };
  const condition = compileCondition(detection.condition, selections);
  return {
    compiled: {
      evaluate: condition.test,
      matches: (fields) => {
        const found: FieldMatch[] = [];
        if (condition.test(fields) === TRUE) explain(condition, TRUE, fields, found);
        return found;
      },
      unknownFields: (fields) => {
        const found = new Set<string>();
        for (const selection of selections.values()) {
          if (selection.test(fields) === UNKNOWN) collectUnknown(selection, fields, found);
        }
        return [...found];
      },
    },
  };
}

/** A condition that can be asked and explained. */
type CompiledCondition =
  | { kind: 'selection'; test: Test; name: string; selection: CompiledSelection | null }
  | { kind: 'not'; test: Test; of: CompiledCondition }
  | { kind: 'and' | 'or'; test: Test; of: readonly CompiledCondition[] };

function compileCondition(condition: Condition, selections: ReadonlyMap<string, CompiledSelection>): CompiledCondition {
  if (condition.kind === 'selection') {
    const selection = selections.get(condition.name) ?? null;
    return { kind: 'selection', name: condition.name, selection, test: selection?.test ?? (() => FALSE) };
  }
  if (condition.kind === 'not') {
    const of = compileCondition(condition.of, selections);
    return { kind: 'not', of, test: (fields) => not(of.test(fields)) };
  }
  const of = condition.of.map((each) => compileCondition(each, selections));
  const tests = of.map(({ test }) => test);
  return { kind: condition.kind, of, test: condition.kind === 'and' ? allOf(tests) : anyOf(tests) };
}

function compileSelection(
  body: SelectionBody,
  numbering: FieldNumbering,
  lists: LookupLists,
  missing: Set<string>,
): CompiledSelection {
  if (body.kind === 'any') {
    const branches = body.of.map((each) => compileSelection(each, numbering, lists, missing));
    return { items: [], branches, test: anyOf(branches.map((branch) => branch.test)) };
  }
  const items = body.items.map((item) => compileItem(item, numbering, lists, missing));
  return { items, branches: [], test: allOf(items.map((item) => item.test)) };
}

/** Compiles one line of a selection; lookup lists that are not loaded are added to `missing`. */
export function compileItem(
  item: DetectionItem,
  numbering: FieldNumbering,
  lists: LookupLists,
  missing: Set<string>,
): CompiledItem {
  const index = item.field === null ? KEYWORD_INDEX : numbering.indexOf(item.field);
  const values = item.values.map((tests) => compileAlternatives(tests, numbering, lists, missing));
  const quick = item.needsAll ? null : exactTexts(item);
  const tests = values.map((value) => value.test);
  const meetsValues = item.needsAll ? allOf(tests) : anyOf(tests);
  const meet: Test = (fields) => {
    const reading = readingOf(index, fields);
    return quick === null ? meetsValues(reading, fields) : quickTest(quick, reading);
  };
  const valuesFor = quick === null ? () => values : (reading: FieldReading) => valuesAmong(quick, values, reading);
  const modifiers = item.modifiers === '' ? '' : `${item.modifiers.replaceAll('|', ' ')} `;
  return { item, modifiers, index, valuesFor, test: item.isNegated ? (fields) => not(meet(fields)) : meet };
}

function readingOf(index: number, fields: SubjectFields): FieldReading {
  return index === KEYWORD_INDEX ? fields.keywords() : fields.at(index);
}

function compileAlternatives(
  tests: readonly ValueTest[],
  numbering: FieldNumbering,
  lists: LookupLists,
  missing: Set<string>,
): CompiledValue {
  const compiled = tests.map((test) => compileTest(test, numbering, lists, missing));
  return {
    source: tests[0]?.source ?? '',
    test: anyOf(compiled.map((value) => value.test)),
    placeOf: (reading, fields) => {
      for (const value of compiled) {
        const place = value.placeOf(reading, fields);
        if (place >= 0) return place;
      }
      return -1;
    },
  };
}

function compileTest(
  test: ValueTest,
  numbering: FieldNumbering,
  lists: LookupLists,
  missing: Set<string>,
): CompiledValue {
  if (test.kind === 'null') return fieldTest('null', (reading) => (reading.values.length === 0 ? TRUE : FALSE));
  if (test.kind === 'exists') {
    return fieldTest(test.source, (reading) => (reading.values.length > 0 === test.value ? TRUE : FALSE));
  }
  const compiled = compileValueTest(test, lists, (field) => numbering.indexOf(field));
  if (compiled === null || typeof compiled !== 'function') {
    if (compiled !== null) missing.add(compiled.missingList);
    return fieldTest(test.source, () => FALSE);
  }
  const other = test.kind === 'fieldref' ? numbering.indexOf(test.field) : null;
  const isEmptyText = test.kind === 'pattern' && plainTextOf(test.pattern) === '';
  return {
    source: test.source,
    test: (reading, fields) => testReading(compiled, reading, fields, other, isEmptyText),
    placeOf: (reading, fields) => reading.values.findIndex((_value, place) => compiled(reading, place, fields)),
  };
}

/** True when one value meets it; unknown when none does and not all are known. An absent field is an empty text. */
function testReading(
  compiled: ReadingTest,
  reading: FieldReading,
  fields: SubjectFields,
  other: number | null,
  isEmptyText: boolean,
): Kleene {
  if (reading.state === 'unknown') return UNKNOWN;
  if (reading.state === 'absent') return isEmptyText ? TRUE : FALSE;
  for (let place = 0; place < reading.values.length; place++) {
    if (compiled(reading, place, fields)) return TRUE;
  }
  const isOtherUnknown = other !== null && fields.at(other).state === 'unknown';
  return reading.isPartial || isOtherUnknown ? UNKNOWN : FALSE;
}

function fieldTest(source: string, test: (reading: FieldReading) => Kleene): CompiledValue {
  return { source, test: (reading) => (reading.state === 'unknown' ? UNKNOWN : test(reading)), placeOf: () => -1 };
}

/** Of a condition that is as wanted: what the selections say that made it so. Those under a "not" matched nothing. */
function explain(
  condition: CompiledCondition,
  wanted: typeof TRUE | typeof FALSE,
  fields: SubjectFields,
  found: FieldMatch[],
): void {
  if (condition.kind === 'selection') {
    if (wanted === TRUE && condition.selection !== null) {
      collectMatches(condition.name, condition.selection, fields, found);
    }
  } else if (condition.kind === 'not') {
    explain(condition.of, wanted === TRUE ? FALSE : TRUE, fields, found);
  } else {
    for (const each of condition.of) if (each.test(fields) === wanted) explain(each, wanted, fields, found);
  }
}

function collectMatches(name: string, selection: CompiledSelection, fields: SubjectFields, found: FieldMatch[]): void {
  for (const branch of selection.branches) {
    if (branch.test(fields) === TRUE) collectMatches(name, branch, fields, found);
  }
  for (const compiled of selection.items) {
    if (!compiled.item.isNegated) matchesOfItem(name, compiled, fields, found);
  }
}

function matchesOfItem(name: string, compiled: CompiledItem, fields: SubjectFields, found: FieldMatch[]): void {
  const reading = readingOf(compiled.index, fields);
  const field = compiled.item.field ?? 'any text';
  for (const value of compiled.valuesFor(reading)) {
    if (found.length >= MATCHES_MAX) return;
    if (value.test(reading, fields) !== TRUE) continue;
    const place = value.placeOf(reading, fields);
    const text = place < 0 ? '' : (reading.texts[place] ?? '');
    const match = { selection: name, field, pattern: cut(compiled.modifiers + value.source), value: cut(text) };
    if (!found.some((each) => each.field === match.field && each.pattern === match.pattern)) found.push(match);
  }
}

/** Enough to explain a closure; a rule with thousands of values shows the first that matched. */
const MATCHES_MAX = 20;

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function collectUnknown(selection: CompiledSelection, fields: SubjectFields, found: Set<string>): void {
  for (const branch of selection.branches) collectUnknown(branch, fields, found);
  for (const compiled of selection.items) {
    if (compiled.item.field !== null && compiled.test(fields) === UNKNOWN) found.add(compiled.item.field);
  }
}
