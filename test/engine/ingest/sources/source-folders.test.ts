import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  allowedPath,
  allowSourceFolder,
  inboxDir,
  sourceFolders,
} from '../../../../engine/ingest/sources/source-folders.ts';
import { makeFolder, removeFolders } from './delivery-setting.ts';

afterAll(removeFolders);

/** A home with a data folder, logs and something that is nobody's business, all of it real. */
function makeHome() {
  const home = makeFolder();
  const at = (...names: string[]) => join(home, ...names);
  for (const folder of ['data/inbox', 'data/secrets', 'logs', 'logs2', 'private'])
    mkdirSync(at(folder), { recursive: true });
  for (const file of ['data/inbox/a', 'data/secrets/source-1', 'data/evenwatch.db', 'logs/a', 'logs2/a', 'private/a'])
    writeFileSync(at(file), '{}\n');
  return { at, dataDir: at('data') };
}

const forbidden = expect.objectContaining({ code: 'forbidden' });

describe('where sources may read', () => {
  it('is the inbox, and what the machine’s owner allowed, with links followed first', async () => {
    const { at, dataDir } = makeHome();
    await allowSourceFolder(dataDir, at('logs'));
    await allowSourceFolder(dataDir, at('logs'));
    expect(await sourceFolders(dataDir)).toEqual([inboxDir(dataDir), at('logs')]);
    expect(await allowedPath(dataDir, at('logs/a'))).toBe(at('logs/a'));
    expect(await allowedPath(dataDir, at('logs/not-yet'))).toBe(at('logs/not-yet'));
    expect(await allowedPath(dataDir, at('data/inbox/a'))).toBe(at('data/inbox/a'));
    mkdirSync(at('logs/..odd'));
    expect(await allowedPath(dataDir, at('logs/..odd'))).toBe(at('logs/..odd'));
    for (const path of ['private/a', 'logs2/a', 'logs/../private/a', 'logs/..']) {
      await expect(allowedPath(dataDir, at(path))).rejects.toEqual(forbidden);
    }
    symlinkSync(at('private/a'), at('logs/link'));
    symlinkSync(at('private'), at('logs/folder'));
    for (const path of ['logs/link', 'logs/folder/a', 'logs/folder/not-yet']) {
      await expect(allowedPath(dataDir, at(path))).rejects.toEqual(forbidden);
    }
    await expect(allowedPath(dataDir, 'logs/a')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(allowedPath(dataDir, at('nowhere/a'))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is never the data folder itself, whatever around it was allowed', async () => {
    const { at, dataDir } = makeHome();
    await allowSourceFolder(dataDir, at());
    await allowSourceFolder(dataDir, at('data/secrets'));
    expect(await allowedPath(dataDir, at('private/a'))).toBe(at('private/a'));
    expect(await allowedPath(dataDir, at('data/inbox/a'))).toBe(at('data/inbox/a'));
    symlinkSync(at('data/secrets'), at('logs/keys'));
    symlinkSync(at('data/secrets/source-1'), at('data/inbox/key'));
    const inside = ['data', 'data/evenwatch.db', 'data/secrets/source-1', 'logs/keys/source-1', 'data/inbox/key'];
    for (const path of inside) await expect(allowedPath(dataDir, at(path))).rejects.toEqual(forbidden);
  });
});
