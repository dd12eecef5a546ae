import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sourceDraftSchema } from '../../../../shared/model/source.ts';
import { describeOnBothStores } from '../../../store/databases.ts';
import { ANA, LEA, listOpen, openSetting, statementOf } from '../../engine-setting.ts';

const PATIENT = { timeout: 30_000, interval: 50 };
const code = (path: string) => new URL(`../../../../engine/${path}`, import.meta.url);

const mapping = (host: string) => `name: acme
label: Acme IDS
recognise: { has: acme.rule }
id: acme.id
fields: { time: at, title: acme.rule, severity: { const: high }, hosts: ${host} }
`;
const RULE = `title: Machines of the first floor
id: 00000000-0000-4000-8000-000000000001
rationale: For trying.
owner: lead
status: draft
expires: 2027-01-01
detection: { a: { host.name|startswith: floor1 }, condition: a }
actions: [{ tag: inside }]
`;

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-threads-'));
  mkdirSync(join(dataDir, 'mappings'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const put = (text: string) => writeFileSync(join(dataDir, 'mappings', 'acme.yml'), text);

const alertOf = (id: string) =>
  JSON.stringify({
    acme: { id, rule: `Lateral move ${id}`, wrong: 'floor2-a', machine: `floor1-${id}` },
    at: new Date(Date.now() - 60_000).toISOString(),
  });

describeOnBothStores('mapping files of a workspace on threads', (open) => {
  it('count for a running listener, its test button, the search and the trying of rules, as soon as they change', async () => {
    const { target } = await open();
    put(mapping('[acme.wrong'));
    const setting = await openSetting(target, {
      dataDir,
      mappingsDirs: { own: join(dataDir, 'mappings'), program: null },
      writer: {
        kind: 'worker',
        workerUrl: code('writer-worker.ts'),
        readerUrl: code('ingest/ahead/reader-worker.ts'),
        heavyReadsUrl: code('triage/history/heavy-reads-worker.ts'),
      },
      runsSources: true,
      tickEveryMs: 200,
    });
    const { sources, rules } = setting.engine.handlers;
    const lead = setting.as(LEA);
    try {
      const draft = sourceDraftSchema.parse({ name: 'Doors', settings: { kind: 'http', port: 0 } });
      const saved = await sources.save(lead, {
        statement: statementOf('source.save'),
        id: null,
        version: null,
        draft,
        secret: null,
      });
      const health = async () => (await sources.list(lead, {}))[0]?.health;
      await vi.waitFor(async () => expect((await health())?.listensOn).toBeTruthy(), PATIENT);
      const send = async (id: string) => {
        const headers = { authorization: `Bearer ${saved.token}` };
        const url = `${(await health())?.listensOn?.replace(/^(?!http)/, 'http://')}/v1/alerts`;
        expect((await fetch(url, { method: 'POST', headers, body: alertOf(id) })).status).toBe(200);
      };
      const summary = async () => (await sources.summary(lead, {})).mappings;
      const previewed = async () => (await rules.preview(setting.as(ANA), { document: RULE }))?.matched ?? null;
      expect((await summary()).problems[0]).toMatchObject({ file: 'acme.yml', level: 'error' });
      await send('a');
      await vi.waitFor(async () => expect((await health())?.counts.rejected).toBe(1), PATIENT);

      put(mapping('acme.wrong'));
      const tried = await sources.test(lead, { draft, id: null, secret: null, sample: alertOf('t'), waitSeconds: 1 });
      expect(tried.records).toMatchObject([{ outcome: 'alert', format: 'acme' }]);
      await send('b');
      await vi.waitFor(async () => expect((await health())?.counts.stored).toBe(1), PATIENT);
      expect(await previewed()).toBe(0);

      put(mapping('acme.machine'));
      await vi.waitFor(async () => expect((await summary()).problems).toEqual([]), PATIENT);
      await setting.engine.mappings.look();
      await send('c');
      await vi.waitFor(async () => expect((await health())?.counts.stored).toBe(2), PATIENT);
      const found = async (text: string) => (await listOpen(setting, ANA, { text })).items.map(({ title }) => title);
      await vi.waitFor(async () => expect(await found('floor1-c')).toEqual(['Lateral move c']), PATIENT);
      // What came under the changed mapping is read by the newest where fields are looked at, on every thread.
      expect(await previewed()).toBe(2);
      await sources.readAgain(lead, {
        statement: statementOf('letters.read_again'),
        ids: null,
        filter: { origin: null, reason: null, text: null, mayReadNow: true },
        format: 'auto',
        text: null,
      });
      const titles = (await listOpen(setting, ANA)).items.map(({ title }) => title).toSorted();
      expect(titles).toEqual(['Lateral move a', 'Lateral move b', 'Lateral move c']);
    } finally {
      await setting.close();
    }
  });
});
