import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, inject } from 'vitest';
import { type OpenStoreOptions, openStore, type StoreTarget } from '../../engine/store/open.ts';
import type { Store } from '../../engine/store/store.ts';

export interface OpenedStore {
  store: Store;
  target: StoreTarget;
}

/** Opens a fresh, empty database; it is closed and removed after the test. */
export type OpenFresh = () => Promise<OpenedStore>;

export const quiet = { info: () => {}, warn: () => {}, error: () => {} };
export const stillClock = { nowMs: () => Date.UTC(2026, 2, 2, 9) };

const openOptions = (target: StoreTarget): OpenStoreOptions => ({ target, log: quiet, clock: stillClock });

/** A path for a SQLite file in a folder of its own. */
export function freshSqlitePath(cleanUps: (() => void)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-store-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'evenwatch.db');
}

async function freshPostgresUrl(serverUrl: string): Promise<string> {
  const name = `t_${process.pid}_${Math.floor(Math.random() * 1e12).toString(36)}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs the suite on a fresh SQLite file and on a fresh database of the run's PostgreSQL server. */
export function describeOnBothStores(name: string, suite: (open: OpenFresh) => void): void {
  describe(`${name} on SQLite`, () => {
    const cleanUps: (() => void)[] = [];
    const opened: Store[] = [];
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
      for (const cleanUp of cleanUps.splice(0)) cleanUp();
    });
    suite(async () => {
      const target: StoreTarget = { kind: 'sqlite', path: freshSqlitePath(cleanUps) };
      const store = await openStore(openOptions(target));
      opened.push(store);
      return { store, target };
    });
  });
  const serverUrl = inject('postgresUrl') ?? null;
  if (serverUrl === null) console.warn(`Skipped: ${name} on PostgreSQL, because no server could be started`);
  describe.skipIf(serverUrl === null)(`${name} on PostgreSQL`, () => {
    const opened: Store[] = [];
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });
    suite(async () => {
      const target: StoreTarget = { kind: 'postgres', url: await freshPostgresUrl(serverUrl ?? '') };
      const store = await openStore(openOptions(target));
      opened.push(store);
      return { store, target };
    });
  });
}
