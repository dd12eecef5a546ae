import { closeSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { EngineError } from '../../shared/model/errors.ts';
import type { Log } from '../ports.ts';
import { type AppliedMigration, assertNotNewer, MIGRATION_TABLE, pendingMigrations } from './migrate.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';
import { spaceOf } from './sqlite-space.ts';

function appliedMigrations(db: Database.Database): AppliedMigration[] {
  const known = db.prepare("select 1 from sqlite_master where name = 'schema_migration'").get();
  if (known === undefined) return [];
  return db.prepare<[], AppliedMigration>('select name, checksum from schema_migration order by name').all();
}

/** Looks through a read-only handle, so that a file of a newer program stays untouched to the byte. */
export function assertSqliteNotNewer(path: string): void {
  const db = new Database(path, { readonly: true });
  try {
    assertNotNewer(appliedMigrations(db));
  } finally {
    db.close();
  }
}

/** The whole copy or none: half of one would only take the room that is missing. */
async function copyBeside(db: Database.Database, backup: string): Promise<void> {
  try {
    // For its owner only, like the file that it is a copy of.
    closeSync(openSync(backup, 'w', 0o600));
    await db.backup(backup);
  } catch (error) {
    rmSync(backup, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code !== 'ENOSPC' && code !== 'SQLITE_FULL') throw error;
    const megabytes = Math.ceil((spaceOf(db).bytes * 2) / 1_000_000);
    const message = `The disk is full: before its tables change, the workspace is copied beside itself as ${backup}. Nothing was changed. Make room for ${megabytes} MB and start again.`;
    throw Object.assign(new EngineError('unavailable', message), { cause: error });
  }
}

/**
 * Runs what is missing, each step in one transaction. A file that already held data is first copied
 * beside itself as `<file>.before-<step>`.
 */
export async function migrateSqlite(
  db: Database.Database,
  path: string,
  log: Log,
  nowMs: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const applied = appliedMigrations(db);
  const pending = pendingMigrations(applied, 'sqlite', migrations);
  const [first] = pending;
  if (first === undefined) return;
  if (applied.length > 0) {
    const backup = `${path}.before-${first.name}`;
    await copyBeside(db, backup);
    log.info({ backup }, 'Copied the workspace before changing its tables');
  }
  db.exec(MIGRATION_TABLE);
  const note = db.prepare('insert into schema_migration (name, checksum, applied_at) values (?, ?, ?)');
  for (const step of pending) {
    db.transaction(() => {
      for (const statement of step.statements) db.exec(statement);
      note.run(step.name, step.checksum, new Date(nowMs).toISOString());
    }).immediate();
    log.info({ step: step.name }, 'Brought the tables of the workspace up to date');
  }
}
