import { createHash } from 'node:crypto';
import { EngineError } from '../../shared/model/errors.ts';
import { columnTypes, type DialectName } from './dialect.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';

/** A migration that a database says it has had. */
export interface AppliedMigration {
  name: string;
  checksum: string;
}

export interface PendingMigration {
  name: string;
  checksum: string;
  statements: string[];
}

/** The table of what was applied; the same text on both databases. */
export const MIGRATION_TABLE =
  'create table if not exists schema_migration (name text primary key, checksum text not null, applied_at text not null)';

function render(migration: Migration, dialect: DialectName): PendingMigration {
  const statements = migration.statements(columnTypes(dialect));
  const checksum = createHash('sha256').update(statements.join(';\n')).digest('hex');
  return { name: migration.name, checksum, statements };
}

/** Throws `unsupported` when the database has steps that this program does not know. Reads nothing and writes nothing. */
export function assertNotNewer(applied: readonly { name: string }[], migrations = MIGRATIONS): void {
  const unknown = applied.find(({ name }) => !migrations.some((migration) => migration.name === name));
  if (unknown === undefined) return;
  throw new EngineError(
    'unsupported',
    `This workspace was used with a newer Evenwatch (it has ${unknown.name}). Nothing was changed. Start that version or a newer one, or open a backup.`,
  );
}

/**
 * The steps that are still to run, in order. Throws `unsupported` when the database is newer than the program
 * or when a step that ran is not the one that this program knows under its name.
 */
export function pendingMigrations(
  applied: readonly AppliedMigration[],
  dialect: DialectName,
  migrations = MIGRATIONS,
): PendingMigration[] {
  assertNotNewer(applied, migrations);
  const pending: PendingMigration[] = [];
  for (const migration of migrations) {
    const step = render(migration, dialect);
    const done = applied.find(({ name }) => name === migration.name);
    if (done === undefined) pending.push(step);
    else if (done.checksum !== step.checksum) {
      throw new EngineError(
        'unsupported',
        `The tables of this workspace were made by another build of Evenwatch (${migration.name} differs). Start that build, or begin with a new data folder.`,
      );
    }
  }
  return pending;
}
