import { csvHead, type TableKind } from './table.ts';

/** More than any head of a table has. */
const FIRST_LINE_MAX = 64 * 1024;

/**
 * Tells by the first bytes whether a source is a table, or records that stand for themselves (JSON, lines of text).
 * Null while too little has come to tell; JSON is told by its first byte.
 */
export function containerOf(head: Buffer, isWhole: boolean): TableKind | 'records' | null {
  let start = 0;
  while (head[start] === 10 || head[start] === 13 || head[start] === 32) start++;
  const first = head[start];
  if (first === undefined) return isWhole ? 'records' : null;
  if (first === 123 || first === 91) return 'records';
  const newline = head.indexOf(10, start);
  if (newline < 0 && !isWhole && head.length < FIRST_LINE_MAX) return null;
  const line = head.subarray(start, newline < 0 ? Math.min(head.length, FIRST_LINE_MAX) : newline);
  if (first === 35 && /^#(?:separator|fields)\b/.test(line.toString('latin1', 0, 16))) return 'zeek';
  return line.length < FIRST_LINE_MAX && csvHead(line) !== null ? 'csv' : 'records';
}
