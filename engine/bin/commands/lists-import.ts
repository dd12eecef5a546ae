import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { UsageError } from '../arguments.ts';
import { EVENWATCH } from '../called-by-npm.ts';
import type { Command } from '../command.ts';
import type { ListImport } from '../local-engine.ts';
import { visible } from '../terminal.ts';

const KINDS: readonly ListImport['kind'][] = ['assets', 'identities', 'lookup', 'roster', 'people'];
/** What one call may hold. */
const BYTES_MAX = 900_000;

export const listsImportCommand: Command = {
  name: 'lists import',
  usage: 'KIND FILE.csv',
  summary: `Replace a list by a CSV file; KIND is ${KINDS.join(', ')}`,
  flags: { name: { value: 'NAME', help: 'name of a lookup list, as rules call it (default: the name of the file)' } },
  async run({ args, engine }) {
    const [kind, path, ...rest] = args.positionals;
    const known = KINDS.find((each) => each === kind);
    if (known === undefined || path === undefined || rest.length > 0) {
      throw new UsageError(
        `Say what the list is and where: ${EVENWATCH} lists import KIND FILE.csv. KIND is ${KINDS.join(', ')}.`,
      );
    }
    const csv = await readCsv(path);
    const local = await engine();
    const name = args.text('name') ?? (known === 'lookup' ? basename(path, extname(path)) : known);
    const { rows, problems, summary } = await local.importList({ kind: known, name, csv });
    const lines = problems.map((problem) => `${visible(path)}:${problem.line}: ${visible(problem.message)}`);
    return {
      json: { kind: known, name, rows, problems },
      text: `${[...lines, `${summary}.`].join('\n')}\n`,
      isOk: problems.length === 0,
    };
  },
};

async function readCsv(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    if ((await stat(path)).size > BYTES_MAX)
      throw new EngineError('too_large', `${path} is larger than 900 kB. Split the list.`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const why = code === 'ENOENT' ? 'There is no such file' : code === 'EISDIR' ? 'It is a folder' : String(error);
    throw new EngineError('not_found', `${path}: ${why}. Name a CSV file.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EngineError('invalid_input', `${path}: It is not UTF-8 text. Save it as UTF-8.`);
  }
}
