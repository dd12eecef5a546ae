import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takenError } from '../../../engine/bin/data-lock.ts';

const PROGRAM = fileURLToPath(new URL('./lock-process.ts', import.meta.url));
let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-lock-'));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => kill(child)));
  rmSync(dataDir, { recursive: true, force: true });
});

interface Said {
  kind: 'held' | 'taken';
  pid?: number;
  by?: { pid: number; role: 'desktop' | 'hub' | 'cli'; socket: string };
}

function claim(role: string): Promise<{ child: ChildProcess; said: Said }> {
  const child = spawn(process.execPath, [PROGRAM, dataDir, role], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`It ended with ${code} and said nothing.`)));
    child.stdout?.once('data', (line) => resolve({ child, said: JSON.parse(String(line)) as Said }));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended(child);
}

describe('the lock of a data folder', () => {
  it('tells the second process who holds it, and where to hand work over', async () => {
    const first = await claim('hub');
    const second = await claim('hub');
    expect(first.said.kind).toBe('held');
    expect(second.said).toMatchObject({ kind: 'taken', by: { pid: first.said.pid, role: 'hub' } });
    const socket = second.said.by?.socket ?? '';
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const answer = await new Promise((resolve) => connect(socket).on('data', (chunk) => resolve(String(chunk))));
    expect(answer).toBe('hello\n');
  });

  it('is gone, socket and all, when the holder ends', async () => {
    const first = await claim('hub');
    first.child.stdin?.end();
    await ended(first.child);
    expect(readdirSync(dataDir)).toEqual([]);
    expect((await claim('desktop')).said.kind).toBe('held');
  });

  it('is taken over from a process that was killed', async () => {
    const first = await claim('hub');
    await kill(first.child);
    expect(existsSync(join(dataDir, 'evenwatch.lock'))).toBe(true);
    const second = await claim('hub');
    expect(second.said.kind).toBe('held');
    expect(JSON.parse(readFileSync(join(dataDir, 'evenwatch.lock'), 'utf8'))).toMatchObject({ pid: second.said.pid });
    expect((await claim('cli')).said.kind).toBe('taken');
  });

  it.each(['', '{', '{"pid":1}', '\u0000'.repeat(100)])('is taken over when it reads %j', async (text) => {
    writeFileSync(join(dataDir, 'evenwatch.lock'), text);
    expect((await claim('hub')).said.kind).toBe('held');
  });

  it('is taken over when its process id belongs to another program by now', async () => {
    writeFileSync(
      join(dataDir, 'evenwatch.lock'),
      JSON.stringify({ pid: process.pid, role: 'hub', socket: join(dataDir, 'gone.sock') }),
    );
    expect((await claim('hub')).said.kind).toBe('held');
  });

  it('has one holder when many processes want to take over at once', async () => {
    writeFileSync(
      join(dataDir, 'evenwatch.lock'),
      JSON.stringify({ pid: 1, role: 'hub', socket: join(dataDir, 'gone.sock') }),
    );
    const all = await Promise.all(Array.from({ length: 6 }, () => claim('cli')));
    const holders = all.filter(({ said }) => said.kind === 'held');
    expect(holders).toHaveLength(1);
    for (const { said } of all) if (said.kind === 'taken') expect(said.by?.pid).toBe(holders[0]?.said.pid);
  });

  it('says by name who holds it, and what to do', () => {
    const error = takenError('/data', { pid: 42, role: 'desktop', socket: '' });
    expect(error.code).toBe('conflict');
    expect(error.message).toMatch(/desktop \(process 42\).*\/data.*--data DIR/);
  });
});
