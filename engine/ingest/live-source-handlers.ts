import { mkdir, readdir } from 'node:fs/promises';
import { EngineError } from '../../shared/model/errors.ts';
import type { Source, SourceHealth, SourceState } from '../../shared/model/source.ts';
import { type HandlerDeps, ownerOrPerson } from '../handler-deps.ts';
import type { CallContext, Handlers, InputOf, OutputOf } from '../handlers.ts';
import type { Random } from '../ports.ts';
import { lettersLetGo } from '../store/letter-room.ts';
import { listSources, sourceById, sourceHealth, sourceHours } from '../store/live-sources.ts';
import type { Tables } from '../store/schema.ts';
import type { FormatCatalogue } from './formats/index.ts';
import type { RenewToken, SaveSource } from './live-source-commands.ts';
import { inboxDir, sourceFolders } from './sources/source-folders.ts';
import { type SourceRunner, secretGoesTo, secretName, tlsDir, tokenDigest } from './sources/source-runner.ts';

const HOUR_MS = 3_600_000;
const TOKEN_BYTES = 24;
const HINT_LENGTH = 4;

type LiveSourceHandlers = Pick<Handlers['sources'], 'list' | 'choices' | 'save' | 'remove' | 'newToken'>;

/** Setting up live sources and seeing how they do. `runner` is null where this host runs none. */
export function liveSourceHandlers(
  deps: HandlerDeps & { dataDir: string; runner: SourceRunner | null },
): LiveSourceHandlers {
  const { store, writer, ports, dataDir, runner } = deps;
  const write = async (context: CallContext, name: string, input: unknown) => {
    const answer = await writer.run(name, input, await ownerOrPerson(context, store));
    // The answer's type is that of the command registered under this name.
    return answer as Omit<OutputOf<'sources', 'save'>, 'token'>;
  };
  const run = async (context: CallContext, name: string, input: unknown) => {
    const answer = await write(context, name, input);
    await runner?.refresh();
    return answer;
  };
  return {
    list: () => listWithHealth(deps),
    choices: async () => {
      await deps.mappings.settled();
      return {
        formats: deps.formats.formats.map(({ name, label }) => ({ name, label })),
        folders: await sourceFolders(dataDir),
        tlsFiles: (await readdir(tlsDir(dataDir)).catch(() => [])).filter((name) => !name.startsWith('.')).sort(),
        runsHere: runner !== null,
      };
    },
    save: async (context, input) => {
      refuseUnknownFormat(deps.formats, input);
      const token = input.id === null && input.draft.settings.kind === 'http' ? makeToken(ports.random) : null;
      if (input.draft.settings.kind === 'folder') await mkdir(inboxDir(dataDir), { recursive: true });
      const secret = await secretToKeep(deps, input);
      const request: SaveSource = { ...input, secret: null, newToken: token === null ? null : digestOf(token) };
      const answer = await write(context, 'sources.save', request);
      // Before it starts with the new settings: the secret of the old ones is for nobody else.
      if (secret !== null) await ports.secrets.set(secretName(answer.id), secret);
      await (secret === null ? runner?.refresh() : runner?.restart(answer.id));
      return { ...answer, token };
    },
    remove: async (context, input) => {
      const answer = await run(context, 'sources.remove', input);
      await ports.secrets.set(secretName(input.id), '');
      return answer;
    },
    newToken: async (context, input) => {
      const token = makeToken(ports.random);
      const request: RenewToken = { ...input, newToken: digestOf(token) };
      return { ...(await run(context, 'sources.newToken', request)), token };
    },
  };
}

/**
 * What becomes of the secret of a source: null leaves it, an empty one removes it. A key or password was entered for one
 * server. Whoever names another server has to enter it again: else it could be had by sending it to oneself.
 */
async function secretToKeep({ store }: HandlerDeps, input: InputOf<'sources', 'save'>): Promise<string | null> {
  const { id, draft, secret } = input;
  if (id === null || secret !== null) return secret;
  const before = await store.read((db) => sourceById(db, id));
  if (before === null || secretGoesTo(before.settings) === secretGoesTo(draft.settings)) return null;
  // Somebody else was faster: the command refuses it, and nothing is removed before.
  if (before.version !== input.version) return null;
  if (draft.settings.kind === 'elasticsearch' && draft.settings.auth !== 'none') {
    throw new EngineError(
      'invalid_input',
      'The address is another one now. Enter the key or password again, so that it goes nowhere it was not meant for.',
    );
  }
  return '';
}

function refuseUnknownFormat(formats: FormatCatalogue, { draft }: InputOf<'sources', 'save'>): void {
  if (draft.format === 'auto' || formats.named(draft.format) !== null) return;
  const known = formats.formats.map(({ name }) => name).join(', ');
  throw new EngineError('invalid_input', `“${draft.format}” is no known format. Use auto, ${known}.`);
}

function makeToken(random: Random): string {
  return Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
}

function digestOf(token: string) {
  return { tokenDigest: tokenDigest(token), tokenHint: token.slice(-HINT_LENGTH) };
}

async function listWithHealth({
  store,
  ports,
  runner,
}: HandlerDeps & { runner: SourceRunner | null }): Promise<OutputOf<'sources', 'list'>> {
  const hour = Math.floor(ports.clock.nowMs() / HOUR_MS);
  const { sources, stored, hours, letGo } = await store.read(async (db) => ({
    sources: await listSources(db),
    stored: await sourceHealth(db),
    hours: await sourceHours(db, hour - 1),
    letGo: await lettersLetGo(db),
  }));
  return sources.flatMap((source) => {
    const row = stored.get(source.id);
    if (row === undefined) return [];
    const recordsIn = (at: number) =>
      hours.find((each) => each.source_id === source.id && each.hour === at)?.records ?? 0;
    return [
      {
        source,
        health: {
          ...healthOf(source, row, runner),
          lastHour: recordsIn(hour - 1),
          thisHour: recordsIn(hour),
          letGo: letGo.get(source.name) ?? null,
        },
      },
    ];
  });
}

function healthOf(
  source: Source,
  row: Tables['source_health'],
  runner: SourceRunner | null,
): Omit<SourceHealth, 'lastHour' | 'thisHour' | 'letGo'> {
  const live = runner?.stateOf(source.id) ?? null;
  const { read, stored, updated, duplicates, rejected, skipped } = row;
  return {
    state: stateOf(source, row, live),
    // What was wrong when it was switched off is wrong no longer.
    problem: source.isEnabled ? row.problem : null,
    problemAtMs: source.isEnabled ? row.problem_at_ms : null,
    lastRecordAtMs: row.last_record_at_ms,
    lastAlertAtMs: row.last_alert_at_ms,
    behind: live?.state.behind ?? null,
    listensOn: live?.state.listensOn ?? null,
    connections: live?.state.connections ?? null,
    dropped: row.dropped,
    counts: { read, stored, updated, duplicates, rejected, skipped },
  };
}

/** What is worst comes first. */
function stateOf(source: Source, row: Tables['source_health'], live: ReturnType<SourceRunner['stateOf']>): SourceState {
  if (!source.isEnabled || live === null) return 'off';
  if (live.phase === 'failing' || row.problem !== null) return 'failing';
  if (live.phase === 'starting') return 'starting';
  if (live.state.isHeld) return 'held';
  // What came since is told to the queue within a minute.
  if (row.silent_since_ms !== null && (row.last_record_at_ms ?? 0) <= row.silent_since_ms) return 'silent';
  return row.last_record_at_ms === null ? 'waiting' : 'running';
}
