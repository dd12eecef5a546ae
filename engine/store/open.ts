import type { Clock, Log } from '../ports.ts';
import { openPostgresStore } from './postgres-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

export type StoreTarget =
  | {
      kind: 'sqlite';
      path: string;
      /** The file is made anew when its making is interrupted, so that no commit waits for the disk. */
      isRemade?: boolean;
    }
  | { kind: 'postgres'; url: string };

export interface OpenStoreOptions {
  target: StoreTarget;
  log: Log;
  clock: Clock;
  /** Reads only and never migrates: for threads beside the writer's. */
  readOnly?: boolean;
}

/** The one way to a store. Throws EngineError with what to do about it. */
export function openStore({ target, log, clock, readOnly = false }: OpenStoreOptions): Promise<Store> {
  return target.kind === 'sqlite'
    ? openSqliteStore(target.path, log, readOnly, clock.nowMs(), target.isRemade)
    : openPostgresStore(target.url, log, readOnly, clock.nowMs());
}
