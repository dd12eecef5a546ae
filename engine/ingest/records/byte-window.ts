/**
 * The bytes that have come and are not used up yet, in one piece. Bytes that were handed out are never overwritten: a
 * piece that grows is copied to a new place, with room to grow, so that growing stays cheap. A transient window has one
 * place of its own and copies everything there: what it handed out is good until more bytes come.
 */
export class ByteWindow {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** True while `bytes` is our own and may be written behind `end`. */
  private isOwn = false;
  private readonly isTransient: boolean;

  constructor(isTransient = false) {
    this.isTransient = isTransient;
  }

  get size(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array): void {
    if (this.start === this.end && !this.isTransient) {
      this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      this.start = 0;
      this.end = chunk.byteLength;
      this.isOwn = false;
      return;
    }
    if (!this.isOwn || this.bytes.length - this.end < chunk.byteLength) this.moveToRoom(this.size + chunk.byteLength);
    this.bytes.set(chunk, this.end);
    this.end += chunk.byteLength;
  }

  /** Makes room for so many bytes, those that are there among them. */
  private moveToRoom(size: number): void {
    const isEnough = this.isTransient && this.bytes.length >= size;
    const place = isEnough ? this.bytes : Buffer.allocUnsafeSlow(Math.max(size, this.size * 2));
    this.bytes.copy(place, 0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    this.bytes = place;
    this.isOwn = true;
  }
}
