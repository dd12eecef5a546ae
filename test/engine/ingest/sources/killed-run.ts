import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { terminalPorts } from '../../../../engine/bin/host-ports.ts';
import { openHostedEngine } from '../../../../engine/bin/hosted-engine.ts';
import { terminalSession } from '../../../../engine/bin/terminal-session.ts';
import { inboxDir } from '../../../../engine/ingest/sources/source-folders.ts';
import { ownPath } from '../../../../engine/own-workspace.ts';
import { createSession } from '../../../../engine/serve/session.ts';
import { recount } from '../../../../engine/store/counts.ts';
import { openStore } from '../../../../engine/store/open.ts';
import type { Store } from '../../../../engine/store/store.ts';
import { quiet, stillClock } from '../../../store/databases.ts';
import { statementOf } from '../../engine-setting.ts';
import { alertLine, type Draw, makeSenders, type Sender, titleOf } from './killed-senders.ts';

/** One of these is taken in while the sources run, and cut off by most kills. */
const FILES = 5;
const FILE_RECORDS = 1_500;
/** Transactions, or nearly so, after which a host is killed; time ends those in which nothing moves. */
const LONGEST_LIFE = 8;
const LONGEST_LIFE_MS = 2_500;
const LONGEST_START_MS = 1_500;
const LATER_MS = 40;
const SETTLES_WITHIN_MS = 120_000;

export interface Host {
  child: ChildProcess;
  listensOn: Record<string, string | null>;
  /** Ends when something was stored so many times since the start: of this sender, or of any where it is null. */
  moved(times: number, of: string | null): Promise<void>;
}

/** A workspace with one source for each sender; answers their tokens. */
export async function setUp(dataDir: string, senders: readonly Sender[]): Promise<Map<string, string | null>> {
  const engine = await openHostedEngine({
    dataDir,
    databaseUrl: null,
    ports: terminalPorts('error'),
    hasScreen: false,
  });
  const tokens = new Map<string, string | null>();
  const [owner] = await engine.handlers.workspace.people({ session: terminalSession() }, {});
  if (owner === undefined) throw new Error("A workspace of one's own has a first person");
  const session = createSession({ personId: owner.id, roles: owner.roles, canSwitchPerson: false });
  for (const { name, settings } of senders) {
    const draft = { name, settings, format: 'auto', site: null, isEnabled: true, quietAfterMinutes: 0 };
    const { token } = await engine.handlers.sources.save(
      { session },
      { statement: statementOf('source.save'), id: null, version: null, draft, secret: null },
    );
    tokens.set(name, token);
  }
  await engine.close();
  return tokens;
}

/** Starts the host and waits until it listens, or gives null when it was killed before. */
export function startHost(script: string, args: string[], killAfterMs: number | null): Promise<Host | null> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(script), 'compiled') },
  });
  // Some die while they start, before they take anything in.
  const timer = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const moves: string[][] = [];
  let onMove = (): void => {};
  const moved = (times: number, of: string | null) =>
    new Promise<void>((resolve) => {
      onMove = () => {
        if (moves.filter((names) => of === null || names.includes(of)).length >= times) resolve();
      };
      onMove();
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(null));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { listensOn?: Host['listensOn']; moved?: string[] };
      if (said.listensOn === undefined) {
        moves.push(said.moved ?? []);
        onMove();
        return;
      }
      if (timer !== null) clearTimeout(timer);
      resolve({ child, listensOn: said.listensOn, moved });
    });
  });
}

export function killed({ child }: Host): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

export async function titlesIn(store: Store): Promise<string[]> {
  const rows = await store.read((db) => db.selectFrom('alert').select('title').execute());
  return rows.map(({ title }) => title);
}

export async function expectWhole(store: Store): Promise<void> {
  const facts = await store.read(async (db) => ({
    groups: await db.selectFrom('alert_group').select(['id', 'count']).execute(),
    alerts: await db
      .selectFrom('alert')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow(),
    letters: await db.selectFrom('dead_letter').select(['origin', 'message', 'text']).execute(),
    kept: await db.selectFrom('group_count').selectAll().execute(),
    counted: await recount(db),
  }));
  expect(facts.groups.reduce((sum, { count }) => sum + count, 0)).toBe(Number(facts.alerts.n));
  const shape = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  expect(shape(facts.kept)).toEqual(shape(facts.counted));
  // A connection that was cut leaves half a line, and that is all that is ever unreadable.
  expect(facts.letters.filter(({ origin }) => origin !== 'tcp')).toEqual([]);
}

/** The alerts that are stored, each looked at for being there once and for everything that was acknowledged. */
async function lookAt(path: string, senders: readonly Sender[]): Promise<ReadonlySet<string>> {
  const store = await openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock, readOnly: true });
  try {
    const titles = await titlesIn(store);
    const stored = new Set(titles);
    expect(titles.length).toBe(stored.size);
    for (const sender of senders) {
      expect(sender.acknowledged().filter((title) => !stored.has(title))).toEqual([]);
    }
    return stored;
  } finally {
    await store.close();
  }
}

/** The first that is set up. */
const LOG_SOURCE = 1;

/** What was done to the followed log, and what of it was stored and lay in its folder at each kill. */
class Timeline {
  readonly #lines: string[] = [];

  add(what: string): void {
    this.#lines.push(`${new Date().toISOString()} ${what}`);
  }

