import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ByteSource } from './byte-source.ts';

/** Content that has so many bytes in common with other content is the same, or a copy of it. */
export const HEAD_BYTES = 1024;
const TAIL_BYTES = 256;

/** By what content is known again: digests of its first bytes and of the last ones before an offset. */
export const fingerprintSchema = z.object({
  headLength: z.number().int().nonnegative(),
  head: z.string(),
  tailLength: z.number().int().nonnegative(),
  tail: z.string(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** The first bytes of what was read and the last ones before where reading stands. */
export class ContentMark {
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);

  /** The mark of content that is read up to an offset. */
  static async at(source: ByteSource, offset: number): Promise<ContentMark> {
    const mark = new ContentMark();
    mark.#head = await source.read(0, Math.min(HEAD_BYTES, offset));
    const tailLength = Math.min(TAIL_BYTES, offset);
    mark.#tail = await source.read(offset - tailLength, tailLength);
    return mark;
  }

  /** The bytes right before where reading stands. */
  get tail(): Buffer {
    return this.#tail;
  }

  add(bytes: Buffer): void {
    if (this.#head.length < HEAD_BYTES) this.#head = Buffer.concat([this.#head, bytes]).subarray(0, HEAD_BYTES);
    const tail = bytes.length >= TAIL_BYTES ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = Buffer.from(tail.subarray(Math.max(0, tail.length - TAIL_BYTES)));
  }

  fingerprint(): Fingerprint {
    return {
      headLength: this.#head.length,
      head: digest(this.#head),
      tailLength: this.#tail.length,
      tail: digest(this.#tail),
    };
  }
}

/** True when the content begins like what was read before, and has the same bytes before `offset`. */
export async function isSameContent(source: ByteSource, offset: number, print: Fingerprint): Promise<boolean> {
  const { headLength, tailLength } = print;
  if (headLength === 0 || offset === 0) return false;
  const head = await source.read(0, headLength);
  if (head.length < headLength || digest(head) !== print.head) return false;
  const tail = await source.read(offset - tailLength, tailLength);
  return tail.length === tailLength && digest(tail) === print.tail;
}

/** True when content that begins with `head` (all of it, or HEAD_BYTES) may be what a fingerprint was taken of. */
export function isHeadOf(head: Buffer, { headLength, head: expected }: Fingerprint): boolean {
  return head.length >= headLength && digest(head.subarray(0, headLength)) === expected;
}
