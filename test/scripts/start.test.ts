import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { enter } from '../engine/serve/hosts.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-start-'));
const running: ChildProcess[] = [];

interface Started {
  child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

function start(args: string[]): Started {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM, '--data', dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  running.push(child);
  let said = '';
  const keep = (chunk: unknown): void => {
    said += String(chunk);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return { child, said: () => said, ended: new Promise((resolve) => child.once('close', resolve)) };
}

function link(started: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(started.said());
      if (found !== null) resolve(found[0]);
    };
    started.child.stdout?.on('data', look);
    void started.ended.then((code) => reject(new Error(`It ended with ${code}: ${started.said()}`)));
  });
}

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

describe('npm start where there is no window to be had', () => {
  it('serves the interface with its scripts and styles to whoever has the link, and ends cleanly', async () => {
    const started = start(['--no-open', '--port', '0']);
    const address = await link(started);
    expect(started.said()).toMatch(/runs as a page and not in a window, because no window was asked for\./);
    const { origin } = new URL(address);
    const headers = { cookie: await enter(address) };
    const page = await fetch(origin, { headers });
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toMatch(/<div id="root">/);
    const files = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css'))).toBe(true);
    for (const path of files) expect((await fetch(`${origin}/${path}`, { headers })).status, path).toBe(200);
    const about = await fetch(`${origin}/api/workspace/get`, {
      method: 'POST',
      headers: { ...headers, origin, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await about.json()).toMatchObject({ isSample: true, canSwitchPerson: true });

    const second = start(['--no-open']);
    expect(await second.ended).toBe(1);
    expect(second.said()).toMatch(new RegExp(`process ${started.child.pid}\\) already works on`));

    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
  }, 120_000);

  it('says which option was meant', async () => {
    const started = start(['--porrt', '1']);
    expect(await started.ended).toBe(2);
    expect(started.said()).toMatch(/Did you mean --port\?/);
  });
});
