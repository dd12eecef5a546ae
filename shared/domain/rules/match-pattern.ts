import { DASHES, type PatternPart, plainTextOf, type SigmaPattern } from './sigma-pattern.ts';

export type TextTest = (value: string) => boolean;

/** What stands between two `*`: matched at one place, without going back. */
type Segment = readonly Exclude<PatternPart, { kind: 'any' }>[];

/**
 * Compiles a pattern to a test. Without `isCased` the value must come in lower case; the pattern is lowered here.
 * Segments between `*` are searched one after the other from the left, which is enough for globs, so the time is
 * linear in the value for each segment and nothing backtracks.
 */
export function compilePattern(pattern: SigmaPattern, isCased: boolean): TextTest {
  const parts = isCased ? pattern : pattern.map(lowered);
  return simpleTest(parts) ?? globTest(parts);
}

function lowered(part: PatternPart): PatternPart {
  return part.kind === 'text' ? { kind: 'text', text: part.text.toLowerCase() } : part;
}

/** Equality, prefix, suffix and substring, which most patterns are. */
function simpleTest(parts: SigmaPattern): TextTest | null {
  const startsOpen = parts[0]?.kind === 'any';
  const endsOpen = parts.length > 1 && parts.at(-1)?.kind === 'any';
  const text = plainTextOf(parts.slice(startsOpen ? 1 : 0, endsOpen ? -1 : undefined));
  if (text === null) return null;
  if (startsOpen && endsOpen) return (value) => value.includes(text);
  if (startsOpen) return (value) => value.endsWith(text);
  if (endsOpen) return (value) => value.startsWith(text);
  return (value) => value === text;
}

function globTest(parts: SigmaPattern): TextTest {
  const segments: Segment[] = [];
  let segment: Exclude<PatternPart, { kind: 'any' }>[] = [];
  for (const part of parts) {
    if (part.kind === 'any') {
      segments.push(segment);
      segment = [];
    } else {
      segment.push(part);
    }
  }
  segments.push(segment);
  const first = segments[0] ?? [];
  const last = segments.length > 1 ? (segments.at(-1) ?? []) : null;
  const middle = segments.slice(1, -1).filter((each) => each.length > 0);
  return (value) => {
    let at = endOfSegment(first, value, 0);
    if (last === null) return at === value.length;
    for (const each of middle) at = at < 0 ? at : findSegment(each, value, at);
    return at >= 0 && endsWithSegment(last, value, at);
  };
}

/** Where the segment ends when it starts at `from`; -1 when it does not match there. */
function endOfSegment(segment: Segment, value: string, from: number): number {
  let at = from;
  for (const part of segment) {
    if (part.kind === 'text') {
      if (!value.startsWith(part.text, at)) return -1;
      at += part.text.length;
    } else {
      if (at >= value.length || (part.kind === 'dash' && !DASHES.includes(value.charAt(at)))) return -1;
      at += part.kind === 'one' ? lengthOfCharacter(value, at) : 1;
    }
  }
  return at;
}

/** The end of the leftmost match at or after `from`; -1 when there is none. */
function findSegment(segment: Segment, value: string, from: number): number {
  const head = segment[0];
  for (let at = from; at <= value.length; at++) {
    if (head?.kind === 'text') {
      at = value.indexOf(head.text, at);
      if (at < 0) return -1;
    }
    const end = endOfSegment(segment, value, at);
    if (end >= 0) return end;
  }
  return -1;
}

function endsWithSegment(segment: Segment, value: string, from: number): boolean {
  if (segment.length === 0) return true;
  let shortest = 0;
  let longest = 0;
  for (const part of segment) {
    shortest += part.kind === 'text' ? part.text.length : 1;
    longest += part.kind === 'text' ? part.text.length : part.kind === 'one' ? 2 : 1;
  }
  for (let at = Math.max(from, value.length - longest); at <= value.length - shortest; at++) {
    if (endOfSegment(segment, value, at) === value.length) return true;
  }
  return false;
}

/** A character outside the basic plane takes two code units and is still one character to who wrote `?`. */
function lengthOfCharacter(value: string, at: number): number {
  return (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
