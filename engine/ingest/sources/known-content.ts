import type { ByteSource } from './byte-source.ts';
import { ContentMark, HEAD_BYTES, isHeadOf, isSameContent } from './content-mark.ts';
import type { FollowedFile } from './followed-file.ts';
import { lookInto, type RotatedFile } from './rotated-files.ts';
import type { StoredFile } from './stored-log.ts';

/** What the content of a file beside a log is. */
export type Verdict =
  | { kind: 'unseen' }
  /** Read to its end before. */
  | { kind: 'known' }
  /** The same as lies in a file that is open, or in the one that is being compressed into this. */
  | { kind: 'copy' }
  /** Read before, and more was written behind it since. */
  | { kind: 'grown'; from: StoredFile };

interface Open {
  source: ByteSource;
  /** As of now: it may have been written to, renamed and compressed since it was opened. */
  size(): Promise<number>;
  head: Buffer;
}

/** Tells content that was read, or that is read from another file, from content that nobody has seen. */
export class KnownContent {
  readonly #relatives: readonly RotatedFile[];
  #done: readonly StoredFile[];
  readonly #open: Open[];

  private constructor(relatives: readonly RotatedFile[], done: readonly StoredFile[], open: Open[]) {
    this.#relatives = relatives;
    this.#done = done;
    this.#open = open;
  }

  static async of(parts: {
    relatives: readonly RotatedFile[];
    done: readonly StoredFile[];
    held: readonly FollowedFile[];
    fresh: { source: ByteSource; size(): Promise<number> } | null;
    nowMs: number;
  }): Promise<KnownContent> {
    // What comes out of a compressed file can only be read onwards; it is told by the number of the file.
    const plain = parts.held
      .filter(({ isCompressed }) => !isCompressed)
      .map((file) => ({ source: file.source, size: async () => (await file.look(parts.nowMs))?.size ?? 0 }));
    const files = parts.fresh === null ? plain : [...plain, parts.fresh];
    const open: Open[] = [];
    for (const { source, size } of files) open.push({ source, size, head: await source.read(0, HEAD_BYTES) });
    return new KnownContent(parts.relatives, parts.done, open);
  }

  /** Throws FileMoved, and what keeps the file from being read. */
  async verdict(file: RotatedFile): Promise<Verdict> {
    const head = await headOf(file);
    if (file.isGzip && (await this.#isBeingPacked(file, head))) return { kind: 'copy' };
    for (const each of this.#done) {
      const { position, fingerprint } = each.cursor;
      if (!isHeadOf(head, fingerprint) || (!file.isGzip && file.size < position.offset)) continue;
      const more = await lengthBehind(file, each);
      if (more === null) continue;
      // Of what is as short as this others may begin the same way: it stands for one file alone.
      if (position.offset < HEAD_BYTES) this.#done = this.#done.filter((other) => other !== each);
      return more === 0 ? { kind: 'known' } : { kind: 'grown', from: each };
    }
    for (const each of this.#open) if (await isCopy(file, head, each)) return { kind: 'copy' };
    return { kind: 'unseen' };
  }

  /** What is compressed in place lies there half written beside what it is made of, which is removed in the end. */
  async #isBeingPacked(file: RotatedFile, head: Buffer): Promise<boolean> {
    const plain = this.#relatives.find(({ path }) => `${path}.gz` === file.path);
    if (plain === undefined) return false;
    return (await headOf(plain)).subarray(0, head.length).equals(head);
  }
}

function headOf(file: RotatedFile): Promise<Buffer> {
  return lookInto(file, (source) => source.read(0, HEAD_BYTES));
}

/** Whether more than what was read is there; null when it is other content. */
function lengthBehind(file: RotatedFile, { cursor }: StoredFile): Promise<number | null> {
  const { offset } = cursor.position;
  return lookInto(file, async (source) => {
    if (!(await isSameContent(source, offset, cursor.fingerprint))) return null;
    return (await source.read(offset, 1)).length;
  });
}

/** True when a file holds all that is in an open one, or when the open one begins with all that is in the file. */
async function isCopy(file: RotatedFile, head: Buffer, open: Open): Promise<boolean> {
  if (!isAlike(head, open.head)) return false;
  const size = await open.size();
  if (size === 0) return false;
  if (file.isGzip || file.size === size) {
    const print = (await ContentMark.at(open.source, size)).fingerprint();
    return lookInto(file, async (source) => {
      return (await isSameContent(source, size, print)) && (await source.read(size, 1)).length === 0;
    });
  }
  if (file.size < HEAD_BYTES || file.size > size) return false;
  const mark = await lookInto(file, (source) => ContentMark.at(source, file.size));
  return isSameContent(open.source, file.size, mark.fingerprint());
}

function isAlike(a: Buffer, b: Buffer): boolean {
  const length = Math.min(a.length, b.length);
  return a.subarray(0, length).equals(b.subarray(0, length));
}
