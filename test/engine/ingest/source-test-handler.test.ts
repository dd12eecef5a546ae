import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { packFrames } from '../../../engine/ingest/delivery.ts';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { sourceTestHandler } from '../../../engine/ingest/source-test-handler.ts';
import type { StartSource } from '../../../engine/ingest/sources/live-source.ts';
import { SourceRunner } from '../../../engine/ingest/sources/source-runner.ts';
import { insertSource } from '../../../engine/store/live-sources.ts';
import type { Store } from '../../../engine/store/store.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import { type Source, type SourceDraft, sourceDraftSchema } from '../../../shared/model/source.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person } from '../seed.ts';
import { eve, NOW_MS } from './pipeline-setting.ts';

const LEA = person('lea', 'lead', { roles: ['lead'] });
type Starters = Partial<Record<Source['settings']['kind'], StartSource>>;

function setUp(store: Store, starters: Starters = {}, runner: SourceRunner | null = null) {
  const { deps } = benchFor(store, NOW_MS, []);
  const handler = sourceTestHandler({ ...deps, formats: BUILT_IN, dataDir: '/nowhere', runner, starters });
  return (settings: object, more: object = {}) => {
    const draft: SourceDraft = sourceDraftSchema.parse({ name: 'Tried', settings });
    return handler.test(callBy(LEA), { draft, id: null, secret: null, sample: null, waitSeconds: 5, ...more });
  };
}

const file = { kind: 'file', path: '/var/log/eve.json' };
const bytesOf = (...values: readonly (object | string)[]) =>
  Buffer.from(values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join(''));
const text = (...values: readonly (object | string)[]) =>
  ({ kind: 'text', bytes: bytesOf(...values), head: null, firstLine: 1 }) as const;

