import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGB = 2;
const PALETTE = 3;
const CHANNELS = 3;
const COLOURS_MAX = 256;

/**
 * A screenshot (8 bits, RGB, not interlaced) with a palette of 256 colours: less than half the size. Areas
 * keep their exact colour; only shades at the edge of letters become the nearest that is kept.
 */
export function shrinkPng(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const header = chunks.find((chunk) => chunk.type === 'IHDR')?.data;
  if (header === undefined || header[8] !== 8 || header[9] !== RGB || header[12] !== 0) return png;
  const width = header.readUInt32BE(0);
  const pixels = unfilter(
    inflateSync(Buffer.concat(chunks.filter((chunk) => chunk.type === 'IDAT').map((chunk) => chunk.data))),
    width * CHANNELS,
  );
  const palette = keptColours(pixels);
  const small = Buffer.from(header);
  small[9] = PALETTE;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', small),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(indexed(pixels, width, palette), { level: constants.Z_BEST_COMPRESSION, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(named.length + 8);
  frame.writeUInt32BE(data.length, 0);
  named.copy(frame, 4);
  frame.writeUInt32BE(crc32(named), named.length + 4);
  return frame;
}

/** Undoes the filter of each line (PNG specification, third edition, section 9). */
function unfilter(data: Buffer, stride: number): Buffer {
  const lines = data.length / (stride + 1);
  const pixels = Buffer.alloc(lines * stride);
  for (let line = 0; line < lines; line += 1) {
    const filter = data[line * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = line * stride + x;
      const left = x < CHANNELS ? 0 : (pixels[at - CHANNELS] ?? 0);
      const up = line === 0 ? 0 : (pixels[at - stride] ?? 0);
      const upLeft = line === 0 || x < CHANNELS ? 0 : (pixels[at - stride - CHANNELS] ?? 0);
      const predicted = predict(filter, left, up, upLeft);
      pixels[at] = ((data[line * (stride + 1) + 1 + x] ?? 0) + predicted) & 255;
    }
  }
  return pixels;
}

function predict(filter: number | undefined, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [a, b, c] = [up - upLeft, left - upLeft, left + up - 2 * upLeft].map(Math.abs) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
}

const colourAt = (pixels: Buffer, pixel: number): number => pixels.readUIntBE(pixel * CHANNELS, CHANNELS);

/**
 * The most frequent colours, leaving out shades so near to a kept one that nobody tells them apart; how near is as
 * little as fits into the palette. A small mark of a colour of its own keeps it that way.
 */
function keptColours(pixels: Buffer): number[] {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < pixels.length / CHANNELS; pixel += 1) {
    const colour = colourAt(pixels, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  for (let apart = 0; ; apart += 4) {
    const kept: number[] = [];
    for (const colour of byCount) {
      const place = nearest(colour, kept);
      if (place < 0 || distance(colour, kept[place] ?? 0) > apart * apart) kept.push(colour);
      if (kept.length > COLOURS_MAX) break;
    }
    if (kept.length <= COLOURS_MAX) return kept;
  }
}

/** Each line as indices into the palette, without a filter: that is what compresses best with a palette. */
function indexed(pixels: Buffer, width: number, palette: readonly number[]): Buffer {
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const lines = pixels.length / CHANNELS / width;
  const data = Buffer.alloc(lines * (width + 1));
  for (let line = 0; line < lines; line += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt(pixels, line * width + x);
      let place = places.get(colour);
      if (place === undefined) {
        place = nearest(colour, palette);
        places.set(colour, place);
      }
      data[line * (width + 1) + 1 + x] = place;
    }
  }
  return data;
}

/** Place of the nearest colour of a palette; −1 when it has none. */
function nearest(colour: number, palette: readonly number[]): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [place, other] of palette.entries()) {
    const away = distance(colour, other);
    if (away < least) [best, least] = [place, away];
  }
  return best;
}

/** Square of the distance between two colours. */
function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return red * red + green * green + blue * blue;
}
