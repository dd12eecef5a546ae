/**
 * Text of a rule with Sigma's wildcards, as parts. `dash` stands for any of the characters that Windows programs
 * take for the dash of an option; `placeholder` for the entries of a lookup list, filled in when rules are compiled.
 */
export type PatternPart =
  | { kind: 'text'; text: string }
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'dash' }
  | { kind: 'placeholder'; name: string };
export type SigmaPattern = readonly PatternPart[];

/** Hyphen, slash, en dash, em dash, horizontal bar (Sigma modifiers 2.1, `windash`). */
export const DASHES = '-/\u2013\u2014\u2015';

/**
 * Reads `*` and `?` and their escaping (Sigma rules 2.0, "Escaping"): a backslash escapes `*`, `?` and itself,
 * and is itself before anything else.
 */
export function parsePattern(source: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
  };
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    const next = source.charAt(at + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      text += next;
      at++;
    } else if (char === '*') {
      flush();
      if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
    } else if (char === '?') {
      flush();
      parts.push({ kind: 'one' });
    } else {
      text += char;
    }
  }
  flush();
  return parts;
}

/** Reads `%name%` as a placeholder and `\%` as a plain percent sign, and the rest as `parsePattern` does. */
export function parsePatternWithPlaceholders(source: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let from = 0;
  const placeholder = /\\%|%([A-Za-z0-9_.-]+)%/g;
  for (let found = placeholder.exec(source); found !== null; found = placeholder.exec(source)) {
    parts.push(...parsePattern(source.slice(from, found.index)));
    parts.push(found[1] === undefined ? { kind: 'text', text: '%' } : { kind: 'placeholder', name: found[1] });
    from = found.index + found[0].length;
  }
  parts.push(...parsePattern(source.slice(from)));
  return parts;
}

/** Puts `*` around a pattern; one that is there already is not doubled. */
export function withWildcards(pattern: SigmaPattern, atStart: boolean, atEnd: boolean): PatternPart[] {
  const parts = [...pattern];
  if (atStart && parts[0]?.kind !== 'any') parts.unshift({ kind: 'any' });
  if (atEnd && parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
  return parts;
}

/** Makes each option dash interchangeable: one between a non-word and a word character, as in `-enc` but not in `a-b`. */
export function withWindowsDashes(pattern: SigmaPattern): PatternPart[] {
  return pattern.flatMap((part, index): PatternPart[] => {
    if (part.kind !== 'text') return [part];
    const before = pattern[index - 1];
    // A placeholder may end in a word, so a dash after it is left as written.
    return splitAtDashes(part.text, before?.kind === 'placeholder' ? 'a' : '');
  });
}

function splitAtDashes(source: string, before: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let text = '';
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    const previous = at === 0 ? before : source.charAt(at - 1);
    if (!DASHES.includes(char) || isWord(previous) || !isWord(source.charAt(at + 1))) {
      text += char;
      continue;
    }
    if (text !== '') parts.push({ kind: 'text', text });
    parts.push({ kind: 'dash' });
    text = '';
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}

function isWord(char: string): boolean {
  return /^[\p{L}\p{N}_]$/u.test(char);
}

/** The plain text of a pattern without wildcards; null when it has any. */
export function plainTextOf(pattern: SigmaPattern): string | null {
  let text = '';
  for (const part of pattern) {
    if (part.kind !== 'text') return null;
    text += part.text;
  }
  return text;
}
