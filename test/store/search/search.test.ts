import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { searchTextBy } from '../../../engine/ingest/pipeline-search.ts';
import { openSearch } from '../../../engine/store/search/open-search.ts';
import type { Search } from '../../../engine/store/search/search.ts';
import { documentWords, searchTerms } from '../../../engine/store/search/tokens.ts';
import { eve, settingOn } from '../../engine/ingest/pipeline-setting.ts';
import { describeOnBothStores, type OpenedStore, quiet } from '../databases.ts';

async function searchOf({ store, target }: OpenedStore): Promise<Search> {
  return openSearch({ store, target, textOf: searchTextBy(BUILT_IN), log: quiet });
}

async function catchUp(search: Search): Promise<void> {
  while ((await search.catchUp(2)) > 0);
}

const http = (hostname: string) => ({ extra: { http: { hostname, url: '/login.php', http_method: 'GET' } } });

describeOnBothStores('search', (open) => {
  it('finds groups by words, addresses and domains, and says how far behind it is', async () => {
    const opened = await open();
    const { take } = settingOn(opened.store);
    await take([
      eve({ flow: 1, signature: 'ET MALWARE Cobalt-Strike Beacon', source: '10.1.2.3' }),
      eve({ flow: 2, sid: 2, signature: 'Anomalie im Büro Zürich', source: '10.1.2.30', ...http('www.evil.example') }),
      eve({ flow: 3, sid: 2, signature: 'Anomalie im Büro Zürich', source: '10.1.2.30' }),
    ]);
    const search = await searchOf(opened);
    expect(await search.lag()).toBe(3);
    expect(await search.query('beacon', { limit: 10 })).toEqual([]);
    await catchUp(search);
    expect(await search.lag()).toBe(0);
    const find = (text: string) => search.query(text, { limit: 10 });
    expect(await find('beacon')).toEqual([1]);
    expect(await find('malw')).toEqual([1]);
    expect(await find('malw cobalt-strike')).toEqual([]);
    expect(await find('strike malware')).toEqual([1]);
    expect(await find('10.1.2.3 ')).toEqual([1]);
    expect(await find('10.1.2.3')).toEqual([2, 1]);
    expect(await find('"10.1.2.3"')).toEqual([1]);
    expect(await find('evil.example')).toEqual([2]);
    expect(await find('zurich BÜRO')).toEqual([2]);
    expect(await find('"im büro"')).toEqual([2]);
    expect(await find('"büro im"')).toEqual([]);
    expect(await find('beacon zürich')).toEqual([]);
    expect(await search.query('et', { limit: 1 })).toHaveLength(1);
    await search.close();
  });

  it('finds the changed content of an alert', async () => {
    const opened = await open();
    const { take } = settingOn(opened.store);
    const search = await searchOf(opened);
    await take([eve({ flow: 1 })]);
    await catchUp(search);
    await take([eve({ flow: 1, ...http('later.example') })]);
    expect(await search.lag()).toBe(1);
    await catchUp(search);
    expect(await search.query('later.example', { limit: 5 })).toEqual([1]);
    await search.close();
  });

  it('never fails for what was typed', async () => {
    const opened = await open();
    await settingOn(opened.store).take([eve({ signature: `O'Reilly \\ "quoted" AND (near*) :col` })]);
    const search = await searchOf(opened);
    await catchUp(search);
    const hostile = [
      '"',
      '*',
      "'",
      'AND',
      'a AND OR',
      'NEAR(a b)',
      'body:x',
      '^x',
      '-x',
      '(((',
      '\\',
      "''",
      ':*',
      '\u0000',
      '🙈',
      '\ud800',
    ];
    for (const text of hostile) expect(Array.isArray(await search.query(text, { limit: 5 }))).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        await search.query(text, { limit: 5 });
      }),
      { numRuns: 60 },
    );
    expect(await search.query("o'reilly near", { limit: 5 })).toEqual([1]);
    await search.close();
  });
});

describeOnBothStores('a search index', (open) => {
  it('is made again when it is gone, damaged or of another workspace', async () => {
    const opened = await open();
    const { take } = settingOn(opened.store);
    await take([eve({ signature: 'needle' })]);
    const first = await searchOf(opened);
    await catchUp(first);
    await first.close();
    if (opened.target.kind === 'postgres') return;
    const path = join(dirname(opened.target.path), 'search.db');
    const breaks = [() => rmSync(path), () => writeFileSync(path, 'no database at all, but long enough to look')];
    for (const breakIt of breaks) {
      breakIt();
      rmSync(`${path}-wal`, { force: true });
      const search = await searchOf(opened);
      expect(await search.lag()).toBe(1);
      await catchUp(search);
      expect(await search.query('needle', { limit: 5 })).toEqual([1]);
      await search.close();
    }
  });
});

describe('words', () => {
  it('of a document are whole, and after them in parts', () => {
    expect(documentWords('DC01.corp.example\\Ana: "x"')).toEqual([
      'dc01.corp.example',
      'ana',
      'x',
      'dc01',
      'corp',
      'corp.example',
      'example',
    ]);
  });

  it('typed in quotes are exact, and only the last bare word may go on', () => {
    expect(searchTerms('cmd.exe "net user" Adm')).toEqual([
      { words: ['cmd.exe'], isPrefix: false },
      { words: ['net', 'user'], isPrefix: false },
      { words: ['adm'], isPrefix: true },
    ]);
    expect(searchTerms('adm ')).toEqual([{ words: ['adm'], isPrefix: false }]);
    expect(searchTerms('  ')).toEqual([]);
  });
});
