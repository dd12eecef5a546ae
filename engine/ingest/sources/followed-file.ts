import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { type ByteSource, PlainBytes, StreamBytes } from './byte-source.ts';
import { ContentMark, fingerprintSchema } from './content-mark.ts';
import { DeliveryReader, type Piece } from './delivery-reader.ts';
import { type ReadPosition, readPositionSchema } from './read-position.ts';
import { type FileIdentity, identityOf, keyOf, openRotated, type RotatedFile } from './rotated-files.ts';

/** How far one file was read, as it is stored. */
export const fileCursorSchema = z.object({
  /** Where it was then, which tells where to look first and no more. */
  dev: z.string(),
  ino: z.string(),
  position: readPositionSchema,
  fingerprint: fingerprintSchema,
  /** When it was last written to, in nanoseconds: what comes after it was written later. */
  changedNs: z.string(),
  /** `read` was rotated away and has nothing more that was seen; `done` was let go, and is not read a second time. */
  state: z.enum(['open', 'read', 'done']).default('open'),
});
export type FileCursor = z.infer<typeof fileCursorSchema>;

/** One file while it is followed: under its path, or after it was rotated away from there. */
export class FollowedFile {
  /** Of its cursor. */
  readonly name: string;
  readonly identity: FileIdentity;
  readonly reader: DeliveryReader;
  readonly #source: ByteSource;
  readonly #handle: FileHandle | null;
  /** True once the path leads to another file. */
  isGone = false;
  /** True while nothing more could be read of it. */
  isAtEnd = false;
  /** What it was listed as when it was opened; null for what was opened under the path. */
  listedAs: string | null = null;
  /** True once its bytes were seen to be others than those that were read. */
  isChanged = false;
  /** The largest size that was seen, which bytes that nobody finds any more are counted by. */
  size = 0;
  /** The most that lay there unread since somebody last asked whether it was emptied. */
  unread = 0;
  /** As of its last look: without a change nothing new can be read. */
  triedSize = -1;
  checkedNs = 0n;
  /** When it last grew. */
  grewAtMs: number;
  /**
   * When it was last written to, as of the last time that the path was seen to lead to it with what was read before. Not
   * later: it may have been copied and emptied since, and then the copy is newer than this.
   */
  changedNs: bigint;

  private constructor(parts: {
    name: string;
    identity: FileIdentity;
    source: ByteSource;
    handle: FileHandle | null;
    reader: DeliveryReader;
    changedNs: bigint;
    nowMs: number;
  }) {
    this.name = parts.name;
    this.identity = parts.identity;
    this.#source = parts.source;
    this.#handle = parts.handle;
    this.reader = parts.reader;
    this.grewAtMs = parts.nowMs;
    this.changedNs = parts.changedNs;
  }

  /** `handle` is null for what comes out of a compressed file. */
  static async open(parts: {
    name: string;
    identity: FileIdentity;
    source: ByteSource;
    handle: FileHandle | null;
    position: ReadPosition;
    changedNs: bigint;
    nowMs: number;
  }): Promise<FollowedFile> {
    const mark = await ContentMark.at(parts.source, parts.position.offset);
    return new FollowedFile({ ...parts, reader: new DeliveryReader(parts.source, parts.position, mark) });
  }

  /** The same open file, read from its start because its content began anew. */
  anew(name: string, position: ReadPosition, nowMs: number): FollowedFile {
    const reader = new DeliveryReader(this.#source, position, new ContentMark());
    return new FollowedFile({
      name,
      identity: this.identity,
      source: this.#source,
      handle: this.#handle,
      reader,
      changedNs: this.changedNs,
      nowMs,
    });
  }

  get isCompressed(): boolean {
    return this.#handle === null;
  }

  /** Why what is compressed ends early; null when it does not, or is not read so far. */
  get fault(): string | null {
    return this.#source instanceof StreamBytes ? (this.#source.fault?.message ?? null) : null;
  }

  get source(): ByteSource {
    return this.#source;
  }

  /** Its size now, or null where that is not known before it is read. */
  async look(nowMs: number): Promise<{ size: number } | null> {
    if (this.#handle === null) return null;
    const stat = await this.#handle.stat({ bigint: true });
    const size = Number(stat.size);
    if (size !== this.size) this.grewAtMs = nowMs;
    this.size = Math.max(size, this.reader.position.offset);
    this.unread = Math.max(this.unread, size);
    return { size };
  }

  get behind(): number {
    return this.#handle === null ? 0 : Math.max(0, this.size - this.reader.position.offset);
  }

  cursor(): FileCursor {
    const { position, mark } = this.reader;
    const fingerprint = mark.fingerprint();
    const state = this.isGone && !this.isCompressed && this.behind === 0 ? 'read' : 'open';
    return { ...this.identity, position, fingerprint, changedNs: String(this.changedNs), state };
  }

  /** The cursor that it leaves when it is let go, with the time that it bears now. */
  async lastCursor(): Promise<FileCursor> {
    const changedNs = (await this.#handle?.stat({ bigint: true }))?.mtimeNs ?? this.changedNs;
    return { ...this.cursor(), changedNs: String(changedNs), state: 'done' };
  }

  /** A last line without a line break, when it is JSON that is whole. */
  async wholeRest(): Promise<Piece | null> {
    if (this.reader.position.container !== 'records' || this.reader.position.around !== null) return null;
    const piece = await this.reader.next(true);
    return piece !== null && isWholeJson(piece.records.bytes) ? piece : null;
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

function isWholeJson(bytes: Uint8Array): boolean {
  try {
    return typeof JSON.parse(Buffer.from(bytes).toString('utf8')) === 'object';
  } catch {
    return false;
  }
}

/** A file that lies open, from a position on; `stat` as it was before anything else was looked at. */
export async function followHandle(
  handle: FileHandle,
  parts: { name: string; position: ReadPosition; stat: BigIntStats; nowMs: number },
): Promise<FollowedFile> {
  const { stat, nowMs } = parts;
  const file = await FollowedFile.open({
    ...parts,
    identity: identityOf(stat),
    source: new PlainBytes(handle),
    handle,
    changedNs: stat.mtimeNs,
  });
  await file.look(nowMs);
  return file;
}

/** Opens a file that was rotated away, from a position on. Throws FileMoved. */
export async function followRotated(
  file: RotatedFile,
  parts: { name: string; position: ReadPosition; nowMs: number },
): Promise<FollowedFile> {
  const { source, handle } = await openRotated(file);
  try {
    const { dev, ino, changedNs } = file;
    const followed = await FollowedFile.open({ ...parts, identity: { dev, ino }, source, handle, changedNs });
    followed.isGone = true;
    followed.listedAs = keyOf(file);
    await followed.look(parts.nowMs);
    return followed;
  } catch (error) {
    await source.close();
    throw error;
  }
}

export async function closeAll(files: readonly FollowedFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.close().catch(() => {})));
}
