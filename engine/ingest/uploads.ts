import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../shared/model/errors.ts';
import type { Clock, Log, Random } from '../ports.ts';

const UPLOAD_MAX_BYTES = 2 * 1024 ** 3;
const PIECE_MAX_BYTES = 512 * 1024;
/** An upload that nobody went on with for so long is given up. */
const IDLE_MAX_MS = 3_600_000;
/** At once and for one person: more is a mistake, and each holds disk space. */
const OPEN_MAX = 4;
const ID_BYTES = 16;

interface Upload {
  id: string;
  ownerId: string;
  format: string;
  isHistory: boolean;
  folder: string;
  path: string;
  name: string;
  received: number;
  touchedAtMs: number;
  /** The piece that is being written: pieces of one upload stand in line. */
  last: Promise<unknown>;
}

export interface UploadedFile {
  path: string;
  /** The file's name as its owner has it. */
  name: string;
  format: string;
  isHistory: boolean;
}

export interface UploadLimits {
  maxBytes: number;
  maxPieceBytes: number;
}

/**
 * Files on their way in from people's own machines, in a folder of their own inside the data folder. Nothing of them
 * outlives the process: what lies there at the start was abandoned.
 */
export class Uploads {
  readonly #dir: string;
  readonly #ports: { clock: Clock; random: Random; log: Log };
  readonly #limits: UploadLimits;
  readonly #uploads = new Map<string, Upload>();
  #isCleared = false;

  constructor(
    dir: string,
    ports: { clock: Clock; random: Random; log: Log },
    limits: UploadLimits = { maxBytes: UPLOAD_MAX_BYTES, maxPieceBytes: PIECE_MAX_BYTES },
  ) {
    this.#dir = dir;
    this.#ports = ports;
    this.#limits = limits;
  }

  /** Opens an upload and gives its id, which nobody can guess. */
  async begin(ownerId: string, file: { name: string; format: string; isHistory: boolean }): Promise<string> {
    await this.#sweep();
    if ([...this.#uploads.values()].filter((upload) => upload.ownerId === ownerId).length >= OPEN_MAX) {
      throw new EngineError('conflict', `You have ${OPEN_MAX} files on their way already. Wait for one to finish.`);
    }
    const id = Buffer.from(this.#ports.random.bytes(ID_BYTES)).toString('hex');
    const folder = join(this.#dir, id);
    const path = join(folder, safeName(file.name));
    await onDisk(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await (await open(path, 'wx', 0o600)).close();
    });
    this.#uploads.set(id, {
      id,
      ownerId,
      format: file.format,
      isHistory: file.isHistory,
      folder,
      path,
      name: file.name,
      received: 0,
      touchedAtMs: this.#ports.clock.nowMs(),
      last: Promise.resolve(),
    });
    return id;
  }

  /**
   * Adds one piece at `offset` and gives how many bytes have arrived. A piece that arrived already is taken as read,
   * so that a client may send it again after a broken connection; a gap is a conflict that says where to go on.
   */
  async append(ownerId: string, id: string, offset: number, base64: string): Promise<number> {
    const upload = this.#of(ownerId, id);
    const piece = decodePiece(base64, this.#limits.maxPieceBytes);
    const work = upload.last.then(() => this.#write(upload, offset, piece));
    upload.last = work.catch(() => {});
    return work;
  }

  async #write(upload: Upload, offset: number, piece: Uint8Array): Promise<number> {
    upload.touchedAtMs = this.#ports.clock.nowMs();
    const end = offset + piece.byteLength;
    if (end <= upload.received) return upload.received;
    if (offset !== upload.received) {
      throw new EngineError('conflict', `${upload.received} bytes have arrived. Go on from there.`);
    }
    if (end > this.#limits.maxBytes) {
      throw new EngineError(
        'too_large',
        'The file is larger than 2 GB. Take it in on the machine itself: npm run -s evenwatch -- ingest FILE.',
      );
    }
    await onDisk(async () => {
      const file = await open(upload.path, 'r+');
      try {
        await file.write(piece, 0, piece.byteLength, offset);
      } finally {
        await file.close();
      }
    });
    upload.received = end;
    return end;
  }

  /** Hands the whole file to `work` and removes it afterwards, whatever `work` came to. An upload is finished once. */
  async finish<T>(ownerId: string, id: string, work: (file: UploadedFile) => Promise<T>): Promise<T> {
    const upload = this.#of(ownerId, id);
    this.#uploads.delete(id);
    try {
      await upload.last;
      const { size } = await onDisk(() => stat(upload.path));
      if (size !== upload.received) throw new EngineError('unavailable', 'The file is not whole. Send it again.');
      return await work({ path: upload.path, name: upload.name, format: upload.format, isHistory: upload.isHistory });
    } finally {
      await this.#remove(upload.folder);
    }
  }

  #of(ownerId: string, id: string): Upload {
    const upload = this.#uploads.get(id);
    // Somebody else's upload is not there for this caller.
    if (upload === undefined || upload.ownerId !== ownerId) {
      throw new EngineError('not_found', 'This upload was given up or finished. Begin again.');
    }
    return upload;
  }

  /** Removes what nobody goes on with, and at first what an earlier process left behind. */
  async #sweep(): Promise<void> {
    if (!this.#isCleared) {
      this.#isCleared = true;
      await this.#remove(this.#dir);
    }
    const since = this.#ports.clock.nowMs() - IDLE_MAX_MS;
    for (const upload of [...this.#uploads.values()].filter(({ touchedAtMs }) => touchedAtMs < since)) {
      this.#uploads.delete(upload.id);
      await this.#remove(upload.folder);
    }
  }

  async #remove(folder: string): Promise<void> {
    try {
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      this.#ports.log.warn({ folder, error: String(error) }, 'An upload could not be removed');
    }
  }
}

function decodePiece(base64: string, maxBytes: number): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) {
    throw new EngineError('invalid_input', 'The piece is not base64.');
  }
  const piece = Buffer.from(base64, 'base64');
  if (piece.byteLength > maxBytes) throw new EngineError('too_large', 'A piece may have at most 512 KiB.');
  return piece;
}

/** A name that every file system takes and no shell minds. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').slice(-100);
  return `upload-${plain === '' ? 'file' : plain}`;
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC') {
      throw new EngineError('unavailable', 'The disk of the data folder is full. Make room, then send the file again.');
    }
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
      throw new EngineError('unavailable', `The data folder may not be written (${code}). Check its permissions.`);
    }
    throw error;
  }
}
