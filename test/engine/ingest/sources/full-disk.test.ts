import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { inboxDir } from '../../../../engine/ingest/sources/source-folders.ts';
import { sourceDraftSchema } from '../../../../shared/model/source.ts';
import { mountSmallDisk, type SmallDisk } from '../../../store/small-disk.ts';
import { LEA, openSetting, type Setting, statementOf } from '../../engine-setting.ts';
import { alertLine, titleOf } from './killed-senders.ts';
import { eventually } from './source-setting.ts';

const probe = mountSmallDisk(1);
probe?.remove();
if (probe === null)
  console.warn('Skipped: a full disk under sources, because no small file system may be mounted here');

const BATCH = 200;
/** By then every room that was set aside in the files of the database is used up. */
const BATCHES_MAX = 100;

async function add(setting: Setting, name: string, settings: object) {
  const { sources } = setting.engine.handlers;
  const draft = sourceDraftSchema.parse({ name, settings });
  const input = { statement: statementOf('source.save'), id: null, version: null, draft, secret: null };
  const saved = await sources.save(setting.as(LEA), input);
  const health = async () => {
    const found = (await sources.list(setting.as(LEA), {})).find(({ source }) => source.id === saved.id);
    if (found === undefined) throw new Error('The source is gone');
    return found.health;
  };
  return { health, token: saved.token ?? '' };
}

const lines = (name: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${alertLine(name, from + i)}\n`).join('');
const titlesOf = (name: string, count: number) => Array.from({ length: count }, (_, n) => titleOf(name, n));

async function titles({ store }: Setting): Promise<string[]> {
  const rows = await store.read((db) => db.selectFrom('alert').select('title').execute());
  return rows.map(({ title }) => title).toSorted();
}

describe.skipIf(probe === null)('a disk that is full under sources and gets room again', () => {
  const disks: SmallDisk[] = [];
  const folders: string[] = [];
  afterEach(() => {
    for (const disk of disks.splice(0)) disk.remove();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  async function openOnSmallDisk() {
    const disk = mountSmallDisk(48);
    if (disk === null) throw new Error('The disk could be mounted a moment ago');
    disks.push(disk);
    // What is read lies on another disk, which has room.
    const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'evenwatch-full-disk-')));
    folders.push(dataDir);
    mkdirSync(inboxDir(dataDir));
    const target = { kind: 'sqlite' as const, path: join(disk.path, 'evenwatch.db') };
    return { disk, dataDir, setting: await openSetting(target, { dataDir, runsSources: true }) };
  }

  it('answers a push with 503, and stores the same events once when they are sent again', async () => {
    const { disk, setting } = await openOnSmallDisk();
    try {
      const { health, token } = await add(setting, 'Push', { kind: 'http', host: '127.0.0.1', port: 0 });
      await eventually(async () => expect((await health()).listensOn).not.toBeNull());
      const url = `http://${(await health()).listensOn}/v1/alerts`;
      const push = async (batch: number) => {
        const body = lines('http', batch * BATCH, BATCH);
        const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
        return { status: answer.status, wait: answer.headers.get('retry-after'), text: await answer.text() };
      };
      expect(await push(0)).toMatchObject({ status: 200 });
      disk.fill();
      let batch = 1;
      let answer = await push(batch);
      while (answer.status === 200 && batch < BATCHES_MAX) {
        batch += 1;
        answer = await push(batch);
      }
      expect(answer).toMatchObject({ status: 503, wait: expect.stringMatching(/^\d+$/) });
      expect(await push(batch)).toMatchObject({ status: 503 });
      // All that was acknowledged, and nothing of what was not.
      expect(await titles(setting)).toEqual(titlesOf('http', batch * BATCH).toSorted());
      disk.free();
      expect(await push(batch)).toMatchObject({ status: 200 });
      expect(await push(batch)).toMatchObject({ status: 200 });
      expect(await titles(setting)).toEqual(titlesOf('http', (batch + 1) * BATCH).toSorted());
      expect(await health()).toMatchObject({ counts: { duplicates: BATCH, rejected: 0 } });
    } finally {
      await setting.close();
    }
  });

  it('lets a followed file wait, and goes on by itself where it was', async () => {
    const { disk, dataDir, setting } = await openOnSmallDisk();
    try {
      const path = join(inboxDir(dataDir), 'eve.json');
      writeFileSync(path, lines('tail', 0, BATCH));
      const { health } = await add(setting, 'Sensor', { kind: 'file', path, fromStart: true });
      await eventually(async () => expect((await titles(setting)).length).toBe(BATCH));
      disk.fill();
      let count = BATCH;
      const isHeld = async () => (await health()).state === 'held';
      for (let batch = 1; batch < BATCHES_MAX && !(await isHeld()); batch += 1) {
        appendFileSync(path, lines('tail', count, BATCH));
        count += BATCH;
        await eventually(async () => {
          if (!(await isHeld())) expect((await titles(setting)).length).toBe(count);
        });
      }
      expect(await isHeld()).toBe(true);
      const stored = (await titles(setting)).length;
      expect(stored).toBeLessThan(count);
      // What is written and rotated away meanwhile waits too.
      appendFileSync(path, lines('tail', count, BATCH));
      count += BATCH;
      expect((await titles(setting)).length).toBe(stored);
      disk.free();
      await eventually(async () => expect(await titles(setting)).toEqual(titlesOf('tail', count).toSorted()));
      await eventually(async () => expect((await health()).state).toBe('running'));
    } finally {
      await setting.close();
    }
  });
});
