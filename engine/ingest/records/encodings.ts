import { constants, createGunzip, type Gunzip } from 'node:zlib';
import type { RecordFault } from './raw-record.ts';

/** A stream of bytes that may say, once and at its end, why it ended early. */
export type Bytes = AsyncIterable<Uint8Array | RecordFault>;

export function isFault(piece: Uint8Array | RecordFault): piece is RecordFault {
  return 'kind' in piece;
}

function unreadable(reason: 'truncated' | 'unreadable', message: string): RecordFault {
  return { kind: 'fault', reason, message, line: 1, column: null, text: '', bytes: 0 };
}

/** A source that fails in the middle ends with a fault: what came before it counts. */
export async function* guarded(chunks: AsyncIterable<Uint8Array>): Bytes {
  try {
    for await (const chunk of chunks) if (chunk.byteLength > 0) yield chunk;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    yield unreadable('unreadable', `reading stopped here: ${said}`);
  }
}

/** Puts the first bytes together, enough to know the container by, and gives everything on. */
async function peek(source: Bytes, length: number): Promise<{ head: Buffer; rest: Bytes }> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let stopped: RecordFault | null = null;
  while (head.length < length && stopped === null) {
    const next = await iterator.next();
    if (next.done) break;
    if (isFault(next.value)) stopped = next.value;
    else head = Buffer.concat([head, next.value]);
  }
  async function* rest(): Bytes {
    try {
      if (head.length > 0) yield head;
      if (stopped !== null) yield stopped;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, rest: rest() };
}

/** One byte of gzip may become a thousand, so little is put in at a time. */
const GUNZIP_INPUT_BYTES = 16 * 1024;

/**
 * Feeds one piece and waits until it is used up; gives what came out. `ended` where the data ends within the piece and
 * zeros follow: then the stream says so and never calls back for the write.
 */
function inflate(gunzip: Gunzip, input: Uint8Array | null, out: Uint8Array[]): Promise<Error | 'ended' | null> {
  return new Promise((resolve) => {
    const settle = (outcome: Error | 'ended' | null): void => {
      gunzip.removeListener('error', settle);
      gunzip.removeListener('end', onEnd);
      resolve(outcome);
    };
    const onEnd = (): void => settle(input === null ? null : 'ended');
    gunzip.once('error', settle);
    gunzip.once('end', onEnd);
    gunzip.removeAllListeners('data');
    gunzip.on('data', (piece: Uint8Array) => out.push(piece));
    if (input === null) gunzip.end();
    else gunzip.write(input, (error) => settle(error ?? null));
  });
}

/** Programs that write in blocks fill the last one with zeros; anything else behind the data was meant to be read. */
async function* behindGzip(rest: Uint8Array, source: Bytes): Bytes {
  let hasMore = rest.some((byte) => byte !== 0);
  for await (const piece of source) hasMore ||= isFault(piece) || piece.some((byte) => byte !== 0);
  if (hasMore)
    yield unreadable('unreadable', 'more follows behind the gzip data, which is no gzip; send it on its own');
}

/**
 * Gunzips as it comes, several members one after another too. Damaged or cut data ends in a fault, after everything
 * that could still be read. Driven by hand, because a stream that fails throws away what it has ready.
 */
export async function* gunzipped(source: Bytes): Bytes {
  const gunzip = createGunzip({ chunkSize: 256 * 1024, flush: constants.Z_SYNC_FLUSH });
  // Errors are taken where they are awaited; this keeps a late one from ending the process.
  gunzip.on('error', () => undefined);
  const out: Uint8Array[] = [];
  let before = 0;
  try {
    for await (const piece of source) {
      if (isFault(piece)) {
        yield piece;
        return;
      }
      for (let from = 0; from < piece.byteLength; from += GUNZIP_INPUT_BYTES) {
        const failed = await inflate(gunzip, piece.subarray(from, from + GUNZIP_INPUT_BYTES), out);
        yield* out.splice(0);
        if (failed === 'ended') {
          yield* behindGzip(piece.subarray(Math.max(0, gunzip.bytesWritten - before)), source);
          return;
        }
        if (failed !== null) {
          yield gzipFault(failed);
          return;
        }
      }
      before += piece.byteLength;
    }
    const failed = await inflate(gunzip, null, out);
    yield* out.splice(0);
    if (failed !== null && failed !== 'ended') yield gzipFault(failed);
  } finally {
    gunzip.destroy();
  }
}

function gzipFault(error: Error & { code?: string }): RecordFault {
  if (error.code === 'Z_BUF_ERROR') {
    return unreadable('truncated', 'the gzip file ends too early; get it again from where it came from');
  }
  return unreadable('unreadable', `the gzip data is damaged (${error.message}); get it again from where it came from`);
}

/** UTF-16, as PowerShell and Azure exports write it, to UTF-8. */
async function* recoded(source: Bytes, label: 'utf-16le' | 'utf-16be'): Bytes {
  const decoder = new TextDecoder(label);
  for await (const piece of source) {
    if (isFault(piece)) {
      yield piece;
      return;
    }
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield Buffer.from(text, 'utf8');
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest, 'utf8');
}

async function* without(source: Bytes, count: number): Bytes {
  let left = count;
  for await (const piece of source) {
    if (isFault(piece) || left === 0) {
      yield piece;
      continue;
    }
    const dropped = Math.min(left, piece.byteLength);
    left -= dropped;
    if (piece.byteLength > dropped) yield piece.subarray(dropped);
  }
}

/** Plain UTF-8 out of whatever the source is wrapped in, told by its first bytes and never by its name. */
export async function* plainUtf8(chunks: AsyncIterable<Uint8Array>): Bytes {
  let { head, rest } = await peek(guarded(chunks), 3);
  if (head[0] === 0x1f && head[1] === 0x8b) ({ head, rest } = await peek(gunzipped(rest), 3));
  if (head[0] === 0xff && head[1] === 0xfe) yield* recoded(without(rest, 2), 'utf-16le');
  else if (head[0] === 0xfe && head[1] === 0xff) yield* recoded(without(rest, 2), 'utf-16be');
  else if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) yield* without(rest, 3);
  else yield* rest;
}
