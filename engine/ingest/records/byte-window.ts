/**
 * The bytes that have come and are not used up yet, in one piece. Bytes that were handed out are never
 * overwritten: a piece that grows is copied to a new place, with room to grow, so that growing stays cheap.
 */
export class ByteWindow {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** True while `bytes` is our own and may be written behind `end`. */
  private isOwn = false;

  get size(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array): void {
    if (this.start === this.end) {
      this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.start = 0;
      this.end = chunk.byteLength;
      this.isOwn = false;
      return;
    }
    if (!this.isOwn || this.bytes.length - this.end < chunk.byteLength) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.size + chunk.byteLength, this.size * 2));
      this.bytes.copy(grown, 0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
      this.bytes = grown;
      this.isOwn = true;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.byteLength;
  }
}
