import { csvHead } from '../records/table.ts';
import type { ReadPosition } from './read-position.ts';

const NEWLINE = 10;
const HASH = 35;

export function firstLine(text: Buffer): Buffer {
  const end = text.indexOf(NEWLINE);
  return end < 0 ? text : text.subarray(0, end);
}

/** The head that the rows behind these bytes belong to. */
export function headAfter(container: ReadPosition['container'], head: string | null, bytes: Buffer): string | null {
  if (container === 'csv') {
    const line = firstLine(bytes);
    return head ?? (csvHead(line) === null ? null : `${line.toString('utf8').replace(/\r$/, '')}\n`);
  }
  if (container !== 'zeek') return null;
  let lines = head;
  for (let at = bytes[0] === HASH ? 0 : nextHash(bytes, 0); at >= 0; at = nextHash(bytes, at)) {
    const end = bytes.indexOf(NEWLINE, at);
    const line = bytes.toString('utf8', at, end < 0 ? bytes.length : end).replace(/\r$/, '');
    if (line.startsWith('#close')) continue;
    lines = line.startsWith('#separator') ? `${line}\n` : `${lines ?? ''}${line}\n`;
  }
  return lines;
}

function nextHash(bytes: Buffer, from: number): number {
  const at = bytes.indexOf('\n#', from);
  return at < 0 ? -1 : at + 1;
}
