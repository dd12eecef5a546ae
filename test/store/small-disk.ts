import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  path: string;
  /** Takes all room but this many bytes. */
  fill(leaveBytes?: number): void;
  /** Gives the room back. */
  free(): void;
  remove(): void;
}

/** A real file system of its own with little room; null where this process may not mount one. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'evenwatch-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
  const ballast = join(path, 'ballast');
  const free = () => rmSync(ballast, { force: true });
  return {
    path,
    free,
    fill: (leaveBytes = 0) => {
      free();
      const reserved = join(path, 'reserved');
      if (leaveBytes > 0) writeUntilFull(reserved, leaveBytes);
      writeUntilFull(ballast, Number.POSITIVE_INFINITY);
      rmSync(reserved, { force: true });
    },
    remove: () => {
      execFileSync('umount', ['-l', path], { stdio: 'ignore' });
      rmSync(path, { recursive: true });
    },
  };
}

function writeUntilFull(path: string, bytesMax: number): void {
  const page = Buffer.alloc(4096);
  const file = openSync(path, 'w');
  try {
    for (let written = 0; written < bytesMax; ) {
      const bytes = writeSync(file, page, 0, Math.min(page.length, bytesMax - written));
      written += bytes;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}
