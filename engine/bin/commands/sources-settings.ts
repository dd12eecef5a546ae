import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';
import { EngineError } from '../../../shared/model/errors.ts';
import { SOURCE_KINDS, type SourceDraft, type SourceKind, sourceDraftSchema } from '../../../shared/model/source.ts';
import { allowedPath, allowSourceFolder } from '../../ingest/sources/source-folders.ts';
import { type Flags, type ParsedArguments, UsageError } from '../arguments.ts';
import { EVENWATCH } from '../called-by-npm.ts';
import type { Command } from '../command.ts';
import { visible } from '../terminal.ts';
import { statementFor } from './decision-statement.ts';
import { sourceNamed, tokenText } from './sources.ts';

const SETTING_FLAGS: Flags = {
  name: { value: 'NAME', help: 'how people know it (add: what it reads)' },
  format: { value: 'FORMAT', help: 'whose records they are, where auto should not decide' },
  site: { value: 'NAME', help: 'a label on what comes in' },
  'no-site': { value: null, help: 'takes the label away' },
  'quiet-after': { value: 'MINUTES', help: 'when it counts as silent: minutes, habit, or never (habit)' },
  'from-end': { value: null, help: 'file: begin at its end' },
  pattern: { value: 'PATTERN', help: 'folder: names to take, with * and ?' },
  index: { value: 'INDEX', help: 'elasticsearch: index, alias or pattern' },
  query: { value: 'JSON', help: 'elasticsearch: a query in the query DSL' },
  'time-field': { value: 'FIELD', help: 'elasticsearch: field of the time (@timestamp)' },
  every: { value: 'SECONDS', help: 'elasticsearch: how often it is asked (30)' },
  auth: { value: 'WAY', help: 'elasticsearch: none, api_key or basic' },
  user: { value: 'NAME', help: 'elasticsearch: user of basic' },
  'secret-from': { value: 'FILE', help: 'file with the key or password, or - for standard input' },
  ca: { value: 'FILE', help: 'elasticsearch: authority to trust, a file of the folder tls' },
  'tls-cert': { value: 'FILE', help: 'syslog, http: certificate, a file of the folder tls' },
  'tls-key': { value: 'FILE', help: 'syslog, http: its key' },
  'tls-client-ca': { value: 'FILE', help: 'syslog, http: senders need a certificate of this authority' },
};

const USAGE = 'file PATH | folder PATH | syslog tcp://HOST:PORT | http HOST:PORT | elasticsearch URL';

export const sourcesAddCommand: Command = {
  name: 'sources add',
  usage: 'KIND TARGET',
  summary: `Set up a live source: ${USAGE}`,
  flags: SETTING_FLAGS,
  async run(context) {
    const { args, engine, dataDir, terminal } = context;
    const [kindName, target, ...rest] = args.positionals;
    const kind = SOURCE_KINDS.find((each) => each === kindName);
    if (kind === undefined || target === undefined || rest.length > 0) {
      throw new UsageError(`Say what it reads: ${EVENWATCH} sources add ${USAGE}.`);
    }
    const draft = draftOf({ name: args.text('name') ?? target, settings: { kind, ...targetOf(kind, target) } }, args);
    const secret = await secretFrom(args, context.stdin);
    const { client } = await engine();
    const { isSample } = await client.workspace.get({});
    if (isSample) {
      throw new EngineError(
        'unsupported',
        'The sample is open, and it takes nothing in. Start a workspace of your own.',
      );
    }
    if (kind === 'file' || kind === 'folder') await allowPlace(dataDir, draft, (line) => terminal.err(line));
    const statement = statementFor('source.save');
    const { id, token } = await client.sources.save({ statement, id: null, version: null, draft, secret });
    const { runsHere } = await client.sources.choices({});
    const text = `Set up ${visible(draft.name)} (${id}).\n${tokenText(token)}${nextSteps(draft, runsHere)}`;
    return { json: { id, name: draft.name, token }, text, isOk: true };
  },
};

export const sourcesSetCommand: Command = {
  name: 'sources set',
  usage: 'NAME',
  summary: 'Change a source; what is not named stays',
  flags: { ...SETTING_FLAGS, target: { value: 'TARGET', help: 'another path, address or URL' } },
  async run(context) {
    const { args, engine, dataDir, terminal } = context;
    const { client } = await engine();
    const { source } = await sourceNamed(client, args, 'sources set');
    const target = args.text('target');
    const { kind } = source.settings;
    const settings = { ...source.settings, ...(target === undefined ? {} : targetOf(kind, target)) };
    const draft = draftOf({ ...source, name: args.text('name') ?? source.name, settings }, args);
    const secret = await secretFrom(args, context.stdin);
    if (target !== undefined && (kind === 'file' || kind === 'folder')) {
      await allowPlace(dataDir, draft, (line) => terminal.err(line));
    }
    const statement = statementFor('source.save');
    await client.sources.save({ statement, id: source.id, version: source.version, draft, secret });
    return { json: { id: source.id, name: draft.name }, text: `Changed ${visible(draft.name)}.\n`, isOk: true };
  },
};

