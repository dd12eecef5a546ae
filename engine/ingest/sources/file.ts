import { createReadStream } from 'node:fs';
import { access, constants, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What keeps a path from being read, with what to do about it. */
export interface FileProblem {
  path: string;
  message: string;
}

/** Files of a directory that hold alerts, by name: rotated logs (`eve.json.1`, `alerts.json.2.gz`) belong to them. */
const ALERT_FILE = /\.(?:json|jsonl|ndjson|log)(?:\.\d+)?(?:[-.]\d{4}-?\d\d-?\d\d)?(?:\.gz)?$|\.gz$/i;
const CHUNK_BYTES = 256 * 1024;
/** What stands for standard input on a command line. */
export const STANDARD_INPUT = '-';

/**
 * The files that the given paths come to, in the order given. A directory stands for the alert files directly in it
 * (*.json, *.jsonl, *.ndjson, *.log, rotated and gzipped ones too), by name; directories in it are left alone.
 */
export async function listAlertFiles(paths: readonly string[]): Promise<{ files: string[]; problems: FileProblem[] }> {
  const files: string[] = [];
  const problems: FileProblem[] = [];
  const add = (path: string): void => {
    if (!files.includes(path)) files.push(path);
  };
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      add(path);
      continue;
    }
    try {
      const found = await stat(path);
      if (found.isDirectory()) await listDirectory(path, add, problems);
      else {
        await access(path, constants.R_OK);
        add(path);
      }
    } catch (error) {
      problems.push({ path, message: fileProblem(error) });
    }
  }
  return { files, problems };
}

async function listDirectory(path: string, add: (file: string) => void, problems: FileProblem[]): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && ALERT_FILE.test(entry.name))
    .map((entry) => entry.name);
  if (names.length === 0) {
    const message =
      'it is a directory without alert files (*.json, *.jsonl, *.ndjson, *.log, *.gz); name the files themselves';
    problems.push({ path, message });
  }
  for (const name of names.sort()) {
    const file = join(path, name);
    try {
      if (!(await stat(file)).isFile()) continue;
      await access(file, constants.R_OK);
      add(file);
    } catch (error) {
      problems.push({ path: file, message: fileProblem(error) });
    }
  }
}

/** The end of the sentence "could not read PATH: …". */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'there is no such file; check the path';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it; allow it for the account that runs this';
  if (code === 'EISDIR') return 'it is a directory; name the files in it';
  if (code === 'ENOTDIR') return 'a part of the path is a file and no directory; check the path';
  if (code === 'EMFILE' || code === 'ENFILE') return 'too many files are open; close some or raise the limit';
  return error instanceof Error ? error.message : String(error);
}

/** The bytes of a file from its start through one piece of memory: each chunk is good until the next is asked for. */
export async function* readAlertFile(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  try {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** The bytes of a file from its start, or of standard input for `-`. Fails while it is read, not when it is called. */
export async function* openAlertFile(path: string): AsyncGenerator<Uint8Array> {
  const stream = path === STANDARD_INPUT ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
}
