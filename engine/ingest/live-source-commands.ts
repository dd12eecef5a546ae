import { EngineError } from '../../shared/model/errors.ts';
import type { SourceDraft } from '../../shared/model/source.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import {
  insertSource,
  listSources,
  removeSource,
  setSourceToken,
  sourceById,
  updateSource,
} from '../store/live-sources.ts';

/** What the handler adds to the input of the contract: a token is made outside, and only its digest is kept. */
interface TokenDigest {
  tokenDigest: string;
  tokenHint: string;
}

export type SaveSource = InputOf<'sources', 'save'> & { newToken: TokenDigest | null };
export type RenewToken = InputOf<'sources', 'newToken'> & { newToken: TokenDigest };
type Saved = Omit<OutputOf<'sources', 'save'>, 'token'>;

export function liveSourceCommands(): Readonly<Record<string, Command>> {
  return {
    'sources.save': command(saveSource),
    'sources.remove': command(endSource),
    'sources.newToken': command(renewToken),
  };
}

async function saveSource(context: CommandContext, input: SaveSource): Promise<Saved> {
  checkStatement(input.statement, 'source.save', null);
  await refuseSameName(context, input.draft, input.id);
  const id =
    input.id === null ? await insertSource(context.tx, input.draft, context.nowMs) : await change(context, input);
  if (input.newToken !== null) {
    await setSourceToken(context.tx, id, input.newToken.tokenDigest, input.newToken.tokenHint);
  }
  const summary = `${input.id === null ? 'Set up' : 'Changed'} the source ${input.draft.name}`;
  return { ...(await done(context, input.statement, 'source.save', summary)), id };
}

async function change({ tx }: CommandContext, { id, version, draft }: SaveSource): Promise<number> {
  const before = id === null ? null : await sourceById(tx, id);
  if (before === null) throw new EngineError('not_found', 'This source was removed. Set it up anew.');
  if (before.version !== version) {
    throw new EngineError('conflict', 'Somebody changed this source meanwhile. Look at it again, then save.');
  }
  if (before.settings.kind !== draft.settings.kind) {
    throw new EngineError('invalid_input', 'A source stays of its kind. Set up another one and remove this.');
  }
  await updateSource(tx, before.id, draft);
  return before.id;
}

/** People tell sources apart by their names, in the queue and in dead letters. */
async function refuseSameName({ tx }: CommandContext, draft: SourceDraft, id: number | null): Promise<void> {
  const same = (await listSources(tx)).some((source) => source.name === draft.name && source.id !== id);
  if (same) throw new EngineError('conflict', `There is a source named ${draft.name} already. Choose another name.`);
}

async function endSource(
  context: CommandContext,
  { statement, id }: InputOf<'sources', 'remove'>,
): Promise<OutputOf<'sources', 'remove'>> {
  checkStatement(statement, 'source.remove', null);
  const source = await known(context, id);
  await removeSource(context.tx, id, context.nowMs);
  return done(context, statement, 'source.remove', `Removed the source ${source.name}`);
}

async function renewToken(context: CommandContext, { statement, id, newToken }: RenewToken): Promise<Saved> {
  checkStatement(statement, 'source.token', null);
  const source = await known(context, id);
  await setSourceToken(context.tx, id, newToken.tokenDigest, newToken.tokenHint);
  return { ...(await done(context, statement, 'source.token', `Gave ${source.name} a new token`)), id };
}

async function known({ tx }: CommandContext, id: number) {
  const source = await sourceById(tx, id);
  if (source === null) throw new EngineError('not_found', 'This source was removed.');
  return source;
}

async function done(
  context: CommandContext,
  statement: InputOf<'sources', 'remove'>['statement'],
  kind: 'source.save' | 'source.remove' | 'source.token',
  summary: string,
) {
  context.touch('source');
  const decisionId = await context.record({ kind, statement, summary, subjects: [] });
  return { decisionId, changed: 1, skipped: [], summary, seq: 0 };
}
