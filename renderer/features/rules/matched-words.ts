import type { FieldMatch } from '../../../shared/model/rule.ts';

/** "source.ip is 10.20.1.4 (cidr 10.20.0.0/24)" for each field that met a rule. Values are hostile text: shown as text. */
export function matchedWords(matched: readonly FieldMatch[]): string {
  return matched
    .map(({ field, value, pattern }) =>
      pattern === value ? `${field} is ${value}` : `${field} is ${value} (${pattern})`,
    )
    .join('; ');
}
