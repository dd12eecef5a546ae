import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as workerThreads from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { inboxDir } from '../../../../engine/ingest/sources/source-folders.ts';
import type { ToWriter } from '../../../../engine/writer-messages.ts';
import { sourceDraftSchema } from '../../../../shared/model/source.ts';
import { LEA, openSetting, type Setting, statementOf } from '../../engine-setting.ts';
import { bundleHost, type HostBundle } from './killed-bundle.ts';
import { alertLine, titleOf } from './killed-senders.ts';
import { connected, eventually } from './source-setting.ts';

/** Called with each delivery of records, once the thread of the writer has it. */
const posted = vi.hoisted(() => ({ onDelivery: (_worker: workerThreads.Worker): void => {} }));

vi.mock('node:worker_threads', async (original) => {
  const threads = await original<typeof workerThreads>();
  class WatchedWorker extends threads.Worker {
    override postMessage(message: ToWriter): void {
      super.postMessage(message);
      if (message.call === 'deliver' && message.delivery.records !== null) posted.onDelivery(this);
    }
  }
  return { ...threads, Worker: WatchedWorker };
});

const RECORDS = 1_500;
/** Deliveries during which the writer's thread is ended: the first, two in a row, and later ones. */
const ENDED_DURING = [1, 3, 4, 8];
const SLICES = 12;

let bundle: HostBundle;
beforeAll(async () => {
  bundle = await bundleHost();
});
afterAll(() => bundle.remove());

const folders: string[] = [];
afterEach(() => {
  posted.onDelivery = () => {};
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function add(setting: Setting, name: string, settings: object) {
  const { sources } = setting.engine.handlers;
  const draft = sourceDraftSchema.parse({ name, settings });
  const input = { statement: statementOf('source.save'), id: null, version: null, draft, secret: null };
  const saved = await sources.save(setting.as(LEA), input);
  return async () => {
    const found = (await sources.list(setting.as(LEA), {})).find(({ source }) => source.id === saved.id);
    if (found === undefined) throw new Error('The source is gone');
    return found.health;
  };
}

async function titles({ store }: Setting): Promise<string[]> {
  const rows = await store.read((db) => db.selectFrom('alert').select('title').execute());
  return rows.map(({ title }) => title).toSorted();
}

/** Ends the writer's thread a few milliseconds after it was given some of the deliveries; answers how often so far. */
function endWriterDuring(deliveries: readonly number[]): () => number {
  let given = 0;
  let ended = 0;
  posted.onDelivery = (worker) => {
    given += 1;
    if (!deliveries.includes(given)) return;
    ended += 1;
    // Before it begins, while it parses, in the transaction: whatever it has come to by then.
    setTimeout(() => void worker.terminate(), given * 2);
  };
  return () => ended;
}

async function openOnThread(): Promise<{ setting: Setting; dataDir: string }> {
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'evenwatch-writer-killed-')));
  folders.push(dataDir);
  mkdirSync(inboxDir(dataDir));
  const workerUrl = bundle.writerUrl;
  const target = { kind: 'sqlite' as const, path: join(dataDir, 'evenwatch.db') };
  return {
    setting: await openSetting(target, { dataDir, writer: { kind: 'worker', workerUrl }, runsSources: true }),
    dataDir,
  };
}

const slices = (name: string) => {
  const lines = Array.from({ length: RECORDS }, (_, n) => `${alertLine(name, n)}\n`);
  const size = Math.ceil(RECORDS / SLICES);
  return Array.from({ length: SLICES }, (_, at) => lines.slice(at * size, (at + 1) * size).join(''));
};
const expected = (name: string) => Array.from({ length: RECORDS }, (_, n) => titleOf(name, n)).toSorted();

it('stores each line of a followed file once when the thread of the writer ends in the middle of deliveries', async () => {
  const { setting, dataDir } = await openOnThread();
  try {
    const path = join(inboxDir(dataDir), 'eve.json');
    appendFileSync(path, '');
    const health = await add(setting, 'Sensor', { kind: 'file', path, fromStart: true });
    const ended = endWriterDuring(ENDED_DURING);
    for (const slice of slices('tail')) {
      const before = (await health().catch(() => null))?.counts.read ?? 0;
      appendFileSync(path, slice);
      await eventually(async () => expect((await health()).counts.read).toBeGreaterThan(before));
    }
    await eventually(async () => expect(await titles(setting)).toEqual(expected('tail')));
    expect(ended()).toBe(ENDED_DURING.length);
    await eventually(async () => expect((await health()).problem).toBeNull());
  } finally {
    await setting.close();
  }
});

it('stores each message over TCP once when the thread of the writer ends in the middle of deliveries', async () => {
  const { setting } = await openOnThread();
  try {
    const settings = { kind: 'syslog', transport: 'tcp', host: '127.0.0.1', port: 0 };
    const health = await add(setting, 'Relay', settings);
    await eventually(async () => expect((await health()).listensOn).not.toBeNull());
    const socket = await connected(Number((await health()).listensOn?.split(':').at(-1)));
    const ended = endWriterDuring(ENDED_DURING);
    // One connection, which the sender never has a reason to send again on.
    for (const slice of slices('tcp')) {
      const before = (await health()).counts.read;
      socket.write(slice);
      await eventually(async () => expect((await health()).counts.read).toBeGreaterThan(before));
    }
    expect(socket.destroyed).toBe(false);
    await eventually(async () => expect(await titles(setting)).toEqual(expected('tcp')));
    expect(ended()).toBe(ENDED_DURING.length);
    socket.end();
  } finally {
    await setting.close();
  }
});
