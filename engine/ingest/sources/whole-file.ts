import { createReadStream } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { EngineError } from '../../../shared/model/errors.ts';
import { plainUtf8 } from '../records/encodings.ts';
import { openPlainFile, StreamBytes } from './byte-source.ts';
import { ContentMark, fingerprintSchema } from './content-mark.ts';
import { DeliveryReader, type Piece } from './delivery-reader.ts';
import { type ReadPosition, readPositionSchema, startPosition } from './read-position.ts';

/** How far one file of a folder was read. Offsets count what comes out of it: after decompression, as UTF-8. */
export const wholeFileMarkSchema = z.object({
  size: z.number(),
  /** Nanoseconds since the epoch. */
  changedNs: z.string(),
  position: readPositionSchema,
  fingerprint: fingerprintSchema,
  isDone: z.boolean(),
  /** Why it could not be read to its end, and will not before it changes. */
  problem: z.string().nullable(),
});
export type WholeFileMark = z.infer<typeof wholeFileMarkSchema>;

/** What a file is told by without reading it. */
export type FileStamp = Pick<WholeFileMark, 'size' | 'changedNs'>;

async function openWhole(path: string): Promise<StreamBytes> {
  const handle = await openPlainFile(path);
  const stream = createReadStream('', { fd: handle, autoClose: false, highWaterMark: 256 * 1024 });
  return new StreamBytes(plainUtf8(stream), async () => {
    stream.destroy();
    await handle.close();
  });
}

async function openAt(path: string, position: ReadPosition) {
  const source = await openWhole(path);
  try {
    const mark = await ContentMark.at(source, position.offset);
    return { source, reader: new DeliveryReader(source, position, mark) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** True when the file begins with what the mark was kept of. */
export async function isMarkOf(path: string, mark: WholeFileMark): Promise<boolean> {
  const opened = await openAt(path, mark.position);
  await opened.source.close();
  return isDeepStrictEqual(opened.reader.mark.fingerprint(), mark.fingerprint);
}

/** What was not read to its end goes on there, and so does what only grew since. Everything else is read from its start. */
function canGoOn(before: WholeFileMark | null, { size, changedNs }: FileStamp): before is WholeFileMark {
  if (before === null || before.position.offset === 0) return false;
  return size > before.size || (!before.isDone && size === before.size && changedNs === before.changedNs);
}

/**
 * Reads a file to its end and gives each piece of it with the mark to keep. Begins where `before` stands when the file
 * still begins with the same content, so that nothing is read twice; else at its start. Damaged content ends in a mark
 * that says so.
 */
export async function* readWholeFile(
  path: string,
  stamp: FileStamp,
  before: WholeFileMark | null,
): AsyncGenerator<{ records: Piece['records'] | null; mark: WholeFileMark }> {
  const goesOn = canGoOn(before, stamp);
  let opened = await openAt(path, goesOn ? before.position : startPosition(null));
  if (goesOn && !isDeepStrictEqual(opened.reader.mark.fingerprint(), before.fingerprint)) {
    await opened.source.close();
    opened = await openAt(path, startPosition(null));
  }
  const { source, reader } = opened;
  const placeNow = () => ({ position: reader.position, fingerprint: reader.mark.fingerprint() });
  const markOf = (place: ReturnType<typeof placeNow>, isDone: boolean): WholeFileMark => ({
    ...stamp,
    ...place,
    isDone,
    problem: isDone ? (source.fault?.message ?? null) : null,
  });
  let resumable = placeNow();
  try {
    let held: { records: Piece['records']; mark: WholeFileMark } | null = null;
    for (let piece = await reader.next(true); piece !== null; piece = await reader.next(true)) {
      if (held !== null) yield held;
      // A last line without a line break may be the first half of one, in a file that was slow to come.
      const isWhole = piece.raw[piece.raw.length - 1] === NEWLINE;
      if (!isWhole) resumable = placeNow();
      reader.take(piece);
      if (isWhole) resumable = placeNow();
      held = { records: piece.records, mark: markOf(placeNow(), false) };
    }
    yield { records: held?.records ?? null, mark: markOf(resumable, true) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    yield { records: null, mark: { ...markOf(resumable, true), problem: error.message } };
  } finally {
    await source.close();
  }
}

const NEWLINE = 10;
