import { spawn, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { deadLettersBelow, EVERY_DEAD_LETTER } from '../../../../engine/store/sources.ts';
import type { SourceSettings } from '../../../../shared/model/source.ts';
import { sourceDraftSchema } from '../../../../shared/model/source.ts';
import { describeOnBothStores, type OpenedStore } from '../../../store/databases.ts';
import { LEA, listOpen, openSetting, type Setting, statementOf } from '../../engine-setting.ts';
import { eve } from '../pipeline-setting.ts';
import { eventually } from './source-setting.ts';

/** Whether a program is on this machine; it is said once when it is not. */
function has(program: string, why: string): boolean {
  const isThere = spawnSync(program, ['--version']).status === 0;
  if (!isThere) console.warn(`Skipped: ${why}, because there is no ${program} on this machine`);
  return isThere;
}

const hasLogger = has('logger', 'syslog as logger(1) sends it');
const hasCurl = has('curl', 'a push as curl sends it');

/** Runs a sender to its end. Never in step with us: it talks to this process. */
function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      out += String(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${program} ended with ${code}: ${out}`)),
    );
    // A sender that does not ask for it closes it.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A source that runs in a real engine, with its address and its token. */
async function add(setting: Setting, name: string, settings: Partial<SourceSettings> & { kind: string }) {
  const { sources } = setting.engine.handlers;
  const draft = sourceDraftSchema.parse({ name, settings: { host: '127.0.0.1', port: 0, ...settings } });
  const input = { statement: statementOf('source.save'), id: null, version: null, draft, secret: null };
  const saved = await sources.save(setting.as(LEA), input);
  const health = async () => {
    const found = (await sources.list(setting.as(LEA), {})).find(({ source }) => source.id === saved.id);
    if (found === undefined) throw new Error('The source is gone');
    return found.health;
  };
  await eventually(async () => expect((await health()).listensOn).not.toBeNull());
  const port = Number(/:(\d+)$/.exec((await health()).listensOn ?? '')?.[1]);
  return { health, port, token: saved.token ?? '' };
}

const open = async (opened: OpenedStore) => openSetting(opened.target, { runsSources: true });
const cef = (name: string) => `CEF:0|Vendor|Product|1|${name}|${name}|8|src=10.9.8.7 shost=fw1`;

describeOnBothStores('alerts that are pushed', (fresh) => {
  it.skipIf(!hasCurl)(
    'by curl are in the queue when it has its answer, once, however often they are sent',
    async () => {
      const setting = await open(await fresh());
      try {
        const { port, token, health } = await add(setting, 'Collector', { kind: 'http' });
        const event = JSON.stringify({ event: eve({ flow: 1, signature: 'ET MALWARE pushed' }) });
        const args = ['-sS', '-H', `Authorization: Splunk ${token}`, '--data-binary', '@-'];
        const hec = `http://127.0.0.1:${port}/services/collector/event`;
        expect(await run('curl', [...args, hec], event)).toBe('{"text":"Success","code":0}\n');
        const { items } = await listOpen(setting, LEA);
        expect(items).toMatchObject([{ title: 'ET MALWARE pushed' }]);
        const lines = [eve({ flow: 1, signature: 'ET MALWARE pushed' }), eve({ flow: 2 })];
        const ndjson = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
        const plain = `http://127.0.0.1:${port}/v1/alerts`;
        expect(await run('curl', [...args, plain], ndjson)).toBe('{"received":2,"unreadable":0}\n');
        expect(await health()).toMatchObject({ counts: { read: 3, stored: 2, duplicates: 1 }, problem: null });
      } finally {
        await setting.close();
      }
    },
  );

  it.skipIf(!hasLogger)('by logger over TCP and UDP, with every framing that it knows', async () => {
    const setting = await open(await fresh());
    try {
      const tcp = await add(setting, 'Relay', { kind: 'syslog', transport: 'tcp' });
      const udp = await add(setting, 'Switch', { kind: 'syslog', transport: 'udp' });
      const to = ['--server', '127.0.0.1', '--port'];
      await run('logger', [...to, String(tcp.port), '--tcp', '--rfc3164', cef('over TCP in lines')]);
      await run('logger', [
        ...to,
        String(tcp.port),
        '--tcp',
        '--rfc5424',
        '--octet-count',
        cef('over TCP with lengths'),
      ]);
      await run('logger', [...to, String(udp.port), '--udp', '--rfc5424', cef('over UDP')]);
      await run('logger', [...to, String(udp.port), '--udp', '--rfc3164', '-t', 'cron', 'an ordinary line']);
      await eventually(async () => expect((await tcp.health()).counts.stored).toBe(2));
      await eventually(async () => expect((await udp.health()).counts).toMatchObject({ stored: 1, rejected: 1 }));
      const { items } = await listOpen(setting, LEA);
      expect(items.map(({ title }) => title).toSorted()).toEqual([
        'over TCP in lines',
        'over TCP with lengths',
        'over UDP',
      ]);
      const letters = await setting.store.read((db) => deadLettersBelow(db, EVERY_DEAD_LETTER, null, 10));
      expect(letters).toMatchObject([{ origin: 'Switch', message: expect.stringContaining('ordinary log line') }]);
    } finally {
      await setting.close();
    }
  });

  it.skipIf(!hasLogger)('as any message, where the source says that each is an alert', async () => {
    const setting = await open(await fresh());
    try {
      const { sources } = setting.engine.handlers;
      const settings = { kind: 'syslog', transport: 'tcp', host: '127.0.0.1', port: 0 };
      const draft = sourceDraftSchema.parse({ name: 'Mail filter', settings, format: 'syslog' });
      const input = { statement: statementOf('source.save'), id: null, version: null, draft, secret: null };
      await sources.save(setting.as(LEA), input);
      const list = () => sources.list(setting.as(LEA), {});
      await eventually(async () => expect((await list())[0]?.health.listensOn).not.toBeNull());
      const port = /:(\d+)$/.exec((await list())[0]?.health.listensOn ?? '')?.[1] ?? '';
      await run('logger', [
        '--server',
        '127.0.0.1',
        '--port',
        port,
        '--tcp',
        '-t',
        'filter',
        'Mail with a bad link kept back',
      ]);
      await eventually(async () => expect((await list())[0]?.health.counts.stored).toBe(1));
      const { items } = await listOpen(setting, LEA);
      expect(items).toMatchObject([{ title: 'Mail with a bad link kept back', severity: 'unknown' }]);
      const { alert, queue } = setting.engine.handlers;
      const children = await queue.alerts(setting.as(LEA), { id: items[0]?.id ?? 0, cursor: null, limit: 10 });
      // It is read once more from its original when it is looked at.
      const { format, fields } = await alert.get(setting.as(LEA), { id: children.alerts[0]?.id ?? 0 });
      expect(format).toBe('syslog');
      expect(fields).toContainEqual({ name: 'rule.name', value: 'filter' });
    } finally {
      await setting.close();
    }
  });
});
