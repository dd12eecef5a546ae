import { access, constants, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { EngineError } from '../../../shared/model/errors.ts';
import type { AlertFormat } from '../../ingest/format.ts';
import { catalogueOf, type FormatCatalogue } from '../../ingest/formats/index.ts';
import { takesAnyLine } from '../../ingest/formats/syslog.ts';
import { loadCatalogue, type MappingProblem, readMappingFiles } from '../../ingest/mapping/mapping-files.ts';
import { readRecords } from '../../ingest/records.ts';
import { fileProblem, openAlertFile } from '../../ingest/sources/file.ts';
import { type FormatTrial, type TriedField, type TriedRecord, tryFormats } from '../../ingest/trial/try-formats.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { systemClock } from '../host-ports.ts';
import { mappingsDirs } from '../resources-dir.ts';
import { count, table, visible } from '../terminal.ts';

const WIDTH = 100;
const NAME_WIDTH = 16;
const VALUE_WIDTH = 48;
const PLACES_SHOWN = 3;

export const formatsTestCommand: Command = {
  name: 'formats test',
  usage: 'FILE|-',
  summary: 'Show what each record of a file would become, field by field, without storing anything',
  flags: {
    format: { value: 'NAME', help: 'read every record as this format, whatever it looks like' },
    mapping: { value: 'FILE', help: 'try this mapping file, before all other formats' },
    limit: { value: 'N', help: 'show so many records (10); all are counted' },
  },
  async run({ args, dataDir, stdin }) {
    const [file, second] = args.positionals;
    if (file === undefined) throw new UsageError('Name the file to try, or - for standard input.');
    if (second !== undefined) throw new UsageError('Try one file at a time.');
    const limit = args.whole('limit', 10, 0, 100_000);
    const { formats, problems } = formatsFor(dataDir, args.text('mapping'));
    if (problems.some((problem) => problem.level === 'error')) {
      return { json: { problems, records: [], counts: {} }, text: problems.map(problemText).join(''), isOk: false };
    }
    const fixed = formatOf(args.text('format'), formats);
    const nowMs = systemClock.nowMs();
    if (file !== '-') await refuseUnreadable(file);
    const trial = await tryFormats(readRecords(open(file, stdin), { takesText: takesAnyLine(fixed?.name ?? '') }), {
      formats,
      fixed,
      limit,
      nowMs,
    });
    return {
      json: { ...trial, problems },
      text: `${problems.map(problemText).join('')}${describeTrial(trial)}`,
      isOk: trial.total.rejected === 0,
    };
  },
};

async function refuseUnreadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new EngineError('not_found', `${file}: ${fileProblem(error)}.`);
  }
  if ((await stat(file)).isDirectory())
    throw new EngineError('invalid_input', `${file} is a folder. Name a file in it.`);
}

async function* open(file: string, stdin: Readable): AsyncGenerator<Uint8Array> {
  if (file !== '-') yield* openAlertFile(file);
  else for await (const chunk of stdin as AsyncIterable<Uint8Array>) yield chunk;
}

/** With `--mapping` its problems are told; those of the workspace's other mappings are told by `formats list`. */
function formatsFor(
  dataDir: string,
  mappingPath: string | undefined,
): { formats: FormatCatalogue; problems: MappingProblem[] } {
  const { catalogue } = loadCatalogue(mappingsDirs(dataDir));
  if (mappingPath === undefined) return { formats: catalogue, problems: [] };
  const { mappings, problems } = readMappingFiles([mappingPath]);
  return { formats: catalogueOf([...mappings.map(({ format }) => format), ...catalogue.formats]), problems };
}

function formatOf(name: string | undefined, formats: FormatCatalogue): AlertFormat | null {
  if (name === undefined || name === 'auto') return null;
  const format = formats.named(name);
  if (format !== null) return format;
  throw new UsageError(
    `"${name}" is no known format. Use auto, ${formats.formats.map((each) => each.name).join(', ')}.`,
  );
}

function problemText({ path, line, column, level, message }: MappingProblem): string {
  return `${visible(path)}:${line}:${column} ${level}: ${visible(message)}\n`;
}

/** For people, on 100 columns: each record with its fields, then the counts of all. */
export function describeTrial(trial: FormatTrial): string {
  const blocks = trial.records.map(describeRecord);
  const counts = table(
    [
      { title: 'Format', cell: ([name]) => name },
      { title: 'Alerts', align: 'right', cell: ([, each]) => count(each.alerts) },
      { title: 'Passed over', align: 'right', cell: ([, each]) => count(each.skipped) },
      { title: 'Refused', align: 'right', cell: ([, each]) => count(each.rejected) },
      { title: 'Warnings', align: 'right', cell: ([, each]) => count(each.warnings) },
    ],
    Object.entries(trial.counts),
    WIDTH,
  );
  const { alerts, skipped, rejected } = trial.total;
  const hidden = alerts + skipped + rejected - trial.records.length;
  const more = hidden > 0 ? `${count(hidden)} more were read and are only counted; --limit N shows them.\n\n` : '';
  return `${blocks.map((block) => `${block}\n`).join('')}${more}${counts}`;
}

const OUTCOMES: Readonly<Record<TriedRecord['outcome'], string>> = {
  alert: 'alert',
  skipped: 'passed over',
  rejected: 'refused',
};

function describeRecord(record: TriedRecord): string {
  const place = `line ${record.line}${record.column === null ? '' : `, column ${record.column}`}`;
  const lines = [
    cut(`${place}: ${OUTCOMES[record.outcome]}${record.format === null ? '' : `, ${record.format}`}`, WIDTH),
  ];
  if (record.why !== null) lines.push(...wrapped(visible(record.why)));
  if (record.text !== null) lines.push(`  ${cut(visible(record.text), WIDTH - 2)}`);
  lines.push(...record.fields.map(describeField));
  for (const { field, message } of record.warnings) lines.push(...wrapped(visible(`warning: ${field}: ${message}`)));
  return `${lines.join('\n')}\n`;
}

function describeField({ name, value, from }: TriedField): string {
  const shown = cut(visible(value), VALUE_WIDTH);
  const places = placesText(from);
  const gap = ' '.repeat(Math.max(1, VALUE_WIDTH - [...shown].length + 1));
  const line = `  ${name.padEnd(NAME_WIDTH)} ${shown}${places === '' ? '' : gap}`;
  return `${line}${cut(places, WIDTH - [...line].length)}`;
}

/** Everything in the record makes a digest, which no list of places would say. */
function placesText(from: readonly string[] | null): string {
  if (from === null) return '';
  const more = from.length - PLACES_SHOWN;
  if (more > PLACES_SHOWN) return `${visible(from[0] ?? '')} and ${from.length - 1} others`;
  return `${from.slice(0, PLACES_SHOWN).map(visible).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = '   ';
    }
    line = `${line} ${cut(word, WIDTH - line.length - 1)}`;
  }
  return [...lines, line];
}
