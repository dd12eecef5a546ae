import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, type Engine, type EngineOptions } from '../../engine/engine.ts';
import type { CallContext } from '../../engine/handlers.ts';
import { openStore, type StoreTarget } from '../../engine/store/open.ts';
import { replacePeople } from '../../engine/store/people.ts';
import type { Store } from '../../engine/store/store.ts';
import type { DecisionKind, Statement } from '../../shared/model/decision.ts';
import type { Person } from '../../shared/model/people.ts';
import { ANY_OPEN, type QueueFilter, type QueueItem, type Selection } from '../../shared/model/queue.ts';
import { fixedRandom } from '../fixtures/random.ts';
import { quiet, stillClock } from '../store/databases.ts';
import { person } from './seed.ts';

export const RESOURCES = fileURLToPath(new URL('../../resources/', import.meta.url));
export const NOW_MS = stillClock.nowMs();

export const ANA = person('ana', 'tier1');
export const BEN = person('ben', 'tier1');
export const CYD = person('cyd', 'tier2');
export const LEA = person('lea', 'lead', { roles: ['analyst', 'lead'] });
const TEAM: readonly Person[] = [ANA, BEN, CYD, LEA];

export interface Setting {
  engine: Engine;
  clock: { nowMs(): number; atMs: number };
  /** A writing handle beside the engine's, for seeding and looking. */
  store: Store;
  as(person: Person): CallContext;
  ingestEve(lines: readonly object[]): ReturnType<Engine['writer']['ingest']>;
  close(): Promise<void>;
}

/** A real engine over a database of the test, with a clock that the test sets and a small team. */
export async function openSetting(target: StoreTarget, more: Partial<EngineOptions> = {}): Promise<Setting> {
  const dir = mkdtempSync(join(tmpdir(), 'evenwatch-engine-'));
  const clock = { atMs: NOW_MS, nowMs: () => clock.atMs };
  const store = await openStore({ target, log: quiet, clock });
  await store.write((tx) => replacePeople(tx, TEAM));
  const engine = await createEngine({
    target,
    dataDir: dir,
    resourcesDir: RESOURCES,
    rulesDirs: [],
    ports: {
      clock,
      random: fixedRandom(1),
      log: quiet,
      secrets: { get: async () => null, set: async () => {} },
    },
    workspace: {
      describe: async () => ({ name: 'Test', isSample: false, preparing: null }),
      startOwn: async () => {
        throw new Error('not here');
      },
      version: '0',
    },
    writer: { kind: 'inline' },
    tickEveryMs: null,
    runsSources: false,
    ...more,
  });
  let files = 0;
  return {
    engine,
    clock,
    store,
    as: (who) => ({
      session: { personId: who.id, roles: who.roles, canSwitchPerson: false, switchTo: () => {} },
    }),
    ingestEve: (lines) => {
      files += 1;
      const path = join(dir, `eve-${files}.json`);
      writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return engine.writer.ingest({ paths: [path], format: 'auto', isHistory: false, site: null });
    },
    close: async () => {
      await engine.close();
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

let made = 0;

export function statementOf(kind: DecisionKind, subjects: readonly number[] | null = null): Statement {
  made += 1;
  return {
    commandId: `00000000-0000-4000-9000-${String(made).padStart(12, '0')}`,
    kind,
    subjects: subjects === null ? null : [...subjects],
    subjectsDigest: null,
    basedOn: [],
    reason: null,
    claimedAtMs: NOW_MS,
  };
}

export function itemsOf(...items: readonly Pick<QueueItem, 'id' | 'version'>[]): Selection {
  return { kind: 'items', items: items.map(({ id, version }) => ({ id, version })) };
}

export function allThatMatch(filter: Partial<QueueFilter>, expectedCount: number): Selection {
  return { kind: 'matching', filter: { ...ANY_OPEN, ...filter }, exceptIds: [], expectedCount };
}

export async function listOpen(setting: Setting, who: Person, filter: Partial<QueueFilter> = {}) {
  return setting.engine.handlers.queue.list(setting.as(who), {
    filter: { ...ANY_OPEN, ...filter },
    sort: 'priority',
    cursor: null,
    limit: 200,
  });
}
