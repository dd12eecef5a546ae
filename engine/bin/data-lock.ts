import { createHash } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../shared/model/errors.ts';
import { EVENWATCH } from './called-by-npm.ts';

/** What kind of process holds a data folder. */
export const LOCK_ROLES = ['desktop', 'hub', 'cli'] as const;
export type LockRole = (typeof LOCK_ROLES)[number];

const lockSchema = z.object({ pid: z.number().int(), role: z.enum(LOCK_ROLES), socket: z.string() });
export type LockHolder = z.infer<typeof lockSchema>;

export interface DataLock {
  kind: 'held';
  /** Every connection that another process makes to hand over work. */
  onConnection(listener: (socket: Socket) => void): void;
  release(): Promise<void>;
}

export type LockResult = DataLock | { kind: 'taken'; by: LockHolder };

const LOCK_NAME = 'evenwatch.lock';
const GUARD_NAME = 'evenwatch.lock.takeover';
/** Somebody who takes over a stale lock needs a moment; who needs longer has died. */
const GUARD_LIFE_MS = 10_000;
const ATTEMPTS_MAX = 50;
const PAUSE_MS = 100;
/** Unix socket addresses end at 104 to 108 bytes. */
const SOCKET_PATH_MAX = 100;

function socketPath(dataDir: string): string {
  const name = createHash('sha256').update(`${dataDir} ${process.pid}`).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\evenwatch-${name}`;
  const beside = join(dataDir, `engine-${process.pid}.sock`);
  return Buffer.byteLength(beside) <= SOCKET_PATH_MAX ? beside : join(tmpdir(), `evenwatch-${name}.sock`);
}

function readLock(path: string): LockHolder | null {
  try {
    const parsed = lockSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** True when somebody answers on the socket. A process id alone proves nothing: it may be another program's by now. */
function isAlive(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(socket);
    probe.setTimeout(2_000);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    // Nobody is there, or nothing is; any other error leaves doubt, and then the lock stands.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(!['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')),
    );
    probe.once('timeout', () => {
      probe.destroy();
      resolve(true);
    });
  });
}

function listenOn(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    if (process.platform !== 'win32') rmSync(path, { force: true });
    const server = createServer();
    server.once('error', reject);
    // The mode must be right from the first moment, not after a chmod.
    const umask = process.umask(0o177);
    server.listen(path, () => {
      if (process.platform !== 'win32') chmodSync(path, 0o600);
      resolve(server);
    });
    process.umask(umask);
  });
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Claims the right to remove a stale lock; null while another process has it. */
function takeGuard(path: string, nowMs: number): { release(): void } | null {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return { release: () => rmSync(path, { force: true }) };
  } catch {
    try {
      if (nowMs - statSync(path).mtimeMs > GUARD_LIFE_MS) rmSync(path, { force: true });
    } catch {
      // It went away by itself.
    }
    return null;
  }
}

/** Puts a lock file in place in one step, so that nobody ever reads half of one. False when there is one. */
function placeLock(lockPath: string, holder: LockHolder): boolean {
  const draft = `${lockPath}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(draft, lockPath);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Claims the data folder for this process. A lock whose process is gone is taken over; one that lives is named in the
 * answer, with the socket (mode 0600) that takes work. Throws EngineError when the folder cannot be written.
 */
export async function acquireDataLock(dataDir: string, role: LockRole, nowMs: () => number): Promise<LockResult> {
  const lockPath = join(dataDir, LOCK_NAME);
  const holder: LockHolder = { pid: process.pid, role, socket: socketPath(dataDir) };
  let server: Server | null = null;
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const current = readLock(lockPath);
      if (current !== null && (await isAlive(current.socket))) {
        if (server !== null) await closeServer(server, holder.socket);
        return { kind: 'taken', by: current };
      }
      // It listens before the lock says so, or a lock would look stale while its process starts.
      server ??= await listenOn(holder.socket);
      if (tryPlace(lockPath, join(dataDir, GUARD_NAME), holder, current, nowMs()))
        return heldLock(lockPath, holder, server);
      await pause();
    }
  } catch (error) {
    if (server !== null) await closeServer(server, holder.socket);
    throw new EngineError('unavailable', whyNotLocked(dataDir, error));
  }
  if (server !== null) await closeServer(server, holder.socket);
  throw new EngineError('unavailable', `The data folder ${dataDir} could not be locked. Try again.`);
}

function whyNotLocked(dataDir: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return `The data folder ${dataDir} may not be written (${code}). Check its permissions, or name another one with --data DIR.`;
  }
  if (code === 'ENOSPC') return `The disk of the data folder ${dataDir} is full. Make room and run this again.`;
  return `The data folder ${dataDir} cannot be locked: ${error instanceof Error ? error.message : String(error)}.`;
}

function tryPlace(
  lockPath: string,
  guardPath: string,
  holder: LockHolder,
  stale: LockHolder | null,
  nowMs: number,
): boolean {
  if (placeLock(lockPath, holder)) return true;
  const guard = takeGuard(guardPath, nowMs);
  if (guard === null) return false;
  try {
    const now = readLock(lockPath);
    // Another process may have been faster; then its lock stands.
    if (now !== null && (stale === null || now.pid !== stale.pid || now.socket !== stale.socket)) return false;
    rmSync(lockPath, { force: true });
    if (now !== null && process.platform !== 'win32' && now.socket !== holder.socket)
      rmSync(now.socket, { force: true });
    return placeLock(lockPath, holder);
  } finally {
    guard.release();
  }
}

function closeServer(server: Server, path: string): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if (process.platform !== 'win32') rmSync(path, { force: true });
  });
}

function heldLock(lockPath: string, holder: LockHolder, server: Server): DataLock {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  const waiting: Socket[] = [];
  const early = (socket: Socket): void => void waiting.push(socket);
  server.on('connection', early);
  return {
    kind: 'held',
    onConnection(listener) {
      server.off('connection', early);
      server.on('connection', listener);
      for (const socket of waiting.splice(0)) listener(socket);
    },
    async release() {
      const current = readLock(lockPath);
      if (current?.pid === holder.pid && current.socket === holder.socket) rmSync(lockPath, { force: true });
      for (const socket of open) socket.destroy();
      await closeServer(server, holder.socket);
    },
  };
}

const ROLE_WORDS: Readonly<Record<LockRole, string>> = {
  desktop: 'The Evenwatch desktop',
  hub: 'An Evenwatch server',
  cli: 'An Evenwatch command',
};

/** For a desktop or a server that finds its folder taken: who has it, and what to do. */
export function takenError(dataDir: string, by: LockHolder): EngineError {
  const todo =
    by.role === 'cli'
      ? 'Wait until it has ended'
      : `Close it first, or open the one that runs (a new link: ${EVENWATCH} hub link)`;
  return new EngineError(
    'conflict',
    `${ROLE_WORDS[by.role]} (process ${by.pid}) already works on ${dataDir}. ${todo}, or name another folder with --data DIR.`,
  );
}
