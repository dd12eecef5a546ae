import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../engine/handlers.ts';
import { personIdOf } from '../../engine/own-workspace.ts';
import { generateEveFile } from '../../engine/sample/generate-eve.ts';
import { makeSample } from '../../engine/sample/make-sample.ts';
import { createSession } from '../../engine/serve/session.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../../engine/workspace.ts';
import type { EngineError } from '../../shared/model/errors.ts';
import { queueFilterSchema } from '../../shared/model/queue.ts';
import { fixedRandom } from '../fixtures/random.ts';
import { quiet } from '../store/databases.ts';
import { RESOURCES } from './engine-setting.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 14, 20);
const DAY_MS = 86_400_000;
const folders: string[] = [];
const opened: Workspace[] = [];
afterEach(async () => {
  for (const workspace of opened.splice(0)) await workspace.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-workspace-'));
  folders.push(folder);
  return folder;
}

async function open(dataDir: string, more: Partial<WorkspaceOptions> & { nowMs?: number } = {}): Promise<Workspace> {
  const { nowMs = NOW_MS, ...options } = more;
  const workspace = await openWorkspace({
    dataDir,
    resourcesDir: RESOURCES,
    databaseUrl: null,
    ports: {
      clock: { nowMs: () => nowMs },
      random: fixedRandom(1),
      log: quiet,
      secrets: { get: async () => null, set: async () => {} },
    },
    writer: { kind: 'inline' },
    sampleWorkerUrl: null,
    sampleVolume: 0.02,
    tickEveryMs: null,
    version: '1.2.3',
    whenEmpty: 'sample',
    ownNames: { name: 'My workspace', myName: 'Ana Ruiz' },
    ...options,
  });
  opened.push(workspace);
  return workspace;
}

function atOneDesk(): CallContext {
  return { session: createSession({ canSwitchPerson: true }) };
}

const statement = (kind: 'workspace.start_own', commandId = '0b0f3a52-6c1d-4f6e-9a57-1d2f3c4b5a69') => ({
  commandId,
  kind,
  subjects: null,
  subjectsDigest: null,
  basedOn: [],
  reason: null,
  claimedAtMs: NOW_MS,
});

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: EngineError) => error.code,
  );

describe('a first start', () => {
  it('answers at once that the sample is on its way, then is the sample with somebody of tier 1 on shift', async () => {
    const shares: number[] = [];
    const workspace = await open(emptyFolder(), { onProgress: (share) => shares.push(share) });
    const context = atOneDesk();
    const before = await workspace.handlers.workspace.get(context, {});
    expect(before).toMatchObject({ name: 'Halden Logistics', isSample: true, me: null, version: '1.2.3', seq: 0 });
    expect(before.preparing).toBeLessThan(1);
    expect(await codeOf(workspace.handlers.queue.views(context, {}))).toBe('unavailable');
    await workspace.ready();
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const after = await workspace.handlers.workspace.get(context, {});
    expect(after).toMatchObject({ isSample: true, preparing: null, me: { tier: 'tier1' } });
    expect(context.session.personId).toBe(after.me?.id);
    const { items } = await workspace.handlers.queue.list(context, {
      filter: queueFilterSchema.parse({}),
      sort: 'priority',
      cursor: null,
      limit: 10,
    });
    expect(items[0]?.title).toContain('Ransomware');
  }, 60_000);

  it('begins anew where a killed process left a half-made sample, and keeps one that is whole', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'sample.making'));
    writeFileSync(join(folder, 'sample.making', 'evenwatch.db'), 'half of it');
    const first = await open(folder);
    await first.ready();
    expect(existsSync(join(folder, 'sample.making'))).toBe(false);
    const seq = (await first.handlers.workspace.get(atOneDesk(), {})).seq;
    await first.close();
    const again = await open(folder, { nowMs: NOW_MS + DAY_MS });
    expect(await again.describe()).toMatchObject({ isSample: true, preparing: null });
    expect((await again.handlers.workspace.get(atOneDesk(), {})).seq).toBeGreaterThanOrEqual(seq);
    await again.close();
    const late = await open(folder, { nowMs: NOW_MS + 30 * DAY_MS });
    expect((await late.describe()).preparing).not.toBeNull();
    await late.ready();
  }, 60_000);

  it('makes the sample on a thread of its own, and a close in the middle leaves nothing that looks like one', async () => {
    const folder = emptyFolder();
    const sampleWorkerUrl = new URL('../../engine/sample/sample-worker.ts', import.meta.url);
    const stopped = await open(folder, { sampleWorkerUrl, sampleVolume: 1 });
    await stopped.close();
    expect(existsSync(join(folder, 'sample'))).toBe(false);
    const whole = await open(folder, { sampleWorkerUrl });
    await whole.ready();
    expect(await whole.describe()).toMatchObject({ isSample: true, preparing: null });
  }, 60_000);

  it('says so when the sample cannot be made, and still lets people start with their own', async () => {
    const workspace = await open(emptyFolder(), { sampleVolume: Number.POSITIVE_INFINITY });
    await expect(workspace.ready()).rejects.toThrow();
    const context = atOneDesk();
    await expect(workspace.handlers.workspace.get(context, {})).rejects.toThrow();
    await workspace.handlers.workspace.startOwn(context, {
      statement: statement('workspace.start_own'),
      name: 'Ours',
      myName: 'Ana',
    });
    expect(await workspace.describe()).toEqual({ name: 'Ours', isSample: false, preparing: null });
  });
});

