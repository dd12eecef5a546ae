import type { IngestReport } from '../../../shared/model/ingest.ts';
import type { EngineClient } from '../../client/client.ts';
import { makeStatement } from '../../client/statement.ts';

/** Raw bytes in a piece: a multiple of three, so that pieces make base64 without padding, and under the limit of a call. */
const PIECE_BYTES = 384 * 1024;

/** Sends a file in pieces and has it read. Rejects with the engine's error; what was sent of a failed upload is dropped there. */
export async function uploadFile(
  engine: EngineClient,
  file: File,
  isHistory: boolean,
  onSent: (bytes: number) => void,
): Promise<IngestReport> {
  const { uploadId } = await engine.sources.uploadBegin({
    statement: makeStatement({ kind: 'alert.create' }),
    name: file.name,
    isHistory,
  });
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
    await engine.sources.uploadAppend({ uploadId, offset, base64: toBase64(piece) });
    onSent(offset + piece.length);
  }
  return engine.sources.uploadFinish({ uploadId });
}

const STEP = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return btoa(text);
}
