import { dirname, join } from 'node:path';
import type { Log } from '../../ports.ts';
import type { StoreTarget } from '../open.ts';
import type { Store } from '../store.ts';
import { openPostgresSearch } from './postgres-search.ts';
import type { Search, SearchTextOf } from './search.ts';
import { openSqliteSearch } from './sqlite-search.ts';

/** Opens the search beside the store that was opened at `target`. */
export function openSearch(parts: {
  store: Store;
  target: StoreTarget;
  textOf: SearchTextOf;
  log: Log;
}): Promise<Search> {
  const { store, target, textOf, log } = parts;
  return target.kind === 'sqlite'
    ? openSqliteSearch(join(dirname(target.path), 'search.db'), store, textOf, log)
    : openPostgresSearch(store, textOf);
}
