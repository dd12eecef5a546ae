import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EngineError } from '../../../shared/model/errors.ts';
import type { IngestReport } from '../../../shared/model/ingest.ts';
import { FORMATS } from '../../ingest/formats/index.ts';
import { loadCatalogue } from '../../ingest/mapping/mapping-files.ts';
import { UsageError } from '../arguments.ts';
import { EVENWATCH } from '../called-by-npm.ts';
import type { Command } from '../command.ts';
import { mappingsDirs } from '../resources-dir.ts';
import { count, countOf, type Terminal, table, visible } from '../terminal.ts';

export const ingestCommand: Command = {
  name: 'ingest',
  usage: 'PATH…|-',
  summary: 'Take in alerts from files, folders of files, or standard input',
  flags: {
    format: {
      value: 'NAME',
      help: `auto (the default) recognises records by content; else ${FORMATS.map((format) => format.name).join(', ')}, or the name of a mapping file`,
    },
    history: { value: null, help: 'these alerts are of the past: start no clocks' },
    site: { value: 'NAME', help: 'label of the site that these alerts come from' },
  },
  async run({ args, terminal, stdin, dataDir, engine }) {
    const given = args.positionals;
    if (given.length === 0) throw new UsageError('Name the files to take in, or - for standard input.');
    if (given.includes('-') && given.length > 1)
      throw new UsageError('Take in either standard input (-) or files, not both at once.');
    const format = args.text('format') ?? 'auto';
    const { catalogue } = loadCatalogue(mappingsDirs(dataDir));
    if (format !== 'auto' && catalogue.named(format) === null) {
      const known = catalogue.formats
        .map(({ name }) => name)
        .filter((name) => name !== 'manual' && name !== 'evenwatch');
      throw new UsageError(`"${format}" is no known format. Use auto, ${known.join(', ')}.`);
    }
    const spool = given[0] === '-' ? await spoolInput(stdin, dataDir) : null;
    try {
      const { readable, problems } = spool === null ? await sortOut(given) : { readable: [spool.path], problems: [] };
      if (readable.length === 0) {
        throw new EngineError('not_found', problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
      }
      const local = await engine();
      const progress = progressOn(terminal);
      const report = await local.ingest(
        {
          paths: readable,
          format,
          isHistory: args.isSet('history'),
          site: args.text('site') ?? null,
          // The copy of it is gone when somebody asks where an alert came from.
          ...(spool === null ? {} : { origin: 'standard input' }),
        },
        progress.show,
      );
      progress.clear();
      const whole: IngestReport = { ...report, problems: [...problems, ...report.problems] };
      for (const { path, message } of whole.problems) terminal.err(`${visible(path)}: ${visible(message)}\n`);
      return { json: whole, text: describe(whole), isOk: whole.problems.length === 0 };
    } finally {
      await spool?.remove();
    }
  },
};

/** Files that can be opened, and a sentence for each that cannot: a bad name among ten must not stop the nine. */
async function sortOut(paths: readonly string[]): Promise<{ readable: string[]; problems: IngestReport['problems'] }> {
  const readable: string[] = [];
  const problems: IngestReport['problems'] = [];
  for (const given of paths) {
    const path = resolve(given);
    try {
      await stat(path);
      await access(path, constants.R_OK);
      readable.push(path);
    } catch (error) {
      problems.push({ path: given, message: whyUnreadable(error) });
    }
  }
  return { readable, problems };
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'There is no such file. Check the name.';
  if (code === 'EACCES' || code === 'EPERM')
    return 'No permission to read it. Change its mode, or run as a user who may.';
  return error instanceof Error ? error.message : String(error);
}

/**
 * Standard input as a file beside the data: it can then be handed over to another process, and an ingest that was
 * interrupted is complete once the same input comes again.
 */
async function spoolInput(stdin: Readable, dataDir: string): Promise<{ path: string; remove(): Promise<void> }> {
  const parent = join(dataDir, 'spool');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, 'in-'));
  const path = join(folder, 'stdin');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(stdin, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await remove();
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new EngineError('unavailable', `The disk of ${parent} is full. Make room, then send the same input again.`);
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError('unavailable', `Standard input could not be kept: ${why}.`);
  }
  return { path, remove };
}

function progressOn(terminal: Terminal): { show(bytesRead: number, report: IngestReport): void; clear(): void } {
  if (!terminal.isWatched) return { show: () => {}, clear: () => {} };
  return {
    show: (bytesRead, report) =>
      terminal.err(`\r\u001b[K${count(report.read)} alerts, ${count(Math.round(bytesRead / 1_000_000))} MB`),
    clear: () => terminal.err('\r\u001b[K'),
  };
}

function describe(report: IngestReport): string {
  const seconds = report.elapsedMs / 1000;
  const rate = seconds > 0 ? `, ${count(Math.round(report.read / seconds))} a second` : '';
  const lines = [
    `Read ${countOf(report.read, 'record')} in ${seconds.toFixed(1)} s${rate}.`,
    `Stored ${count(report.stored)} (${count(report.queued)} for people, ${count(report.autoClosed)} closed by rules or at their source), updated ${count(report.updated)}, known already ${count(report.duplicates)}.`,
  ];
  if (report.skipped > 0) lines.push(`Passed over ${countOf(report.skipped, 'record')} of other kinds than alerts.`);
  if (report.rejected > 0) {
    lines.push(`Could not read ${countOf(report.rejected, 'record')}. See why: ${EVENWATCH} rejects`);
  }
  const formats = Object.entries(report.byFormat);
  if (formats.length > 0) {
    lines.push(
      '',
      table(
        [
          { title: 'Format', cell: ([name]) => name },
          { title: 'Read', align: 'right', cell: ([, counts]) => count(counts.read) },
          { title: 'Stored', align: 'right', cell: ([, counts]) => count(counts.stored) },
          { title: 'Updated', align: 'right', cell: ([, counts]) => count(counts.updated) },
          { title: 'Known', align: 'right', cell: ([, counts]) => count(counts.duplicates) },
          { title: 'Rejected', align: 'right', cell: ([, counts]) => count(counts.rejected) },
          { title: 'Skipped', align: 'right', cell: ([, counts]) => count(counts.skipped) },
        ],
        formats,
        null,
      ).trimEnd(),
    );
  }
  return `${lines.join('\n')}\n`;
}