describeOnBothStores('testing a source', (open) => {
  test('a pasted text is shown as it would be stored, with what is wrong and why', async () => {
    const { store } = await open();
    const sample = bytesOf(
      eve({ flow: 1, signature: 'ET POLICY one' }),
      { ...eve({ flow: 3 }), event_type: 'flow' },
      '{ no',
    ).toString();
    const answer = await setUp(store)(file, { sample });
    expect(answer.isReached).toBe(true);
    expect(answer.message).toContain('1 cannot be read');
    expect(answer.records).toMatchObject([
      { outcome: 'alert', format: 'suricata-eve', title: 'ET POLICY one', severity: 'medium', entity: '10.0.0.5' },
      { outcome: 'skip', format: 'suricata-eve' },
      { outcome: 'reject', why: expect.any(String), text: expect.stringContaining('{ no') },
    ]);
    expect(await setUp(store)(file, { sample: ' ' })).toMatchObject({ isReached: false, records: [] });
    await expect(
      setUp(store)(file, { draft: sourceDraftSchema.parse({ name: 'x', settings: file, format: 'nope' }) }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('a source that reads by itself is read until it has nothing more, and at most ten records of it', async () => {
    const { store } = await open();
    const start: StartSource = async ({ deliver, show, cursors }) => {
      expect(cursors.size).toBe(0);
      const done = (async () => {
        for (let flow = 0; flow < 30; flow += 3) {
          await deliver({ records: text(...[0, 1, 2].map((i) => eve({ flow: flow + i }))), cursors: [], dropped: 0 });
        }
        show({ behind: 0 });
      })().catch(() => {});
      return { stop: () => done };
    };
    const answer = await setUp(store, { file: start })(file);
    expect(answer).toMatchObject({ isReached: true, message: 'The first 10 records can be read.' });
    expect(answer.records).toHaveLength(10);
  });

  test('says what to do when it cannot be started, when it says that something is wrong, and when nothing is there', async () => {
    const { store } = await open();
    const refuse: StartSource = async () => {
      throw new EngineError('forbidden', 'The port is taken. Choose another.');
    };
    expect(await setUp(store, { syslog: refuse })({ kind: 'syslog', transport: 'tcp', port: 0 })).toMatchObject({
      isReached: false,
      message: 'The port is taken. Choose another.',
    });
    const wrong: StartSource = async ({ problem }) => {
      problem('The password is wrong. Set it anew.');
      return { stop: async () => {} };
    };
    expect(await setUp(store, { file: wrong })(file)).toMatchObject({
      isReached: false,
      message: expect.stringContaining('password'),
    });
    const empty: StartSource = async ({ show }) => {
      show({ behind: 0 });
      return { stop: async () => {} };
    };
    expect(await setUp(store, { file: empty })(file)).toMatchObject({
      isReached: true,
      message: expect.stringContaining('no record in it yet'),
    });
  });

  test('a listener is opened for the test, what it got is shown once and is not acknowledged', async () => {
    const { store } = await open();
    let refused = 0;
    const listener: StartSource = async ({ deliver, show, signal }) => {
      show({ listensOn: '127.0.0.1:5514' });
      const done = (async () => {
        while (!signal.aborted && refused < 3) {
          await deliver({ records: packFrames([bytesOf(eve({ flow: 1 }))]), cursors: [], dropped: 0 }).catch(() => {
            refused += 1;
          });
        }
      })();
      return { stop: () => done };
    };
    const answer = await setUp(store, { syslog: listener })({ kind: 'syslog', transport: 'tcp', port: 0 });
    expect(refused).toBeGreaterThan(0);
    expect(answer.records).toMatchObject([{ outcome: 'alert' }]);
    expect(answer.message).toContain('nothing was stored');
    const unsaved = await setUp(store, {
      http: async ({ show }) => {
        show({ listensOn: '127.0.0.1:8088' });
        return { stop: async () => {} };
      },
    })({ kind: 'http', port: 8088 });
    expect(unsaved).toMatchObject({ isReached: true, message: expect.stringContaining('to get its token') });
  });

  test('the real syslog listener, opened for the test', async () => {
    const { store } = await open();
    const port = 40_000 + (process.pid % 9_000);
    const answer = setUp(store)({ kind: 'syslog', transport: 'tcp', port });
    const socket = await connected(port);
    socket.write(bytesOf(eve({ flow: 77 })));
    expect(await answer).toMatchObject({ isReached: true, records: [{ outcome: 'alert', format: 'suricata-eve' }] });
    socket.destroy();
  });

  test('of a source that runs, what comes in next is shown and stored', async () => {
    const { store } = await open();
    const settings = { kind: 'syslog', transport: 'tcp', port: 0 };
    const { deps } = benchFor(store, NOW_MS, []);
    const delivered: number[] = [];
    let send: (() => Promise<unknown>) | null = null;
    const start: StartSource = async ({ deliver, show }) => {
      show({ listensOn: '127.0.0.1:5514' });
      send = () => deliver({ records: packFrames([bytesOf(eve({ flow: 9 }))]), cursors: [], dropped: 0 });
      return { stop: async () => {} };
    };
    const deliver = async ({ records }: { records: { bytes: Uint8Array } | null }) => {
      delivered.push(records?.bytes.byteLength ?? 0);
      return {
        read: 0,
        stored: 0,
        updated: 0,
        duplicates: 0,
        rejected: 0,
        skipped: 0,
        autoClosed: 0,
        queued: 0,
        elapsedMs: 0,
        byFormat: {},
        problems: [],
      };
    };
    const runner = new SourceRunner({
      formats: BUILT_IN,
      store,
      writer: { deliver },
      ports: deps.ports,
      dataDir: '/nowhere',
      starters: { syslog: start },
    });
    const id = await store.write((tx) =>
      insertSource(tx, sourceDraftSchema.parse({ name: 'Tried', settings }), NOW_MS),
    );
    await runner.refresh();
    await expect.poll(() => runner.stateOf(id)?.phase).toBe('running');
    const before = delivered.length;
    const answer = setUp(store, {}, runner)(settings, { id });
    const untilShown = setInterval(() => void send?.(), 20);
    expect(await answer).toMatchObject({
      isReached: true,
      message: expect.stringContaining('stored too'),
      records: [{ outcome: 'alert' }],
    });
    clearInterval(untilShown);
    expect(delivered.length).toBeGreaterThan(before);
    await runner.close();
  });
});

async function connected(port: number) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return socket;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The listener did not open');
}
