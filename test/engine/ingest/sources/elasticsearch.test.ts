import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Delivery, storeDelivery } from '../../../../engine/ingest/delivery.ts';
import { OrdinaryLines } from '../../../../engine/ingest/frame-records.ts';
import { startElasticsearch } from '../../../../engine/ingest/sources/elasticsearch.ts';
import { hitsOf, recordOfHit } from '../../../../engine/ingest/sources/hit-slices.ts';
import type { RunningSource, SourceContext } from '../../../../engine/ingest/sources/live-source.ts';
import { retryAfter } from '../../../../engine/ingest/sources/search-server.ts';
import { insertSource, sourceById, sourceCursor, sourceCursors } from '../../../../engine/store/live-sources.ts';
import type { Store } from '../../../../engine/store/store.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import type { Json } from '../../../../shared/model/json.ts';
import { type SettingsOf, sourceDraftSchema } from '../../../../shared/model/source.ts';
import { describeOnBothStores, quiet, stillClock } from '../../../store/databases.ts';
import { eve, NOW_MS, settingOn } from '../pipeline-setting.ts';
import { certificateFolder, makeCertificate, removeCertificates } from './certificates.ts';
import { Deliveries } from './delivery-setting.ts';
import { SearchStandIn } from './search-stand-in.ts';

const running: { stop(): Promise<void> }[] = [];
const servers: SearchStandIn[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
  for (const each of servers.splice(0)) await each.close();
});

const hasCertificate = makeCertificate('index');
if (!hasCertificate) console.warn('Skipped: polling over TLS, because there is no openssl to make a certificate with');
afterAll(removeCertificates);

type Deliver = SourceContext['deliver'];
interface Parts {
  url: string;
  deliver: Deliver;
  cursors?: ReadonlyMap<string, Json>;
  problems?: (string | null)[];
  secret?: string | null;
  settings?: Partial<SettingsOf<'elasticsearch'>>;
  format?: string;
}

function draftFor(url: string, settings: Partial<SettingsOf<'elasticsearch'>> = {}, format = 'auto') {
  return sourceDraftSchema.parse({
    name: 'Index',
    format,
    settings: { kind: 'elasticsearch', url, index: 'alerts-*', ...settings },
  });
}

async function start({ url, deliver, cursors, problems = [], secret = null, settings, format }: Parts) {
  const stopping = new AbortController();
  const draft = draftFor(url, settings, format);
  // Shorter than anybody may set it, so that a test is not made of waiting.
  const quick = { ...draft.settings, everySeconds: 0.01 } as SettingsOf<'elasticsearch'>;
  const context: SourceContext<'elasticsearch'> = {
    source: { ...draft, settings: quick, id: 1, version: 1, createdAtMs: 0, tokenHint: null },
    clock: stillClock,
    random: { bytes: (n) => new Uint8Array(n) },
    log: quiet,
    signal: stopping.signal,
    cursors: cursors ?? new Map(),
    secret: async () => secret,
    isToken: () => false,
    tlsPath: (name) => join(certificateFolder, name),
    allowedPath: async (path) => path,
    deliver,
    show: () => {},
    problem: (sentence) => void problems.push(sentence),
  };
  const source: RunningSource = await startElasticsearch(context);
  const started = {
    stop: async () => {
      stopping.abort();
      await source.stop();
    },
  };
  running.push(started);
  return started;
}