/** What is left to do until the first alert is in: somebody to listen, and somebody to send. */
function nextSteps({ settings }: SourceDraft, runsHere: boolean): string {
  const start = runsHere ? '' : `It runs while a window or a server is open on this data folder: ${EVENWATCH} hub\n`;
  return `${start}${trialOf(settings)}`;
}

/** A line that sends a first alert. Nothing for TLS, where it depends on the certificate, and for what is read by itself. */
function trialOf(settings: SourceDraft['settings']): string {
  if (settings.kind === 'syslog' && settings.transport !== 'tls') {
    const way = settings.transport === 'tcp' ? '-T' : '-d';
    const alert = 'CEF:0|Vendor|Product|1|100|A test|5|src=192.0.2.1';
    return `To try it: logger -n ${settings.host} -P ${settings.port} ${way} '${alert}'\n`;
  }
  if (settings.kind === 'http' && settings.tls === null) {
    const place = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    const url = `http://${place}:${settings.port}/v1/alerts`;
    return `To try it: curl -X POST -T alerts.ndjson -H 'Authorization: Bearer TOKEN' ${url}\n`;
  }
  return '';
}

function targetOf(kind: SourceKind, target: string): object {
  switch (kind) {
    case 'file':
    case 'folder':
      return { path: resolve(target) };
    case 'elasticsearch':
      return { url: target };
    case 'http':
      return hostAndPort(target.replace(/^https?:\/\//, ''));
    case 'syslog': {
      const [, transport, place] = /^(udp|tcp|tls):\/\/(.+)$/.exec(target) ?? [];
      if (transport === undefined || place === undefined) {
        throw new UsageError(`Syslog listens on udp://, tcp:// or tls://HOST:PORT, not "${target}".`);
      }
      return { transport, ...hostAndPort(place) };
    }
  }
}

function hostAndPort(place: string): { host: string; port: number } {
  const [, host, port] = /^(?:\[([^\]]+)\]|[^:]+):(\d+)\/?$/.exec(place) ?? [];
  if (port === undefined) throw new UsageError(`Name host and port: 127.0.0.1:5514, not "${place}".`);
  return { host: host ?? place.slice(0, place.lastIndexOf(':')), port: Number(port) };
}

/** The draft with what the options say put in. Throws UsageError for what the schema refuses. */
function draftOf(base: { name: string; settings: object } & object, args: ParsedArguments): SourceDraft {
  const given = (name: string, key: string) => {
    const value = args.text(name);
    return value === undefined ? {} : { [key]: value };
  };
  const every = args.text('every');
  const tls = {
    ...given('tls-cert', 'certFile'),
    ...given('tls-key', 'keyFile'),
    ...given('tls-client-ca', 'clientCaFile'),
  };
  const before = 'tls' in base.settings && base.settings.tls !== null ? base.settings.tls : undefined;
  const settings = {
    ...base.settings,
    ...(args.isSet('from-end') ? { fromStart: false } : {}),
    ...given('pattern', 'pattern'),
    ...given('index', 'index'),
    ...given('query', 'query'),
    ...given('time-field', 'timestampField'),
    ...(every === undefined ? {} : { everySeconds: args.whole('every', 30, 1, 86_400) }),
    ...given('auth', 'auth'),
    ...given('user', 'login'),
    ...given('ca', 'caFile'),
    ...(Object.keys(tls).length > 0 ? { tls: { ...(typeof before === 'object' ? before : {}), ...tls } } : {}),
  };
  const parsed = sourceDraftSchema.safeParse({
    ...base,
    settings,
    ...given('format', 'format'),
    ...given('site', 'site'),
    ...(args.isSet('no-site') ? { site: null } : {}),
    ...quietAfter(args),
  });
  if (parsed.success) return parsed.data;
  throw new UsageError(`These settings cannot be: ${z.prettifyError(parsed.error)}`);
}

function quietAfter(args: ParsedArguments): { quietAfterMinutes?: number | null } {
  const value = args.text('quiet-after');
  if (value === undefined) return {};
  if (value === 'habit') return { quietAfterMinutes: null };
  if (value === 'never') return { quietAfterMinutes: 0 };
  return { quietAfterMinutes: args.whole('quiet-after', 0, 1, 525_600) };
}

/** Never from the command line itself: every account of the machine sees that. */
async function secretFrom(args: ParsedArguments, stdin: Readable): Promise<string | null> {
  const path = args.text('secret-from');
  if (path === undefined) return null;
  return (path === '-' ? await textOf(stdin) : await readFile(path, 'utf8')).replace(/\r?\n$/, '');
}

/** Whoever sits at the machine and names a path means that it may be read; what that opens is said. */
async function allowPlace(dataDir: string, draft: SourceDraft, say: (line: string) => void): Promise<void> {
  const { settings } = draft;
  if (settings.kind !== 'file' && settings.kind !== 'folder') return;
  const isAllowed = await allowedPath(dataDir, settings.path).then(
    () => true,
    () => false,
  );
  if (isAllowed) return;
  const folder = settings.kind === 'folder' ? settings.path : dirname(settings.path);
  await allowSourceFolder(dataDir, folder);
  say(`From now on sources may read ${visible(folder)} and what lies below it.\n`);
}
