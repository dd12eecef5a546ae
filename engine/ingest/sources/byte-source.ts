import { constants } from 'node:fs';
import { type FileHandle, open, readlink } from 'node:fs/promises';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Bytes } from '../records/encodings.ts';
import { isFault } from '../records/encodings.ts';
import type { RecordFault } from '../records/raw-record.ts';

/** Bytes by their offset. Fewer than asked for come only at the end. */
export interface ByteSource {
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Opens a file and nothing else: no link that was put in its place, no pipe, no device. Throws EngineError for those. */
export async function openPlainFile(realPath: string): Promise<FileHandle> {
  // Not every system has both flags; without them the look at what was opened remains.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(realPath, flags);
  try {
    if (!(await handle.stat()).isFile()) {
      throw new EngineError('invalid_input', `${realPath} is no file. Name a file that alerts are written to.`);
    }
    // A folder on the way may have become a link since the path was looked at.
    const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => realPath);
    if (opened !== realPath && opened !== `${realPath} (deleted)`) {
      throw new EngineError('forbidden', `${realPath} leads to ${opened} now, which is not what was asked for.`);
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A file as it lies on the disk. */
export class PlainBytes implements ByteSource {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(at: number, length: number): Promise<Buffer> {
    // Of its own memory: a piece of a shared pool would take the whole pool along to the writer's thread.
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, length - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Bytes that come out of a stream, such as what a gzip file holds. Can only be read onwards. */
export class StreamBytes implements ByteSource {
  /** Why the stream ended early; null while it did not. */
  fault: RecordFault | null = null;
  readonly #iterator: AsyncIterator<Uint8Array | RecordFault>;
  readonly #close: () => Promise<void>;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Offset of the first byte that is held. */
  #start = 0;
  #isEnded = false;

  constructor(stream: Bytes, close: () => Promise<void>) {
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#close = close;
  }

  async read(at: number, length: number): Promise<Buffer> {
    if (at < this.#start) throw new Error('A stream is only read onwards');
    while (!this.#isEnded && this.#start + this.#heldBytes < at + length) {
      await this.#more();
      this.#drop(at);
    }
    this.#drop(at);
    const all = Buffer.concat(this.#held);
    this.#held = [all];
    return Buffer.from(all.subarray(at - this.#start, at - this.#start + length));
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
    await this.#close();
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#iterator.next();
    if (done === true) this.#isEnded = true;
    else if (isFault(value)) {
      this.fault = value;
      this.#isEnded = true;
    } else {
      this.#held.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      this.#heldBytes += value.byteLength;
    }
  }

  /** Lets go what lies before `at`. */
  #drop(at: number): void {
    for (let first = this.#held[0]; first !== undefined && this.#start < at; first = this.#held[0]) {
      const gone = Math.min(first.length, at - this.#start);
      this.#start += gone;
      this.#heldBytes -= gone;
      if (gone < first.length) this.#held[0] = first.subarray(gone);
      else this.#held.shift();
    }
  }
}
