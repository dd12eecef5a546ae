import type { JsonObject } from '../../../shared/model/json.ts';
import { recordsWithin } from './answer.ts';
import { headOf, lineThatStarts } from './byte-lines.ts';
import { findEnvelopeList, isEnvelope } from './envelope.ts';
import { type BadText, parseRecord } from './json-text.ts';
import type { SplitState } from './split-state.ts';

const NEWLINE = 10;
const CLOSE_OBJECT = 125;
/** An object that is still open after this much may be an envelope around many records. */
const ENVELOPE_CHECK_BYTES = 256 * 1024;

export function record(split: SplitState): boolean {
  if (!split.triedLine) {
    const tried = tryLine(split);
    if (tried !== 'no') return tried === 'read';
  }
  return scanRecord(split);
}

/** The common case: the rest of the line is the record. */
function tryLine(split: SplitState): 'read' | 'wait' | 'no' {
  const { window } = split;
  const { bytes, start, end } = window;
  let newline = bytes.indexOf(NEWLINE, start + split.newlineFrom);
  if (newline >= end) newline = -1;
  if (newline < 0 && !split.isFinal) {
    split.newlineFrom = end - start;
    if (end - start <= ENVELOPE_CHECK_BYTES) return 'wait';
    split.triedLine = true;
    return 'no';
  }
  split.triedLine = true;
  let to = newline < 0 ? end : newline;
  while (to > start && (bytes[to - 1] ?? 0) <= 32) to--;
  if (bytes[to - 1] !== CLOSE_OBJECT || to - start > split.maxRecordBytes) return 'no';
  const parsed = parseRecord(bytes, start, to, split.maxDepth, split.isAsciiSoFar);
  if (!('value' in parsed)) return 'no';
  if (isEnvelope(parsed.value) && enterEnvelope(split)) return 'read';
  pushRecord(split, parsed.value, bytes.subarray(start, to));
  window.start = newline < 0 ? end : newline + 1;
  if (newline >= 0) split.line++;
  split.indent = 0;
  split.state = 'between';
  return 'read';
}

/** The general case: by structure, over lines and chunks. */
function scanRecord(split: SplitState): boolean {
  const { window } = split;
  split.isScanFresh = false;
  const outcome = split.scan.scan(window.bytes, window.start + split.scanned, window.end, window.start);
  if (outcome === 'end') return endRecord(split, split.scan.at);
  if (outcome === 'broken') return breakRecord(split, split.scan.at);
  split.scanned = window.size;
  if (!split.triedEnvelope && window.size > ENVELOPE_CHECK_BYTES && enterLargeEnvelope(split)) return true;
  if (split.isFinal) return cutRecord(split);
  if (window.size > split.maxRecordBytes) passOver(split);
  return split.state !== 'record';
}

function enterLargeEnvelope(split: SplitState): boolean {
  const { window } = split;
  const list = findEnvelopeList(window.bytes, window.start, window.end);
  split.triedEnvelope = window.size > ENVELOPE_CHECK_BYTES * 4;
  // A record may hold such a list, too: an envelope has little before it.
  return list !== null && list.at - window.start < ENVELOPE_CHECK_BYTES && enterEnvelope(split);
}

/** Goes into the list of an envelope, whose elements are then read one by one. */
function enterEnvelope(split: SplitState): boolean {
  split.triedEnvelope = true;
  const { window } = split;
  const list = findEnvelopeList(window.bytes, window.start, window.end);
  if (list === null) return false;
  split.arrayLine = split.line;
  split.use(list.at);
  split.isInArray = true;
  split.around = list.open;
  split.state = 'between';
  return true;
}

function endRecord(split: SplitState, to: number): boolean {
  const { window } = split;
  const fault = split.limitFault(to - window.start);
  const parsed = fault ?? parseRecord(window.bytes, window.start, to, split.maxDepth, split.isAsciiSoFar);
  if (!('value' in parsed)) return failRecord(split, to, parsed);
  if (!split.triedEnvelope && isEnvelope(parsed.value) && enterEnvelope(split)) return true;
  pushRecord(split, parsed.value, window.bytes.subarray(window.start, to));
  split.use(to);
  split.state = 'between';
  return true;
}

/** An object that is the answer to a question about many is not a record itself. */
function pushRecord(split: SplitState, value: JsonObject, bytes: Buffer): void {
  const { line } = split;
  const within = recordsWithin(value, bytes, split.maxDepth, split.isInArray);
  if (within === null) {
    split.found.push({ kind: 'record', value, bytes, line });
    return;
  }
  let lines = 0;
  let counted = 0;
  for (const inner of within.sort((a, b) => a.at - b.at)) {
    for (; counted < inner.at; counted++) if (bytes[counted] === NEWLINE) lines++;
    split.found.push({ kind: 'record', value: inner.value, bytes: inner.bytes, line: line + lines });
  }
}

/** What was taken for one record may be a broken line and the good ones behind it: reading goes on at the first of those. */
function failRecord(split: SplitState, to: number, fault: BadText): boolean {
  const { window } = split;
  const text = window.bytes.subarray(window.start, to);
  const next = split.scan.lines > 0 && split.recordIndent >= 0 ? lineThatStarts(text, split.recordIndent) : -1;
  if (next < 0) split.pushFault(to, fault);
  else split.pushFault(window.start + next, split.limitFault(next) ?? split.explain(text.subarray(0, next)));
  return true;
}

/**
 * The next line cannot go on with this record. A record of one line is that line; a longer one
 * ends at the next start, if it is known how starts are indented.
 */
function breakRecord(split: SplitState, at: number): boolean {
  const { window, scan } = split;
  const next = window.start + scan.lineStart;
  const text = window.bytes.subarray(window.start, Math.min(at, next));
  const inner = scan.lines > 1 && split.recordIndent >= 0 ? lineThatStarts(text, split.recordIndent) : -1;
  if (inner >= 0 || scan.lines <= 1 || split.recordIndent < 0) {
    const to = inner >= 0 ? window.start + inner : next;
    split.pushFault(to, split.limitFault(0) ?? split.explain(window.bytes.subarray(window.start, to)));
    return true;
  }
  split.dropped = { head: headOf(text), bytes: text.byteLength, line: split.line, fault: split.explain(text) };
  split.use(next);
  split.isMidLine = false;
  split.state = 'seeking';
  return true;
}

/** The file ends within a record. If a later line of it could start one, reading goes on there. */
function cutRecord(split: SplitState): boolean {
  const { window } = split;
  const message = 'it is cut off: the end of the record is missing';
  const position = window.bytes.toString('utf8', window.start, window.end).length;
  return failRecord(split, window.end, split.limitFault(0) ?? { reason: 'truncated', message, position });
}

function passOver(split: SplitState): void {
  const { window } = split;
  if (split.scan.lines > 0 && split.recordIndent >= 0) {
    const text = window.bytes.subarray(window.start, window.end);
    const next = lineThatStarts(text, split.recordIndent);
    if (next >= 0) {
      split.pushFault(window.start + next, split.explain(text.subarray(0, next)));
      return;
    }
  }
  split.dropped = {
    head: headOf(window.bytes.subarray(window.start, window.end)),
    bytes: window.size,
    line: split.line,
    fault: split.tooLong(),
  };
  split.line += split.scan.lines;
  window.start = window.end;
  split.state = 'passing';
}
