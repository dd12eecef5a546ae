import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Delivery } from '../../../../engine/ingest/delivery.ts';
import { BUILT_IN, type FormatCatalogue } from '../../../../engine/ingest/formats/index.ts';
import { LiveCatalogue } from '../../../../engine/ingest/formats/live-catalogue.ts';
import { catalogueOfMappings } from '../../../../engine/ingest/mapping/mapping-catalogue.ts';
import type { SourceContext, StartSource } from '../../../../engine/ingest/sources/live-source.ts';
import { SourceRunner, tlsPath, tokenDigest } from '../../../../engine/ingest/sources/source-runner.ts';
import { insertSource, removeSource, setSourceToken, updateSource } from '../../../../engine/store/live-sources.ts';
import type { Store } from '../../../../engine/store/store.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { sourceDraftSchema } from '../../../../shared/model/source.ts';
import { describeOnBothStores, quiet, stillClock } from '../../../store/databases.ts';

/** Nothing is told by how long it takes: the machine may be busy. */
const PATIENT = { timeout: 10_000 };
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-runner-'));
  folders.push(folder);
  return folder;
}

const draft = (name: string, isEnabled = true) =>
  sourceDraftSchema.parse({ name, isEnabled, settings: { kind: 'syslog', transport: 'udp', port: 0 } });
const report = {
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

function runnerOn(
  store: Store,
  start: StartSource,
  onDelivery: (delivery: Delivery) => void = () => {},
  formats: FormatCatalogue = BUILT_IN,
) {
  const deliver = async (delivery: Delivery) => {
    onDelivery(delivery);
    return report;
  };
  const secrets = { get: async () => null, set: async () => {} };
  const ports = { clock: stillClock, log: quiet, random: { bytes: (n: number) => new Uint8Array(n) }, secrets };
  const starters = { syslog: start };
  return new SourceRunner({ formats, store, writer: { deliver }, ports, dataDir: makeFolder(), starters });
}

describeOnBothStores('the runner of sources', (open) => {
  it('does not take in what nobody can read, and says which format is gone', async () => {
    const { store } = await open();
    const problems: (string | null | undefined)[] = [];
    const started: string[] = [];
    const start: StartSource = async ({ source }) => {
      started.push(source.name);
      return { stop: async () => {} };
    };
    await store.write(async (tx) => {
      await insertSource(tx, { ...draft('Doors'), format: 'acme-doors' }, 1);
      await insertSource(tx, { ...draft('Firewall'), format: 'cef' }, 1);
    });
    const runner = runnerOn(store, start, ({ problem }) => void problems.push(problem));
    await runner.refresh();
    await vi.waitFor(() => expect(problems.toSorted()).toEqual([expect.stringContaining('acme-doors'), null]), PATIENT);
    expect(started).toEqual(['Firewall']);
    await runner.close();
  });

  it('stops a source whose mapping is taken away, starts it at once when it is back, and leaves the others alone', async () => {
    const { store } = await open();
    const told: string[] = [];
    const start: StartSource = async ({ source }) => {
      told.push(`start ${source.name}`);
      return { stop: async () => void told.push(`stop ${source.name}`) };
    };
    await store.write(async (tx) => {
      await insertSource(tx, { ...draft('Doors'), format: 'acme-doors' }, 1);
      await insertSource(tx, draft('Firewall'), 1);
    });
    const mapped = catalogueOfMappings({
      inForce: ['name: acme-doors\nrecognise: { has: door }\nfields: { time: at, title: door }\n'],
      earlier: [],
    });
    const formats = new LiveCatalogue(mapped);
    const runner = runnerOn(store, start, () => {}, formats);
    await runner.refresh();
    await vi.waitFor(() => expect(told.toSorted()).toEqual(['start Doors', 'start Firewall']), PATIENT);
    told.length = 0;
    await runner.formatsChanged();
    expect(told).toEqual([]);
    formats.replace(BUILT_IN);
    await runner.formatsChanged();
    await vi.waitFor(() => expect(runner.stateOf(1)?.phase).toBe('failing'), PATIENT);
    formats.replace(mapped);
    await runner.formatsChanged();
    await vi.waitFor(() => expect(told).toEqual(['stop Doors', 'start Doors']), PATIENT);
    await runner.close();
  });

  it('starts what is switched on, restarts what changed, stops what was removed and leaves the rest alone', async () => {
    const { store } = await open();
    const told: string[] = [];
    const contexts = new Map<string, SourceContext>();
    const start: StartSource = async (context) => {
      told.push(`start ${context.source.name}`);
      contexts.set(context.source.name, context);
      return { stop: async () => void told.push(`stop ${context.source.name}`) };
    };
    const [a, b] = await store.write(async (tx) => [
      await insertSource(tx, draft('A'), 1),
      await insertSource(tx, draft('B'), 1),
      await insertSource(tx, draft('C', false), 1),
    ]);
    const runner = runnerOn(store, start);
    await runner.refresh();
    await vi.waitFor(() => expect(told.toSorted()).toEqual(['start A', 'start B']), PATIENT);
    if (a === undefined || b === undefined) throw new Error('There are two sources');
    await store.write(async (tx) => {
      await updateSource(tx, a, draft('A'));
      await setSourceToken(tx, a, tokenDigest('sesame'), 'same');
      await removeSource(tx, b, 2);
    });
    told.length = 0;
    await runner.refresh();
    await vi.waitFor(() => expect(told.toSorted()).toEqual(['start A', 'stop A', 'stop B']), PATIENT);
    expect(contexts.get('A')?.isToken('sesame')).toBe(true);
    expect(contexts.get('A')?.isToken('sesamf')).toBe(false);
    await runner.refresh();
    expect(told).toHaveLength(3);
    await runner.close();
    expect(told.at(-1)).toBe('stop A');
  });

  it('says once what keeps a source from starting, tries again, and says when it is well', async () => {
    const { store } = await open();
    const problems: (string | null | undefined)[] = [];
    let isTaken = true;
    const start: StartSource = async () => {
      if (isTaken) throw new EngineError('conflict', 'The port is taken.');
      return { stop: async () => {} };
    };
    await store.write((tx) => insertSource(tx, draft('A'), 1));
    const runner = runnerOn(store, start, ({ problem }) => void problems.push(problem));
    await runner.refresh();
    await vi.waitFor(() => expect(problems).toEqual(['The port is taken.']), PATIENT);
    isTaken = false;
    await vi.waitFor(() => expect(problems).toEqual(['The port is taken.', null]), PATIENT);
    await runner.close();
  });

  it('lets stand what a source says of itself while it starts', async () => {
    const { store } = await open();
    const problems: (string | null | undefined)[] = [];
    const start: StartSource = async (context) => {
      context.problem('The certificate expired.');
      return { stop: async () => {} };
    };
    await store.write((tx) => insertSource(tx, draft('A'), 1));
    const runner = runnerOn(store, start, ({ problem }) => void problems.push(problem));
    await runner.refresh();
    await vi.waitFor(() => expect([...problems]).toEqual(['The certificate expired.']), PATIENT);
    await runner.close();
    expect(problems).toEqual(['The certificate expired.']);
  });
});

it('takes certificates by their names alone', () => {
  const data = makeFolder();
  expect(tlsPath(data, 'cert.pem')).toBe(join(data, 'tls', 'cert.pem'));
  for (const name of ['../evenwatch.db', '/etc/passwd', '..', '.hidden', 'a/b']) {
    expect(() => tlsPath(data, name)).toThrow(EngineError);
  }
});
