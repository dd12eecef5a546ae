import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { WorkerWriter } from '../../engine/writer-client.ts';
import { quiet } from '../store/databases.ts';
import { RESOURCES } from './engine-setting.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A worker that speaks the writer's messages, answers `ok`, and dies when it is told to. */
const MORTAL = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', (message) => {
  if (message.name === 'die') process.exit(7);
  if (message.name !== 'hang') parentPort.postMessage({ kind: 'answer', id: message.id, value: 'ok' });
  if (message.call === 'close') parentPort.close();
});
parentPort.postMessage({ kind: 'ready' });
`;

function workerFile(code: string): URL {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-worker-'));
  folders.push(folder);
  const path = join(folder, 'worker.mjs');
  writeFileSync(path, code);
  return pathToFileURL(path);
}

const system = { kind: 'system', id: 'test' } as const;
const options = { target: { kind: 'sqlite', path: '/nowhere.db' }, resourcesDir: RESOURCES, rulesDirs: [] } as const;

it('fails what was not answered when its thread dies, and starts another', async () => {
  const restarted = Promise.withResolvers<void>();
  const writer = await WorkerWriter.open({
    options,
    workerUrl: workerFile(MORTAL),
    log: quiet,
    onRestart: () => restarted.resolve(),
  });
  expect(await writer.run('anything', {}, system)).toBe('ok');
  const hanging = writer.run('hang', {}, system);
  const dying = writer.run('die', {}, system);
  await expect(hanging).rejects.toMatchObject({ code: 'unavailable' });
  await expect(dying).rejects.toMatchObject({ code: 'unavailable' });
  await expect(writer.run('anything', {}, system)).rejects.toMatchObject({ code: 'unavailable' });
  await restarted.promise;
  expect(await writer.run('anything', {}, system)).toBe('ok');
  await writer.close();
});

it('says what kept it from opening the workspace', async () => {
  const opening = WorkerWriter.open({
    options: { ...options, target: { kind: 'sqlite', path: '/no/such/folder/evenwatch.db' } },
    workerUrl: new URL('../../engine/writer-worker.ts', import.meta.url),
    log: quiet,
  });
  await expect(opening).rejects.toMatchObject({ code: 'not_found', message: /does not exist/ });
});
