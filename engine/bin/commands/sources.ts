import { EngineError } from '../../../shared/model/errors.ts';
import { type Source, type SourceHealth, type SourceState, sourceDraftSchema } from '../../../shared/model/source.ts';
import type { EngineClient } from '../../serve/in-process.ts';
import { type ParsedArguments, UsageError } from '../arguments.ts';
import { EVENWATCH } from '../called-by-npm.ts';
import type { Command, CommandContext, CommandResult } from '../command.ts';
import { count, table, utc, visible } from '../terminal.ts';
import { statementFor } from './decision-statement.ts';

type Listed = { source: Source; health: SourceHealth };

const STATE_WORDS: Record<SourceState, string> = {
  off: 'off',
  starting: 'starting',
  waiting: 'waits',
  running: 'runs',
  held: 'held back',
  failing: 'fails',
  silent: 'silent',
};

/** The source of this name, or of this id. Throws EngineError naming those that there are. */
export async function sourceNamed(client: EngineClient, args: ParsedArguments, command: string): Promise<Listed> {
  const [name, ...rest] = args.positionals;
  if (name === undefined || rest.length > 0) throw new UsageError(`Name one source: ${EVENWATCH} ${command} NAME.`);
  const all = await client.sources.list({});
  const found = all.find(({ source }) => source.name === name) ?? all.find(({ source }) => String(source.id) === name);
  if (found !== undefined) return found;
  const known =
    all.length === 0 ? 'There are none yet.' : `There are: ${all.map(({ source }) => source.name).join(', ')}.`;
  throw new EngineError('not_found', `There is no source named ${name}. ${known}`);
}

export const sourcesListCommand: Command = {
  name: 'sources list',
  usage: '',
  summary: 'Show the live sources and how they do',
  flags: {},
  async run({ engine, terminal }) {
    const { client } = await engine();
    const sources = await client.sources.list({});
    const { runsHere } = await client.sources.choices({});
    return { json: { runsHere, sources }, text: describe(sources, runsHere, terminal.columns), isOk: true };
  },
};

function describe(sources: readonly Listed[], runsHere: boolean, width: number | null): string {
  if (sources.length === 0) return `No live sources. Set one up: ${EVENWATCH} help sources add\n`;
  const rows = table<Listed>(
    [
      { title: 'ID', align: 'right', cell: ({ source }) => String(source.id) },
      { title: 'NAME', cell: ({ source }) => source.name },
      { title: 'STATE', cell: ({ health }) => STATE_WORDS[health.state] },
      { title: 'WHERE', cell: ({ source, health }) => health.listensOn ?? placeOf(source), isElastic: true },
      { title: 'LAST RECORD', cell: ({ health }) => utc(health.lastRecordAtMs) },
      { title: 'THIS HOUR', align: 'right', cell: ({ health }) => count(health.thisHour) },
      { title: 'LAST HOUR', align: 'right', cell: ({ health }) => count(health.lastHour) },
      { title: 'STORED', align: 'right', cell: ({ health }) => count(health.counts.stored) },
      { title: 'UNREAD', align: 'right', cell: ({ health }) => count(health.counts.rejected) },
    ],
    sources,
    width,
  );
  const letGo = sources.flatMap(({ source, health }) =>
    health.letGo === null
      ? []
      : [
          `${visible(source.name)}: ${count(health.letGo.letters)} that could not be read were let go, the oldest first, because ${health.letGo.why}\n`,
        ],
  );
  const problems = sources.flatMap(({ source, health }) =>
    health.problem === null ? [] : [`${visible(source.name)}: ${visible(health.problem)}\n`],
  );
  const hint = runsHere ? '' : 'Sources run while a window or a server is open on this data folder; none is.\n';
  return `${rows}${letGo.join('')}${problems.join('')}${hint}`;
}

function placeOf({ settings }: Source): string {
  switch (settings.kind) {
    case 'file':
    case 'folder':
      return settings.path;
    case 'syslog':
      return `${settings.transport}://${settings.host}:${settings.port}`;
    case 'http':
      return `http://${settings.host}:${settings.port}`;
    case 'elasticsearch':
      return `${settings.url} ${settings.index}`;
  }
}

export const sourcesRemoveCommand: Command = {
  name: 'sources remove',
  usage: 'NAME',
  summary: 'End a source; its alerts and its counts stay',
  flags: {},
  async run({ args, engine }) {
    const { client } = await engine();
    const { source } = await sourceNamed(client, args, 'sources remove');
    const { summary } = await client.sources.remove({ statement: statementFor('source.remove'), id: source.id });
    return { json: { id: source.id, name: source.name }, text: `${visible(summary)}.\n`, isOk: true };
  },
};

export const sourcesEnableCommand: Command = {
  name: 'sources enable',
  usage: 'NAME',
  summary: 'Switch a source on',
  flags: {},
  run: (context) => switchTo(context, true),
};

export const sourcesDisableCommand: Command = {
  name: 'sources disable',
  usage: 'NAME',
  summary: 'Switch a source off; it goes on later where it stopped',
  flags: {},
  run: (context) => switchTo(context, false),
};

async function switchTo({ args, engine }: CommandContext, isEnabled: boolean): Promise<CommandResult> {
  const { client } = await engine();
  const { source } = await sourceNamed(client, args, `sources ${isEnabled ? 'enable' : 'disable'}`);
  await client.sources.save({
    statement: statementFor('source.save'),
    id: source.id,
    version: source.version,
    draft: sourceDraftSchema.parse({ ...source, isEnabled }),
  });
  const text = `${visible(source.name)} is ${isEnabled ? 'on' : 'off'}.\n`;
  return { json: { id: source.id, name: source.name, isEnabled }, text, isOk: true };
}

export const sourcesTokenCommand: Command = {
  name: 'sources token',
  usage: 'NAME',
  summary: 'Make a new token for a source that is pushed to; the one before stops at once',
  flags: {},
  async run({ args, engine }) {
    const { client } = await engine();
    const { source } = await sourceNamed(client, args, 'sources token');
    if (source.settings.kind !== 'http') {
      throw new EngineError('invalid_input', `${source.name} takes no token: only sources pushed to over HTTP do.`);
    }
    const { token } = await client.sources.newToken({ statement: statementFor('source.token'), id: source.id });
    return { json: { id: source.id, name: source.name, token }, text: tokenText(token), isOk: true };
  },
};

/** Said once: only its digest is kept. */
export function tokenText(token: string | null): string {
  return token === null ? '' : `Token, shown this once: ${token}\n`;
}