describe('one’s own workspace', () => {
  const template = mkdtempSync(join(tmpdir(), 'evenwatch-template-'));
  beforeAll(async () => {
    const ports = { log: quiet, random: fixedRandom(1), secrets: { get: async () => null, set: async () => {} } };
    await makeSample(
      { folder: join(template, 'sample'), resourcesDir: RESOURCES, endsAtMs: NOW_MS, volume: 0.02 },
      ports,
    );
  }, 60_000);
  afterAll(() => rmSync(template, { recursive: true, force: true }));

  function withSample(): string {
    const folder = emptyFolder();
    cpSync(template, folder, { recursive: true });
    return folder;
  }

  it('replaces the sample under the same handlers: empty, one person who may do everything, streams begin anew', async () => {
    const workspace = await open(withSample());
    const { handlers } = workspace;
    const context = atOneDesk();
    const sample = await handlers.workspace.get(context, {});
    const stream = await handlers.changes.subscribe(context, {});
    await stream.next();
    const input = { statement: statement('workspace.start_own'), name: 'Harbour SOC', myName: 'Ana María Ruiz' };
    expect(await handlers.workspace.startOwn(context, input)).toMatchObject({ changed: 1 });
    expect(workspace.handlers).toBe(handlers);
    const own = await handlers.workspace.get(context, {});
    expect(own).toMatchObject({
      name: 'Harbour SOC',
      isSample: false,
      me: { id: 'ana.maría.ruiz', roles: ['analyst', 'lead', 'admin'] },
    });
    expect((await stream.next()).done).toBe(true);
    const resync = await handlers.changes.since(context, { seq: sample.seq, limit: 10 });
    expect(resync).toEqual({ kind: 'resync', seq: own.seq });
    const { items } = await handlers.queue.list(context, {
      filter: queueFilterSchema.parse({}),
      sort: 'priority',
      cursor: null,
      limit: 10,
    });
    expect(items).toEqual([]);
    expect(await codeOf(handlers.workspace.startOwn(context, { ...input, name: 'Another' }))).toBe('conflict');
  }, 60_000);

  it('is opened from then on, although the sample is still there', async () => {
    const folder = withSample();
    const first = await open(folder);
    await first.handlers.workspace.startOwn(atOneDesk(), {
      statement: statement('workspace.start_own'),
      name: 'Ours',
      myName: 'Ana',
    });
    await first.close();
    const again = await open(folder);
    expect(await again.describe()).toEqual({ name: 'Ours', isSample: false, preparing: null });
  }, 60_000);

  it('takes in alerts that a running sample is handed, never the sample itself', async () => {
    const folder = withSample();
    const workspace = await open(folder);
    const path = join(folder, 'eve.json');
    await generateEveFile(path, { records: 40, seed: 1, endsAtMs: NOW_MS });
    const writer = await workspace.ownWriter();
    const report = await writer.ingest({ paths: [path], format: 'auto', isHistory: false, site: null });
    expect(report.stored).toBe(40);
    expect(await workspace.describe()).toEqual({ name: 'My workspace', isSample: false, preparing: null });
  }, 60_000);

  it('is made by a command in an empty folder; a command that reads sees the sample where there is one', async () => {
    const own = await open(emptyFolder(), { whenEmpty: 'own' });
    expect(await own.describe()).toEqual({ name: 'My workspace', isSample: false, preparing: null });
    const reading = await open(withSample(), { whenEmpty: 'own' });
    expect(await reading.describe()).toMatchObject({ isSample: true });
  }, 60_000);

  it('is refused to somebody whom a shared server knows by a link', async () => {
    const workspace = await open(withSample());
    const context: CallContext = {
      session: createSession({ personId: 'linh.tran', roles: ['analyst'], canSwitchPerson: false }),
    };
    const input = { statement: statement('workspace.start_own'), name: 'Mine', myName: 'Mallory' };
    expect(await codeOf(workspace.handlers.workspace.startOwn(context, input))).toBe('forbidden');
    expect(context.session.personId).toBe('linh.tran');
  }, 60_000);
});

describe('the id of the first person', () => {
  it.each([
    ['Ana María Ruiz', 'ana.maría.ruiz'],
    ['نادية الحسن', 'نادية.الحسن'],
    ['<b>!</b>', 'bb'],
    ['  ', 'owner'],
    ['Me', 'owner'],
  ])('of %j is %s', (name, id) => expect(personIdOf(name)).toBe(id));
});