  async addState(database: string, inbox: string): Promise<void> {
    const store = await openStore({
      target: { kind: 'sqlite', path: database },
      log: quiet,
      clock: stillClock,
      readOnly: true,
    });
    const cursors = await store.read((db) =>
      db.selectFrom('source_cursor').select(['name', 'position_json']).where('source_id', '=', LOG_SOURCE).execute(),
    );
    await store.close();
    for (const { name, position_json } of cursors) this.add(`  cursor ${name} ${position_json}`);
    for (const name of readdirSync(inbox).filter((each) => each.startsWith('eve.json'))) {
      const found = statSync(join(inbox, name), { bigint: true, throwIfNoEntry: false });
      if (found !== undefined) this.add(`  file ${name} ${found.ino} ${found.size} bytes, ${found.mtimeNs}`);
    }
  }

  keep(dataDir: string): void {
    writeFileSync(join(dataDir, 'timeline.txt'), `${this.#lines.join('\n')}\n`);
    console.log(`What was stored and sent is kept in ${dataDir}, with timeline.txt`);
  }
}

function tell(kill: number, stored: ReadonlySet<string>, senders: readonly Sender[]): void {
  const shares = senders.map((sender) => {
    const sent = sender.sent();
    return `${sender.name} ${sent.filter((title) => stored.has(title)).length} of ${sent.length}`;
  });
  const fromFiles = [...stored].filter((title) => title.startsWith('file ')).length;
  shares.push(`files ${fromFiles} of ${FILES * FILE_RECORDS}`);
  console.log(`${new Date().toISOString()} kill ${kill + 1}: ${stored.size} stored, ${shares.join(', ')}`);
}

/**
 * Lets every sender send to one host that is killed without warning `kills` times, and checks that in the end each
 * alert that was sent is stored once. `script` is the bundled host.
 */
export async function killAndCompare(parts: {
  script: string;
  kills: number;
  draw: Draw;
  /** The followed log is rotated after one in so many of its writes, of which there are about eleven a second. */
  turnsEvery: number;
}): Promise<void> {
  const { script, kills, draw, turnsEvery } = parts;
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'evenwatch-killed-')));
  const files = Array.from({ length: FILES }, (_, at) => join(dataDir, `history-${at}.json`));
  const inFiles = Array.from({ length: FILES * FILE_RECORDS }, (_, n) => titleOf('file', n));
  const database = ownPath(dataDir);
  let host: Host | null = null;
  let isOver = false;
  let isClean = false;
  const timeline = new Timeline();
  const inbox = inboxDir(dataDir);
  const senders = makeSenders(draw, inbox, turnsEvery, (what) => timeline.add(what));
  try {
    const tokens = await setUp(dataDir, senders);
    for (const [at, file] of files.entries()) {
      const lines = Array.from({ length: FILE_RECORDS }, (_, n) => `${alertLine('file', at * FILE_RECORDS + n)}\n`);
      writeFileSync(file, lines.join(''));
    }
    const begin = async (killAfterMs: number | null) => {
      // What was cut off is given again when it comes up for the last time.
      const given = isOver ? files : files.slice(draw(FILES + 2)).slice(0, 1);
      host = await startHost(script, [dataDir, ...given], killAfterMs);
      for (const sender of senders) {
        if (host !== null) sender.up(host.listensOn[sender.name] ?? null, tokens.get(sender.name) ?? null);
      }
    };
    for (let kill = 0; kill < kills; kill += 1) {
      // One in ten does not come up at all.
      await begin(draw(10) === 0 ? draw(LONGEST_START_MS) : null);
      if (host !== null) {
        // What is stored most often would end most lives before the others come to anything.
        const of = senders[draw(senders.length * 2)]?.name ?? null;
        await Promise.race([(host as Host).moved(1 + draw(LONGEST_LIFE), of), delay(LONGEST_LIFE_MS)]);
        await delay(draw(LATER_MS));
        await killed(host);
      }
      timeline.add(`kill ${kill + 1}`);
      await timeline.addState(database, inbox);
      const stored = await lookAt(database, senders);
      if (process.env.EVENWATCH_TELL === '1') tell(kill, stored, senders);
      for (const sender of senders) sender.down(stored);
    }
    isOver = true;
    await begin(null);
    await Promise.all(senders.map((sender) => sender.finish()));
    const expected = [...senders.flatMap((sender) => sender.sent()), ...inFiles];
    let missing = expected;
    for (let waited = 0; missing.length > 0 && waited < SETTLES_WITHIN_MS; waited += 200) {
      await delay(200);
      const stored = await lookAt(database, senders);
      missing = expected.filter((title) => !stored.has(title));
    }
    expect(missing).toEqual([]);
    if (host !== null) await killed(host);
    const store = await openStore({ target: { kind: 'sqlite', path: database }, log: quiet, clock: stillClock });
    expect((await titlesIn(store)).sort()).toEqual(expected.sort());
    await expectWhole(store);
    await store.close();
    isClean = true;
  } finally {
    if (host !== null) await killed(host);
    for (const sender of senders) sender.down(new Set());
    await Promise.all(senders.map((sender) => Promise.race([sender.finish(), delay(1_000)])));
    if (isClean) rmSync(dataDir, { recursive: true, force: true });
    else timeline.keep(dataDir);
  }
}
