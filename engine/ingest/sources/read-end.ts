import { containerOf } from '../records/container.ts';
import type { ByteSource } from './byte-source.ts';
import { type ReadPosition, startPosition } from './read-position.ts';

const HEAD_BYTES = 64 * 1024;
const NEWLINE = 10;
const HASH = 35;

/** The position behind everything that a file holds, with what its first lines say about the lines to come. */
export async function endOfFile(source: ByteSource, size: number): Promise<ReadPosition> {
  const position = startPosition(null);
  if (size === 0) return position;
  const first = await source.read(0, Math.min(size, HEAD_BYTES));
  const last = await source.read(size - 1, 1);
  const isWide = (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
  const container = isWide ? 'records' : (containerOf(first, true) ?? 'records');
  return {
    ...position,
    offset: isWide ? size - (size % 2) : size,
    encoding: isWide ? (first[0] === 0xff ? 'utf16le' : 'utf16be') : 'utf8',
    container,
    head: container === 'records' ? null : headIn(first, container),
    // Somebody is in the middle of a line: what is to come begins with the next one.
    isPassing: !isWide && last[0] !== NEWLINE,
  };
}

function headIn(bytes: Buffer, container: 'csv' | 'zeek'): string {
  let end = bytes.indexOf(NEWLINE) + 1;
  while (container === 'zeek' && end > 0 && bytes[end] === HASH) end = bytes.indexOf(NEWLINE, end) + 1;
  return bytes.toString('utf8', 0, end > 0 ? end : bytes.length);
}