async function standIn(family: 'elasticsearch' | 'opensearch') {
  const server = new SearchStandIn(family);
  servers.push(server);
  return { server, url: await server.listen() };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const MINUTE = 60_000;
const until = (check: () => unknown) => expect.poll(check, { timeout: 10_000, interval: 10 });

describe.each(['elasticsearch', 'opensearch'] as const)('polling %s', (family) => {
  test('takes all that is there page by page, then what comes, each once and byte for byte', async () => {
    const { server, url } = await standIn(family);
    const deliveries = new Deliveries();
    // Many of one time, so that pages end between them.
    server.add(...numbers(0, 2_500).map((n) => ({ n, atMs: NOW_MS - MINUTE * 60 + Math.floor(n / 700) })));
    await start({ url, deliver: (each) => deliveries.take(each) });
    await until(() => deliveries.records.length).toBe(2_500);
    server.add({ n: 9_000, atMs: NOW_MS - MINUTE * 60 + 2, more: ',"big":12345678901234567890, "f" : 1.10' });
    await until(() => deliveries.values().includes(9_000)).toBe(true);
    expect(new Set(deliveries.values()).size).toBe(2_501);
    expect(deliveries.records).toHaveLength(2_501);
    const last = deliveries.records.at(-1);
    const text = last?.kind === 'record' ? Buffer.from(last.bytes).toString() : '';
    expect(text).toContain(',"big":12345678901234567890, "f" : 1.10}');
    await until(() => server.points.size).toBeLessThan(2);
    expect(deliveries.cursors.get('search')).toEqual({
      throughMs: NOW_MS - MINUTE * 60 + 3,
      of: expect.any(String),
      turn: expect.any(Number),
    });
  });

  test('where another index or query is asked for, it begins at the start of that one', async () => {
    const { server, url } = await standIn(family);
    const deliveries = new Deliveries();
    server.add({ n: 1, atMs: NOW_MS - MINUTE * 600 }, { n: 2, atMs: NOW_MS - MINUTE });
    const deliver: SourceContext['deliver'] = (each) => deliveries.take(each);
    const first = await start({ url, deliver });
    await until(() => deliveries.values()).toEqual([1, 2]);
    await first.stop();
    const same = await start({ url, deliver, cursors: deliveries.cursors });
    await until(() => deliveries.values()).toEqual([1, 2, 2]);
    await same.stop();
    await start({ url, deliver, cursors: deliveries.cursors, settings: { query: '{"match_all":{}}' } });
    await until(() => deliveries.values()).toEqual([1, 2, 2, 1, 2]);
  });

  test('what is indexed late is found within the overlap, and a time in the future hides nothing', async () => {
    const { server, url } = await standIn(family);
    const deliveries = new Deliveries();
    server.add({ n: 1, atMs: NOW_MS + 86_400_000 }, { n: 2, atMs: NOW_MS - MINUTE });
    await start({ url, deliver: (each) => deliveries.take(each) });
    await until(() => deliveries.records.length).toBe(2);
    server.add({ n: 3, atMs: NOW_MS - 4 * MINUTE });
    await until(() => deliveries.values()).toEqual([2, 1, 3]);
  });

  test('what comes late while the store is away is stored when it is back', async () => {
    const { server, url } = await standIn(family);
    const deliveries = new Deliveries();
    server.add({ n: 1, atMs: NOW_MS - MINUTE });
    await start({ url, deliver: (each) => deliveries.take(each) });
    await until(() => deliveries.values()).toEqual([1]);
    let refusals = 2;
    deliveries.before = () => {
      if (refusals > 0) {
        refusals -= 1;
        throw new EngineError('unavailable', 'The disk is full.');
      }
    };
    // Older than what was seen, so that it moves no time on.
    server.add({ n: 2, atMs: NOW_MS - 2 * MINUTE });
    await until(() => deliveries.values()).toEqual([1, 2]);
    expect(refusals).toBe(0);
  });

  test('goes on after cut connections, a busy server, half answers and a lost point in time', async () => {
    const { server, url } = await standIn(family);
    const deliveries = new Deliveries();
    server.add(...numbers(0, 3_300).map((n) => ({ n, atMs: NOW_MS - MINUTE * 90 + n })));
    let searches = 0;
    server.intercept = (_request, response, path) => {
      if (path !== '/_search') return false;
      searches += 1;
      if (searches === 2) {
        response.writeHead(200, { 'content-length': '100000' });
        response.write('{"hits":{"hits":[{"_index":');
        setTimeout(() => response.destroy(), 5);
        return true;
      }
      if (searches === 4) {
        response.writeHead(429, { 'retry-after': '0' }).end('{}');
        return true;
      }
      if (searches === 5) {
        response.writeHead(200).end('{"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}}');
        return true;
      }
      if (searches === 7) server.points.clear();
      return false;
    };
    await start({ url, deliver: (each) => deliveries.take(each) });
    await until(() => deliveries.records.length).toBe(3_300);
    expect(new Set(deliveries.values()).size).toBe(3_300);
  }, 20_000);

  test('asks with the key that was set, and says in a sentence what a person must mend', async () => {
    const { server, url } = await standIn(family);
    const deliver = async () => Promise.reject(new Error('nothing comes here'));
    server.authorization = `ApiKey ${Buffer.from('id:key').toString('base64')}`;
    const basic = { auth: 'basic', login: 'ana' } as const;
    await expect(start({ url, deliver, settings: basic, secret: 'wrong' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('does not accept'),
    });
    await expect(start({ url, deliver, settings: { auth: 'api_key' } })).rejects.toMatchObject({
      message: expect.stringContaining('Enter it again'),
    });
    const key = { auth: 'api_key' } as const;
    await start({ url, deliver, settings: key, secret: 'id:key' });
    const asked = { url, deliver, secret: 'id:key' };
    await expect(start({ ...asked, settings: { ...key, timestampField: 'when' } })).rejects.toMatchObject({
      message: expect.stringContaining('no field when'),
    });
    await expect(start({ ...asked, settings: { ...key, index: 'elsewhere' } })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(start({ ...asked, settings: { ...key, query: '[1' } })).rejects.toMatchObject({
      message: expect.stringContaining('no JSON object'),
    });
    server.fields = { '@timestamp': { keyword: { type: 'keyword' } } };
    await expect(start({ ...asked, settings: key })).rejects.toMatchObject({
      message: expect.stringContaining('is keyword'),
    });
  });
});

test('a redirect is not followed, and something else that answers is told apart', async () => {
  const { server, url } = await standIn('elasticsearch');
  const { server: other, url: elsewhere } = await standIn('elasticsearch');
  const deliver = async () => Promise.reject(new Error('nothing comes here'));
  const settings = { auth: 'api_key' } as const;
  server.intercept = (_request, response) => {
    response.writeHead(302, { location: elsewhere }).end();
    return true;
  };
  await expect(start({ url, deliver, settings, secret: 'k' })).rejects.toMatchObject({
    message: expect.stringContaining('leads to another address'),
  });
  expect(other.requests).toEqual([]);
  server.intercept = (_request, response) => {
    response.writeHead(200).end('<html>Hello</html>');
    return true;
  };
  await expect(start({ url, deliver })).rejects.toMatchObject({
    message: expect.stringContaining('is no Elasticsearch'),
  });
  server.intercept = (_request, response) => {
    response.writeHead(200).end('{"version":{"number":"7.9.3"}}');
    return true;
  };
  await expect(start({ url, deliver })).rejects.toMatchObject({ code: 'unsupported' });
  await server.close();
  servers.splice(servers.indexOf(server), 1);
  await expect(start({ url, deliver })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Nothing listens'),
  });
});

test.skipIf(!hasCertificate)('over TLS, with an authority that was named and with no other', async () => {
  const read = (name: string) => readFileSync(join(certificateFolder, name));
  const server = new SearchStandIn('elasticsearch', { cert: read('index.pem'), key: read('index-key.pem') });
  servers.push(server);
  const url = await server.listen();
  const deliveries = new Deliveries();
  const deliver: Deliver = (each) => deliveries.take(each);
  server.add({ n: 1, atMs: NOW_MS - 3 });
  await expect(start({ url, deliver })).rejects.toMatchObject({ message: expect.stringContaining('Nobody vouches') });
  await expect(start({ url, deliver, settings: { caFile: 'gone.pem' } })).rejects.toMatchObject({
    message: expect.stringContaining('is not there'),
  });
  expect(server.requests).toEqual([]);
  const started = await start({ url, deliver, settings: { caFile: 'index.pem' } });
  await until(() => deliveries.records.length).toBe(1);
  await started.stop();
  running.pop();
  await until(() => server.points.size).toBe(0);
});

test('a document that is too large is a dead letter by name, and those around it come in', async () => {
  const { server, url } = await standIn('elasticsearch');
  const deliveries = new Deliveries();
  const huge = `,"pad":"${'x'.repeat(17 * 1024 * 1024)}"`;
  server.add({ n: 1, atMs: NOW_MS - 3 }, { n: 2, atMs: NOW_MS - 2, more: huge }, { n: 3, atMs: NOW_MS - 1 });
  await start({ url, deliver: (each) => deliveries.take(each) });
  await until(() => deliveries.records.length).toBe(3);
  expect(deliveries.values()).toEqual([1, 'too_long', 3]);
  const fault = deliveries.records[1];
  expect(fault?.kind === 'fault' ? fault.text : '').toContain('doc-2');
}, 20_000);

test('the bytes of hits are those of the answer, whatever they hold', () => {
  const document = fc.json();
  fc.assert(
    fc.property(fc.array(fc.tuple(document, fc.string(), fc.string())), fc.boolean(), (documents, isPrinted) => {
      const hits = documents.map(([source, id, index]) => {
        const head = `{"_index":${JSON.stringify(index)}, "_id":${JSON.stringify(id)},"_ignored":["{\\"]"]`;
        return `${head},"_source":${source},"sort":[1,"a\\"]"]}`;
      });
      const list = hits.join(isPrinted ? ' ,\n ' : ',');
      const answer = Buffer.from(`{"took":1,"hits":{"total":{"value":3},"hits":[${list}]},"x":"hits"}`);
      const found = hitsOf(answer) ?? [];
      expect(found.map((hit) => [hit.source?.toString(), hit.id, hit.index])).toEqual(documents);
      for (const [i, hit] of found.entries()) {
        expect(JSON.parse(recordOfHit(hit).toString())._source).toEqual(JSON.parse(documents[i]?.[0] ?? ''));
      }
    }),
  );
  expect(hitsOf(Buffer.from('{"hits":{}}'))).toBeNull();
  expect(hitsOf(Buffer.from('[]'))).toBeNull();
});

test('how long a server asks to wait', () => {
  expect(retryAfter('7', 0)).toBe(7_000);
  expect(retryAfter('Thu, 01 Jan 1970 00:00:10 GMT', 4_000)).toBe(6_000);
  expect(retryAfter('soon', 0)).toBeNull();
});

describeOnBothStores('a poller that is killed', (open) => {
  test('leaves after restarts the alerts that are there without them, none twice', async () => {
    const { store } = await open();
    const { server, url } = await standIn('elasticsearch');
    const alerts = numbers(0, 2_600).map((flow) => eve({ flow, at: NOW_MS - 7_200_000 + flow * 1_000 }));
    for (const [n, alert] of alerts.entries()) {
      server.documents.push({
        index: 'alerts-1',
        id: `e-${n}`,
        atMs: Date.parse(String(alert.timestamp).replace('+0000', 'Z')),
        source: JSON.stringify(alert),
      });
    }
    const id = await store.write((tx) => insertSource(tx, draftFor(url), NOW_MS));
    const parts = {
      pipeline: settingOn(store).ingest,
      ordinaryLines: new OrdinaryLines(stillClock),
      readSource: (of: number) => store.read((db) => sourceById(db, of)),
      readCursor: (of: number, name: string) => store.read((db) => sourceCursor(db, of, name)),
    };
    for (const [life, dieAt] of [1, 1, 2, 1, 99].entries()) {
      let deliveries = 0;
      const died = Promise.withResolvers<never>();
      died.promise.catch(() => {});
      const deliver = async (delivery: Omit<Delivery, 'sourceId'>) => {
        deliveries += 1;
        // Dies before what it delivers is stored, or after it and before the answer.
        if (deliveries === dieAt && life % 2 === 0) return await new Promise<never>(() => {});
        const report = await storeDelivery(parts, { sourceId: id, ...delivery });
        if (deliveries >= dieAt) return await new Promise<never>(() => {});
        return report;
      };
      const cursors = await store.read((db) => sourceCursors(db, id));
      await start({ url, deliver, cursors });
      if (dieAt === 99) continue;
      running.pop();
      await until(() => deliveries).toBe(dieAt);
    }
    await until(() => countAlerts(store)).toBe(2_600);
    const rows = await store.read((db) => db.selectFrom('alert').select(['stable_id', 'revision']).execute());
    expect(new Set(rows.map((row) => row.stable_id)).size).toBe(2_600);
    expect(rows.every((row) => row.revision === 0)).toBe(true);
  }, 30_000);
});

async function countAlerts(store: Store): Promise<number> {
  return (await store.read((db) => db.selectFrom('alert').select('id').execute())).length;
}
