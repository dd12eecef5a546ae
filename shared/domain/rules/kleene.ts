/**
 * Three-valued logic after Kleene: a rule that closes must tell "no" from "nobody knows".
 * The numbers are ordered, so that "and" is the smaller, "or" the larger and "not" the mirror image.
 */
export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;
export type Kleene = typeof FALSE | typeof UNKNOWN | typeof TRUE;

export function not(value: Kleene): Kleene {
  if (value === TRUE) return FALSE;
  return value === FALSE ? TRUE : UNKNOWN;
}

/** True when all are; false as soon as one is, whatever is unknown. Of nothing: true. */
export function every<T>(items: readonly T[], test: (item: T) => Kleene): Kleene {
  let result: Kleene = TRUE;
  for (const item of items) {
    const value = test(item);
    if (value === FALSE) return FALSE;
    if (value === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

/** True as soon as one is, whatever is unknown; false when all are. Of nothing: false. */
export function some<T>(items: readonly T[], test: (item: T) => Kleene): Kleene {
  let result: Kleene = FALSE;
  for (const item of items) {
    const value = test(item);
    if (value === TRUE) return TRUE;
    if (value === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

/** One test that is "and" over several; no layer around a single one. */
export function allOf<A extends unknown[]>(tests: readonly ((...args: A) => Kleene)[]): (...args: A) => Kleene {
  const only = tests.length === 1 ? tests[0] : undefined;
  return only ?? ((...args) => every(tests, (test) => test(...args)));
}

/** One test that is "or" over several; no layer around a single one. */
export function anyOf<A extends unknown[]>(tests: readonly ((...args: A) => Kleene)[]): (...args: A) => Kleene {
  const only = tests.length === 1 ? tests[0] : undefined;
  return only ?? ((...args) => some(tests, (test) => test(...args)));
}
