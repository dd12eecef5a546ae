import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { eveRecord, wazuhDocument } from '../../fixtures/alert-records.ts';
import { enter } from '../serve/hosts.ts';
import { runCli, startCli } from './cli-process.ts';

let root: string;
let dataDir: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evenwatch-handover-'));
  dataDir = join(root, 'data');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => end(child, 'SIGKILL')));
  rmSync(root, { recursive: true, force: true });
});

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}

interface Hub {
  child: ChildProcess;
  link: string;
  origin: string;
}

/** A server on the data folder, once it serves. */
async function startHub(...more: string[]): Promise<Hub> {
  // A command makes a workspace of one's own, where a server would begin with the sample.
  await runCli(['rejects', '--data', dataDir]);
  const child = startCli(['hub', '--listen', '127.0.0.1:0', '--data', dataDir, '--json', ...more], {
    env: { EVENWATCH_LOG: 'error' },
  });
  running.push(child);
  return new Promise((resolve, reject) => {
    let err = '';
    child.stderr?.on('data', (chunk) => {
      err += String(chunk);
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${err}`)));
    child.stdout?.once('data', (line) =>
      resolve({ child, ...(JSON.parse(String(line)) as { link: string; origin: string }) }),
    );
  });
}

const alerts = (n: number): string => {
  const path = join(root, `alerts-${n}.json`);
  const records = Array.from({ length: n }, (_, at) => ({ ...eveRecord(), flow_id: at + 1 }));
  writeFileSync(path, [...records, wazuhDocument()].map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
};

describe('a second process on one data folder', () => {
  it('hands its work over to the server, and answers the same as if it had done it', async () => {
    const hub = await startHub();
    const path = alerts(50);
    const first = await runCli(['ingest', path, '--data', dataDir, '--json']);
    expect(first.code, first.err).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ read: 51, stored: 51 });
    const piped = await runCli(['ingest', '-', '--data', dataDir, '--json'], {
      input: `${JSON.stringify(wazuhDocument())}\n`,
    });
    expect(JSON.parse(piped.out)).toMatchObject({ read: 1, stored: 0, duplicates: 1 });
    const through = await runCli(['queue', '--data', dataDir, '--json']);
    const refused = await runCli(['alert', 'grp_zzzzzz', '--data', dataDir]);
    expect(refused).toMatchObject({ code: 1, out: '' });

    expect(await end(hub.child, 'SIGTERM')).toBe(0);
    const direct = await runCli(['queue', '--data', dataDir, '--json']);
    expect(JSON.parse(through.out)).toEqual(JSON.parse(direct.out));
    expect(await runCli(['alert', 'grp_zzzzzz', '--data', dataDir])).toEqual(refused);
  }, 60_000);

  it('is refused by name when it is a second server', async () => {
    const hub = await startHub();
    const second = await runCli(['hub', '--listen', '127.0.0.1:0', '--data', dataDir]);
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err).toContain(`process ${hub.child.pid}`);
    expect(second.err).toMatch(/already works on.*--data DIR/);
  }, 60_000);

  it('gives out a new link that works once', async () => {
    const hub = await startHub();
    const { out } = await runCli(['hub', 'link', '--data', dataDir, '--json']);
    const { link } = JSON.parse(out) as { link: string };
    expect(link).not.toBe(hub.link);
    const cookie = await enter(link);
    expect((await fetch(`${hub.origin}/session`, { headers: { cookie } })).status).toBe(204);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401);
    expect((await enter(hub.link)).length).toBeGreaterThan(20);
  }, 60_000);

  it('hands its work over to a server on PostgreSQL', async ({ skip }) => {
    const serverUrl = inject('postgresUrl');
    if (serverUrl === null) return skip('no PostgreSQL server could be started');
    const url = new URL(serverUrl);
    url.pathname = `/hub_${process.pid}`;
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(`create database hub_${process.pid}`);
    await client.end();
    const hub = await startHub('--database', url.href);
    const ran = await runCli(['ingest', alerts(20), '--data', dataDir, '--json']);
    expect(ran.code, ran.err).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ read: 21, stored: 21 });
    const queue = await runCli(['queue', '--data', dataDir, '--json']);
    expect((JSON.parse(queue.out) as { total: number }).total).toBeGreaterThan(0);
    expect(await end(hub.child, 'SIGTERM')).toBe(0);
    const file = await runCli(['queue', '--data', dataDir, '--json']);
    expect(JSON.parse(file.out), 'the file of the folder stays as it was').toMatchObject({ total: 0 });
  }, 60_000);

  it('says that no server runs when there is none', async () => {
    const ran = await runCli(['hub', 'link', '--data', dataDir]);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/No server runs/) });
  });

  it('does the work itself when the server is killed under it, and nothing is lost or doubled', async () => {
    const hub = await startHub();
    const path = alerts(8_000);
    const ingest = runCli(['ingest', path, '--data', dataDir, '--json']);
    // Somewhere in the middle, as far as a test can aim: once the database grows.
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        const grown = statSync(join(dataDir, 'evenwatch.db-wal'), { throwIfNoEntry: false })?.size ?? 0;
        if (grown < 1_000_000) return;
        clearInterval(look);
        resolve();
      }, 5);
      void ingest.then(() => {
        clearInterval(look);
        resolve();
      });
    });
    await end(hub.child, 'SIGKILL');
    const ran = await ingest;
    expect(ran.code, ran.err).toBe(0);
    const report = JSON.parse(ran.out) as { read: number; stored: number; duplicates: number };
    expect(report.read).toBe(8_001);
    expect(report.stored + report.duplicates).toBe(8_001);
    const again = await runCli(['ingest', path, '--data', dataDir, '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ stored: 0, duplicates: 8_001 });
  }, 120_000);
});
