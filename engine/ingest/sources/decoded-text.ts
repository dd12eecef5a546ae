import { EngineError } from '../../../shared/model/errors.ts';
import type { ReadPosition } from './read-position.ts';

/** Bytes of a source as UTF-8. */
export interface Decoded {
  text: Buffer;
  /** How many bytes of the source the first bytes of the text came from. */
  rawLength(textLength: number): number;
}

/** The position with its encoding, which the first bytes tell. */
export function withEncoding(position: ReadPosition, raw: Buffer, isLast: boolean): ReadPosition | null {
  if (position.encoding !== null) return position;
  if (position.offset > 0) return { ...position, encoding: 'utf8' };
  if (raw.length < 3 && !isLast) return null;
  if (raw[0] === 0x1f && raw[1] === 0x8b) {
    const message = 'The file is compressed, and so cannot be followed. Set up a source for its folder instead.';
    throw new EngineError('invalid_input', message);
  }
  if (raw[0] === 0xff && raw[1] === 0xfe) return { ...position, encoding: 'utf16le' };
  if (raw[0] === 0xfe && raw[1] === 0xff) return { ...position, encoding: 'utf16be' };
  return { ...position, encoding: 'utf8' };
}

export function decode(raw: Buffer, { encoding, offset }: ReadPosition): Decoded {
  if (encoding === 'utf8' || encoding === null) {
    const mark = offset === 0 && raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0;
    return { text: raw.subarray(mark), rawLength: (length) => length + mark };
  }
  const mark = offset === 0 ? 2 : 0;
  let units = Buffer.from(raw.subarray(mark, raw.length - ((raw.length - mark) % 2)));
  if (encoding === 'utf16be') units.swap16();
  const last = units.length >= 2 ? units.readUInt16LE(units.length - 2) : 0;
  if (last >= 0xd800 && last < 0xdc00) units = units.subarray(0, -2);
  const text = Buffer.from(units.toString('utf16le'), 'utf8');
  // Each unit of UTF-16 that goes in comes out as one again, lone halves of pairs too.
  return { text, rawLength: (length) => mark + text.toString('utf8', 0, length).length * 2 };
}
