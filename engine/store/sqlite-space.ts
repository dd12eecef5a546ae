import Database from 'better-sqlite3';
import type { Space } from './store.ts';

/** Pages that one slice moves and cuts off: about a megabyte. */
const SLICE_PAGES = 256;

function numberOf(db: Database.Database, pragma: string): number {
  return Number(db.pragma(pragma, { simple: true }));
}

export function spaceOf(db: Database.Database): Space {
  const pageBytes = numberOf(db, 'page_size');
  return {
    bytes: numberOf(db, 'page_count') * pageBytes,
    freeBytes: numberOf(db, 'freelist_count') * pageBytes,
  };
}

/** Moves pages of the end of the file into free ones and cuts the end off, a slice of it. Answers the bytes cut off. */
export function giveBackPages(db: Database.Database): number {
  const before = spaceOf(db);
  if ((before.freeBytes ?? 0) === 0) return 0;
  db.pragma(`incremental_vacuum(${SLICE_PAGES})`);
  return Math.max(0, before.bytes - spaceOf(db).bytes);
}

/**
 * Without a timeout: a reader that is in the way would otherwise hold everybody who writes for the whole of it. What
 * cannot be written away now is written away the next time.
 */
export function settleJournal(db: Database.Database): void {
  const waitMs = numberOf(db, 'busy_timeout');
  db.pragma('busy_timeout = 0');
  try {
    db.pragma('wal_checkpoint(truncate)');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))) throw error;
  } finally {
    db.pragma(`busy_timeout = ${waitMs}`);
  }
}

/** What upkeep is measured against: the whole file rewritten at once, while nobody writes. Answers its bytes then. */
export function vacuumWhole(path: string): number {
  const db = new Database(path);
  try {
    db.exec('vacuum');
    return spaceOf(db).bytes;
  } finally {
    db.close();
  }
}
