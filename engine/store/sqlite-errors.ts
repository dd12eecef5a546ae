import { EngineError } from '../../shared/model/errors.ts';

const MESSAGES: readonly [prefix: string, message: string][] = [
  [
    'SQLITE_FULL',
    'The disk is full, so nothing more can be saved. Everything saved before is safe. Free some space and try again.',
  ],
  ['SQLITE_BUSY', 'Another process is writing to this workspace and did not finish in time. Try again in a moment.'],
  ['SQLITE_READONLY', 'The workspace file may not be written. Check the permissions of the file and of its folder.'],
  ['SQLITE_PERM', 'The workspace file may not be opened. Check the permissions of the file and of its folder.'],
  ['SQLITE_AUTH', 'The workspace file may not be opened. Check the permissions of the file and of its folder.'],
  ['SQLITE_CANTOPEN', 'The workspace file cannot be opened. Check that its folder exists and may be written.'],
  [
    'SQLITE_NOTADB',
    'The workspace file is not an Evenwatch database. Choose another data folder, or restore a backup.',
  ],
  ['SQLITE_CORRUPT', 'The workspace file is damaged. Restore the newest backup beside it, and check the disk.'],
  ['SQLITE_IOERR', 'Reading or writing the workspace file failed. Check the disk; everything saved before is kept.'],
];

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Words for the person for what the disk or the file did; anything else (a bug) is given back as it came. */
export function sqliteError(error: unknown): unknown {
  const code = codeOf(error);
  const known = MESSAGES.find(([prefix]) => code === prefix || code.startsWith(`${prefix}_`));
  if (known === undefined) return error;
  const outcome = new EngineError('unavailable', known[1]);
  outcome.cause = error;
  return outcome;
}
