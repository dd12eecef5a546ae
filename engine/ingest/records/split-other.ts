import type { JsonObject } from '../../../shared/model/json.ts';
import { headOf, isBalanced, trimEnd } from './byte-lines.ts';
import { JsonScan } from './json-scan.ts';
import { faultOf } from './json-text.ts';
import { FAULT_TEXT_BYTES } from './raw-record.ts';
import type { SplitState } from './split-state.ts';
import { textRecord } from './text-record.ts';

const NEWLINE = 10;
const COMMA = 44;
const CLOSE_ARRAY = 93;

/** Something that starts like no record: up to the end of its line, or of its place in the list. */
export function other(split: SplitState): boolean {
  const { window } = split;
  const { bytes, start, end } = window;
  let to = -1;
  for (let index = start + split.scanned; index < end && to < 0; index++) {
    const byte = bytes[index];
    if (byte === NEWLINE) to = index;
    else if (split.isInArray && (byte === COMMA || byte === CLOSE_ARRAY) && index > start) {
      if (isBalanced(bytes, start, index)) to = index;
    }
  }
  split.scanned = end - start;
  if (to < 0 && !split.isFinal) {
    if (window.size <= split.maxRecordBytes) return false;
    split.scan = new JsonScan(true);
    split.isScanFresh = true;
    split.dropped = { head: headOf(bytes.subarray(start, end)), bytes: 0, line: split.line, fault: split.tooLong() };
    split.isMidLine = true;
    split.recordIndent = Math.max(0, split.indent);
    split.state = 'seeking';
    return true;
  }
  endOther(split, to < 0 ? end : to);
  return true;
}

/** A line that is an alert in a text format is a record; every other is a fault. */
function endOther(split: SplitState, to: number): void {
  const { window } = split;
  const text = trimEnd(window.bytes.subarray(window.start, to));
  const value = split.isInArray ? null : (textRecord(text, split.maxDepth) ?? asLine(split, text));
  if (value === null) {
    split.pushFault(to, split.explain(window.bytes.subarray(window.start, to)));
    return;
  }
  split.found.push({ kind: 'record', value, bytes: text, line: split.line });
  split.use(to);
  split.state = 'between';
}

function asLine(split: SplitState, text: Buffer): JsonObject | null {
  return split.takesText && text.length > 0 ? { line: text.toString('utf8') } : null;
}

/** A program that was killed leaves NULs where it had reserved room; the record behind them is whole. */
export function nuls(split: SplitState): boolean {
  const { window } = split;
  while (window.start < window.end && window.bytes[window.start] === 0) {
    window.start++;
    split.nulCount++;
  }
  if (window.start === window.end && !split.isFinal) return false;
  const message = `${split.nulCount} NUL bytes, as a program leaves them that was stopped while writing`;
  const shown = Buffer.alloc(Math.min(split.nulCount, FAULT_TEXT_BYTES));
  const fault = faultOf(shown, { reason: 'invalid_json', message, position: 0 }, split.line);
  split.found.push({ ...fault, bytes: split.nulCount });
  split.nulCount = 0;
  split.state = 'between';
  return true;
}
