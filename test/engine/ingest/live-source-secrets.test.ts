import { expect, test } from 'vitest';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { liveSourceCommands } from '../../../engine/ingest/live-source-commands.ts';
import { liveSourceHandlers } from '../../../engine/ingest/live-source-handlers.ts';
import { sourceTestHandler } from '../../../engine/ingest/source-test-handler.ts';
import type { StartSource } from '../../../engine/ingest/sources/live-source.ts';
import { SourceRunner } from '../../../engine/ingest/sources/source-runner.ts';
import { replacePeople } from '../../../engine/store/people.ts';
import type { Store } from '../../../engine/store/store.ts';
import { sourceDraftSchema } from '../../../shared/model/source.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { statement } from '../command-context.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person } from '../seed.ts';

const LEA = person('lea', 'lead', { roles: ['lead'] });
const NOW = Date.UTC(2026, 10, 21, 12);
const OURS = 'https://search.example:9200';

const draftFor = (url: string, auth: 'api_key' | 'none' = 'api_key') =>
  sourceDraftSchema.parse({ name: 'Index', settings: { kind: 'elasticsearch', url, index: 'alerts', auth } });

async function setUp(store: Store) {
  await store.write((tx) => replacePeople(tx, [LEA]));
  const kept = new Map<string, string>();
  /** What each start found: the address, and the secret that would go there. */
  const started: [string, string | null][] = [];
  const start: StartSource = async ({ source, secret }) => {
    const { settings } = source;
    started.push([settings.kind === 'elasticsearch' ? settings.url : '', await secret()]);
    return { stop: async () => {} };
  };
  const { deps } = benchFor(store, NOW, [liveSourceCommands()]);
  const ports = {
    ...deps.ports,
    secrets: {
      get: async (name: string) => kept.get(name) ?? null,
      set: async (name: string, value: string) => void (value === '' ? kept.delete(name) : kept.set(name, value)),
    },
  };
  const starters = { elasticsearch: start };
  const runner = new SourceRunner({ ...deps, ports, dataDir: '/nowhere', starters });
  const all = { ...deps, ports, formats: BUILT_IN, dataDir: '/nowhere', runner, starters };
  const handlers = { ...liveSourceHandlers(all), ...sourceTestHandler(all) };
  let version = 0;
  const save = async (url: string, more: { secret?: string; id?: number; auth?: 'api_key' | 'none' } = {}) => {
    const answer = await handlers.save(callBy(LEA), {
      statement: statement('source.save'),
      id: more.id ?? null,
      version: more.id === undefined ? null : version,
      draft: draftFor(url, more.auth),
      secret: more.secret ?? null,
    });
    version += 1;
    return answer.id;
  };
  const test = (url: string, id: number) =>
    handlers.test(callBy(LEA), { draft: draftFor(url), id, secret: null, sample: null, waitSeconds: 1 });
  const settled = (count: number) => expect.poll(() => started.length).toBe(count);
  return { kept, started, save, test, settled, close: () => runner.close() };
}

describeOnBothStores('the key of a source', (open) => {
  test('is there when the source starts, and goes to the server that it was entered for alone', async () => {
    const { store } = await open();
    const { kept, started, save, test, settled, close } = await setUp(store);
    const id = await save(OURS, { secret: 'key' });
    await settled(1);
    expect(started).toEqual([[OURS, 'key']]);

    await expect(save('https://elsewhere.example:9200', { id })).rejects.toThrow(/Enter the key or password again/);
    await expect(save('http://search.example:9200', { id })).rejects.toThrow(/Enter the key or password again/);
    expect(started).toHaveLength(1);

    await save(`${OURS}/behind`, { id });
    await settled(2);
    expect(started[1]).toEqual([`${OURS}/behind`, 'key']);

    await test('https://elsewhere.example:9200', id);
    await test(`${OURS}/other`, id);
    expect(started.slice(2)).toEqual([
      ['https://elsewhere.example:9200', null],
      [`${OURS}/other`, 'key'],
    ]);
    await close();
    expect([...kept.values()]).toEqual(['key']);
  });

  test('is gone once the source went to another server without one, and a new one never meets the old server', async () => {
    const { store } = await open();
    const { kept, started, save, settled, close } = await setUp(store);
    const id = await save(OURS, { secret: 'key' });
    await settled(1);
    await save('https://elsewhere.example:9200', { id, auth: 'none' });
    await settled(2);
    expect([...kept]).toEqual([]);
    await save('https://third.example:9200', { id, secret: 'another' });
    await settled(3);
    await close();
    expect(started.slice(1)).toEqual([
      ['https://elsewhere.example:9200', null],
      ['https://third.example:9200', 'another'],
    ]);
  });
});
