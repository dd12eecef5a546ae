import { isBlank } from './byte-lines.ts';
import type { SplitState } from './split-state.ts';

const NEWLINE = 10;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;

/** Goes on to the end of a record that is too long, keeping nothing of it. */
export function passing(split: SplitState): boolean {
  const { window, scan } = split;
  const linesBefore = scan.lines;
  const from = window.start;
  const outcome = scan.scan(window.bytes, from, window.end, from);
  split.line += scan.lines - linesBefore;
  if (outcome === 'more') {
    if (split.dropped !== null) split.dropped.bytes += window.end - from;
    window.start = window.end;
    if (split.isFinal) split.pushDropped();
    return false;
  }
  const to = outcome === 'end' ? scan.at : Math.max(from, from + scan.lineStart);
  if (split.dropped !== null) split.dropped.bytes += to - from;
  window.start = to;
  split.indent = outcome === 'end' ? -1 : 0;
  split.pushDropped();
  return true;
}

/** Line by line to the next one that is indented as records are and starts with a brace (or ends the list). */
export function seeking(split: SplitState): boolean {
  const { window } = split;
  while (window.start < window.end) {
    if (!split.isMidLine) {
      let first = window.start;
      while (first < window.end && isBlank(window.bytes[first])) first++;
      if (first === window.end && !split.isFinal) return false;
      const byte = window.bytes[first];
      const indent = first - window.start;
      const isStart = byte === OPEN_OBJECT && indent === split.recordIndent;
      if (isStart || (split.isInArray && byte === CLOSE_ARRAY && indent < Math.max(1, split.recordIndent))) {
        split.indent = 0;
        split.pushDropped();
        return true;
      }
    }
    const newline = window.bytes.indexOf(NEWLINE, window.start);
    const to = newline < 0 || newline >= window.end ? window.end : newline + 1;
    if (split.dropped !== null) split.dropped.bytes += to - window.start;
    split.isMidLine = to === window.end && newline !== window.end - 1;
    if (!split.isMidLine) split.line++;
    window.start = to;
  }
  if (!split.isFinal) return false;
  split.pushDropped();
  return true;
}
