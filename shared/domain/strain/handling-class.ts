import type { Severity } from '../../model/vocabulary.ts';

/**
 * The class that handling times are pooled in: severity and rule family (the product). Nobody's name is in it, so
 * that a median is always the team's and never a person's.
 */
export function handlingClass(severity: Severity, product: string): string {
  return `${severity}:${product}`;
}
