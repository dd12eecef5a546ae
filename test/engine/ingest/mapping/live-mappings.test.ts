import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EVERY_DEAD_LETTER } from '../../../../engine/store/sources.ts';
import { describeOnBothStores } from '../../../store/databases.ts';
import { listOpen, openSetting, type Setting, statementOf } from '../../engine-setting.ts';
import { person } from '../../seed.ts';

const ANA = person('ana', 'tier1');
const PATIENT = { timeout: 20_000, interval: 50 };
const EVERY = { ...EVERY_DEAD_LETTER, mayReadNow: false };

const mapping = (title: string, more = '') => `name: acme
label: Acme IDS
recognise: { has: acme.rule }
id: acme.id
fields: { time: at, title: ${title}, severity: { const: high }, hosts: acme.machine }
${more}`;
const GOOD = mapping('acme.rule');
const BROKEN = `${GOOD}reject: [\n`;

let folder = '';
let mappings = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenwatch-live-'));
  mappings = mkdtempSync(join(folder, 'mappings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (text: string, name = 'acme.yml') => writeFileSync(join(mappings, name), text);

function alertOf(id: string): object {
  return {
    acme: { id, rule: `Lateral move ${id}`, other: `Other ${id}`, machine: `srv-${id}` },
    at: '2026-03-01T10:00:00Z',
  };
}

function over(setting: Setting) {
  const { sources, queue, alert } = setting.engine.handlers;
  const as = setting.as(ANA);
  let files = 0;
  return {
    take: async (...ids: string[]) => {
      files += 1;
      setting.clock.atMs += 1_000;
      const path = join(folder, `alerts-${files}.json`);
      writeFileSync(path, ids.map((id) => `${JSON.stringify(alertOf(id))}\n`).join(''));
      return setting.engine.writer.ingest({ paths: [path], format: 'auto', isHistory: false, site: null });
    },
    later: () => {
      setting.clock.atMs += 1_000;
    },
    summary: () => sources.summary(as, {}),
    letters: () => sources.deadLetters(as, { filter: EVERY, cursor: null, limit: 50 }),
    readAgain: (mayReadNow = false) =>
      sources.readAgain(as, {
        statement: statementOf('letters.read_again'),
        ids: null,
        filter: { ...EVERY, mayReadNow },
        format: 'auto',
        text: null,
      }),
    titles: async () => (await listOpen(setting, ANA)).items.map(({ title }) => title).toSorted(),
    shown: async (title: string) => {
      const item = (await listOpen(setting, ANA)).items.find((one) => one.title === title);
      const { alerts } = await queue.get(as, { id: item?.id ?? 0 });
      return alert.get(as, { id: alerts[0]?.id ?? 0 });
    },
  };
}

describeOnBothStores('mapping files of an open workspace', (open) => {
  const opened: Setting[] = [];
  afterEach(async () => {
    for (const setting of opened.splice(0)) await setting.close();
  });
  async function start(more: Parameters<typeof openSetting>[1] = {}) {
    const { target } = await open();
    const again = async () => {
      const setting = await openSetting(target, { mappingsDirs: { own: mappings, program: null }, ...more });
      opened.push(setting);
      return setting;
    };
    return { setting: await again(), again };
  }

  it('reads again what a broken mapping left unread, once it is mended, without a restart', async () => {
    put(BROKEN);
    const { setting } = await start();
    const { take, later, summary, letters, readAgain, titles } = over(setting);
    expect(await take('a', 'b')).toMatchObject({ stored: 0, rejected: 2 });
    const [problem] = (await summary()).mappings.problems;
    expect(problem).toMatchObject({ file: 'acme.yml', level: 'error', line: 7, isOldInForce: false });
    expect(problem?.column).toBeGreaterThan(0);
    expect((await letters()).mayReadNow).toBeNull();
    expect(await readAgain()).toMatchObject({ changed: 0, left: 2 });

    later();
    put(GOOD);
    expect(await readAgain(true)).toMatchObject({ changed: 2, left: 0, report: { stored: 2, queued: 2 } });
    expect(await titles()).toEqual(['Lateral move a', 'Lateral move b']);
    expect((await summary()).mappings).toMatchObject({ inForce: [{ name: 'acme', file: 'acme.yml' }], problems: [] });
    const kept = await setting.store.read((db) => db.selectFrom('decision').select(['kind', 'summary']).execute());
    expect(kept.map(({ kind }) => kind)).toEqual(['mapping.load', 'letters.read_again']);
    expect(kept[0]?.summary).toBe('Mapping files read: new acme');
  });

  it('says which letters may be read now, and no longer when they were tried in vain', async () => {
    const { setting } = await start();
    const { take, later, letters, readAgain } = over(setting);
    await take('a', 'b');
    later();
    put(mapping('acme.rule', "reject: [{ when: { field: acme.id, equals: b }, why: 'b is no id' }]\n"));
    await setting.engine.mappings.look();
    expect((await letters()).mayReadNow).toMatchObject({
      count: 2,
      mappings: [{ label: 'Acme IDS', file: 'acme.yml' }],
    });
    later();
    expect(await readAgain(true)).toMatchObject({ changed: 1, left: 1 });
    const left = await letters();
    expect(left.mayReadNow).toBeNull();
    expect(left.items).toMatchObject([{ reason: 'invalid_record', message: 'b is no id' }]);
    later();
    put(GOOD);
    await setting.engine.mappings.look();
    expect((await letters()).mayReadNow).toMatchObject({ count: 1 });
  });

  it('leaves the old one in force while a file is broken, also over a restart', async () => {
    put(GOOD);
    const { setting, again } = await start();
    const first = over(setting);
    put(BROKEN);
    await setting.engine.mappings.look();
    expect(await first.take('a')).toMatchObject({ stored: 1 });
    expect((await first.summary()).mappings).toMatchObject({
      inForce: [{ name: 'acme' }],
      problems: [{ file: 'acme.yml', line: 7, isOldInForce: true }],
    });
    await setting.close();
    opened.length = 0;
    const later = over(await again());
    expect(await later.take('b')).toMatchObject({ stored: 1 });
    expect((await later.summary()).mappings.problems).toMatchObject([{ isOldInForce: true }]);
  });

  it('shows alerts by the changed mapping, and by the old one where the changed one reads them no longer', async () => {
    put(GOOD);
    const { setting } = await start();
    const { take, shown, later } = over(setting);
    await take('a', 'b');
    later();
    put(mapping('acme.other', "skip: [{ when: { field: acme.id, equals: b }, why: 'not wanted' }]\n"));
    await setting.engine.mappings.look();
    const a = await shown('Lateral move a');
    expect(JSON.stringify(a.fields)).toContain('Other a');
    const b = await shown('Lateral move b');
    expect(JSON.stringify(b.fields)).toContain('Lateral move b');
    expect(b.warnings[0]?.message).toContain('makes no alert of this record any more');

    rmSync(join(mappings, 'acme.yml'));
    await setting.engine.mappings.look();
    const gone = await shown('Lateral move b');
    expect(gone.alert).toMatchObject({ host: 'srv-b' });
    expect(gone.warnings[0]?.message).toContain('Its mapping was taken away');
    expect(await take('c')).toMatchObject({ stored: 0, rejected: 1 });
  });

  it('notices by itself what is added, changed and removed, and wakes open windows', async () => {
    const { setting } = await start({ tickEveryMs: 3_600_000 });
    const { summary, take } = over(setting);
    const inForce = async () => (await summary()).mappings.inForce.map(({ name }) => name);
    const seq = await setting.engine.changes.latestSeq();
    put(GOOD);
    await vi.waitFor(async () => expect(await inForce()).toEqual(['acme']), PATIENT);
    expect(await setting.engine.changes.latestSeq()).toBe(seq + 1);
    put(BROKEN);
    await vi.waitFor(async () => expect((await summary()).mappings.problems).toHaveLength(1), PATIENT);
    expect(await setting.engine.changes.latestSeq()).toBe(seq + 2);
    expect(await take('a')).toMatchObject({ stored: 1 });
    rmSync(join(mappings, 'acme.yml'));
    await vi.waitFor(async () => expect(await inForce()).toEqual([]), PATIENT);
    expect((await summary()).mappings.problems).toEqual([]);
  });

  it('keeps the last twenty versions of a mapping, and one that comes back as the row that it was', async () => {
    put(GOOD);
    const { setting } = await start();
    for (let i = 0; i < 25; i += 1) {
      setting.clock.atMs += 1_000;
      put(`${GOOD}# ${i}\n`);
      await setting.engine.mappings.look();
    }
    setting.clock.atMs += 1_000;
    put(`${GOOD}# 20\n`);
    await setting.engine.mappings.look();
    const rows = await setting.store.read((db) =>
      db.selectFrom('mapping_version').select(['text', 'until_ms']).orderBy('id').execute(),
    );
    expect(rows.filter(({ until_ms }) => until_ms === null).map(({ text }) => text)).toEqual([`${GOOD}# 20\n`]);
    expect(rows).toHaveLength(21);
    expect(new Set(rows.map(({ text }) => text)).size).toBe(21);
  });
});
