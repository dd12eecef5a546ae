import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAhead } from '../../../../engine/ingest/ahead/read-ahead.ts';
import { LiveCatalogue } from '../../../../engine/ingest/formats/live-catalogue.ts';
import { catalogueOfMappings } from '../../../../engine/ingest/mapping/mapping-catalogue.ts';
import { createIngest } from '../../../../engine/ingest/pipeline.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { describeOnBothStores, quiet, stillClock } from '../../../store/databases.ts';
import { recordOf, testTriage } from '../pipeline-setting.ts';

const texts = (title: string) => ({
  inForce: [
    `name: acme\nrecognise: { has: acme.id }\nid: acme.id\nfields: { time: at, title: ${title}, hosts: ${title} }\n`,
  ],
  earlier: [],
});
const FIRST = catalogueOfMappings(texts('acme.first'));
const SECOND = catalogueOfMappings(texts('acme.second'));
const NONE = catalogueOfMappings({ inForce: [], earlier: texts('acme.first').inForce });

const alertOf = (id: number): JsonObject => ({
  acme: { id, first: 'By the first', second: 'By the second' },
  at: '2026-03-01T10:00:00Z',
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenwatch-changing-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeOnBothStores('a mapping that changes under records', (open) => {
  async function pipeline() {
    const { store } = await open();
    const formats = new LiveCatalogue(FIRST);
    const ports = { clock: stillClock, log: quiet };
    const { ingestWhole } = createIngest({ store, ports, triage: () => testTriage(), append: async () => {}, formats });
    const deliver = (ids: number[], format = 'auto', onRecord: () => void = () => {}) =>
      ingestWhole(
        [ids.map((id) => recordOf(alertOf(id)))],
        {
          origin: 'Doors',
          format,
          judge: (_record, classified) => {
            onRecord();
            return classified;
          },
        },
        async () => {},
      );
    const titles = async () =>
      (await store.read((db) => db.selectFrom('alert').select('title').orderBy('id').execute())).map(
        ({ title }) => title,
      );
    return { formats, deliver, titles };
  }

  it('reads a slice to its end by what held at its beginning, and the next by what holds then', async () => {
    const { formats, deliver, titles } = await pipeline();
    await deliver([1, 2, 3], 'auto', () => formats.replace(SECOND));
    await deliver([4]);
    expect(await titles()).toEqual(['By the first', 'By the first', 'By the first', 'By the second']);
  });

  it('still reads what was accepted under a mapping that is taken away, by its name', async () => {
    const { formats, deliver, titles } = await pipeline();
    await deliver([1], 'acme');
    formats.replace(NONE);
    await deliver([2], 'acme');
    expect(await titles()).toEqual(['By the first', 'By the first']);
    expect(await deliver([3])).toMatchObject({ rejected: 1, stored: 0 });
    formats.replace(SECOND);
    await deliver([4], 'acme');
    expect((await titles()).at(-1)).toBe('By the second');
  });
});

it('is followed by the thread that reads ahead, batch by batch, and each batch is unpacked by what read it', async () => {
  const path = join(folder, 'many.json');
  const lines = Array.from({ length: 40 * 1_024 }, (_, id) => JSON.stringify(alertOf(id)));
  writeFileSync(path, lines.join('\n'));
  const formats = new LiveCatalogue(FIRST);
  const workerUrl = new URL('../../../../engine/ingest/ahead/reader-worker.ts', import.meta.url);
  const seen: string[] = [];
  let count = 0;
  for await (const batch of readAhead({ workerUrl, formats, triage: () => testTriage() }, { path, format: 'auto' })) {
    const titles = new Set<string>();
    for (const item of batch) {
      if (!('alert' in item)) throw new Error(`${item.kind} among alerts`);
      titles.add(item.alert.title);
      // Makes it read its bytes once more, which is done by the formats of its batch.
      if (count % 500 === 0) expect(item.alert.hosts).toEqual([item.alert.title]);
      count += 1;
    }
    expect(titles.size).toBe(1);
    seen.push(...titles);
    if (seen.length === 1) formats.replace(SECOND);
  }
  expect(count).toBe(lines.length);
  expect(seen[0]).toBe('By the first');
  expect(seen.at(-1)).toBe('By the second');
  expect(seen).toEqual(seen.toSorted());
});
