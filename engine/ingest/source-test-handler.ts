import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { EngineError } from '../../shared/model/errors.ts';
import type { Source, SourceDraft } from '../../shared/model/source.ts';
import type { HandlerDeps } from '../handler-deps.ts';
import type { Handlers, InputOf, OutputOf } from '../handlers.ts';
import { sourceById, tokenDigests } from '../store/live-sources.ts';
import { takesText } from './delivery.ts';
import { previewsOf } from './source-preview.ts';
import { isPushed, TRIAL_RECORDS, type Trial, TrialCollector, trySource } from './source-trial.ts';
import { SOURCE_STARTERS } from './sources/kinds.ts';
import type { StartSource } from './sources/live-source.ts';
import { allowedPath } from './sources/source-folders.ts';
import { isDigestOf, type SourceRunner, secretGoesTo, secretName, tlsPath } from './sources/source-runner.ts';

type TestInput = InputOf<'sources', 'test'>;
type TestAnswer = OutputOf<'sources', 'test'>;
export type SourceTestDeps = HandlerDeps & {
  dataDir: string;
  runner: SourceRunner | null;
  /** Other starters in tests. */
  starters?: Partial<Record<Source['settings']['kind'], StartSource>>;
};

/** Tries the settings of a source and shows its first records as they would be stored. Stores nothing. */
export function sourceTestHandler(deps: SourceTestDeps): Pick<Handlers['sources'], 'test'> {
  return {
    test: async (_context, input) => {
      await deps.mappings.look();
      if (input.draft.format !== 'auto' && deps.formats.named(input.draft.format) === null) {
        throw new EngineError('invalid_input', `“${input.draft.format}” is no known format.`);
      }
      if (input.sample !== null) return testSample(deps, input.draft, input.sample);
      const saved = input.id === null ? null : await deps.store.read((db) => sourceById(db, Number(input.id)));
      if (input.id !== null && saved === null) throw new EngineError('not_found', 'This source was removed.');
      const tapped = saved === null ? null : await tapRunning(deps, saved, input);
      return answerOf(input.draft, tapped ?? (await startOnTrial(deps, input, saved)), tapped !== null, saved !== null);
    },
  };
}

async function testSample(
  deps: SourceTestDeps,
  { format, settings }: SourceDraft,
  sample: string,
): Promise<TestAnswer> {
  const records = await previewsOf(
    { kind: 'text', bytes: Buffer.from(sample), head: null, firstLine: 1 },
    {
      formats: deps.formats,
      format,
      takesText: takesText(settings.kind, format),
      limit: TRIAL_RECORDS,
      nowMs: deps.ports.clock.nowMs(),
    },
  );
  const message = records.length === 0 ? 'There is no record in this text.' : tell(records);
  return { message, isReached: records.length > 0, records };
}

/** A listener that runs already with these settings is not opened twice: what comes in next is shown, and is stored too. */
async function tapRunning(deps: SourceTestDeps, saved: Source, input: TestInput): Promise<Trial | null> {
  const { draft, waitSeconds } = input;
  if (!isPushed(draft.settings.kind) || !isDeepStrictEqual(saved.settings, draft.settings)) return null;
  const collector = new TrialCollector(draft, { formats: deps.formats, nowMs: deps.ports.clock.nowMs() });
  const end = deps.runner?.tap(saved.id, (records) => void collector.add(records)) ?? null;
  if (end === null) return null;
  try {
    await Promise.race([collector.came, delay(waitSeconds * 1_000, undefined, { ref: false })]);
  } finally {
    end();
  }
  const listensOn = deps.runner?.stateOf(saved.id)?.state.listensOn ?? null;
  return { failure: null, listensOn, records: await collector.records() };
}

async function startOnTrial(deps: SourceTestDeps, input: TestInput, saved: Source | null): Promise<Trial> {
  const { ports, store, dataDir } = deps;
  const { draft, waitSeconds, secret } = input;
  const { kind } = draft.settings;
  // The settings of a source are of the kind by which its starter is found.
  const start = (deps.starters?.[kind] ?? SOURCE_STARTERS[kind]) as StartSource | undefined;
  if (start === undefined) throw new EngineError('unsupported', `This host runs no sources of the kind ${kind}.`);
  const collector = new TrialCollector(draft, { formats: deps.formats, nowMs: ports.clock.nowMs() });
  const digest = saved === null ? undefined : (await store.read(tokenDigests)).get(saved.id);
  // What is kept was entered for the server of the saved settings, and goes to no other.
  const isItsServer = saved !== null && secretGoesTo(saved.settings) === secretGoesTo(draft.settings);
  const secretOf = async () => secret ?? (isItsServer ? ports.secrets.get(secretName(saved.id)) : null);
  // Nobody can send to a source that has no token yet: it is enough that it could be opened.
  const waitMs = kind === 'http' && saved === null ? 0 : waitSeconds * 1_000;
  return trySource(
    start,
    {
      source: { ...draft, id: saved?.id ?? 0, version: 0, createdAtMs: ports.clock.nowMs(), tokenHint: null },
      clock: ports.clock,
      random: ports.random,
      log: ports.log,
      cursors: new Map(),
      secret: secretOf,
      isToken: (token) => isDigestOf(token, digest),
      tlsPath: (name) => tlsPath(dataDir, name),
      allowedPath: (path) => allowedPath(dataDir, path),
    },
    { collector, waitMs },
  );
}

function answerOf(draft: SourceDraft, trial: Trial, isTapped: boolean, isSaved: boolean): TestAnswer {
  const { failure, listensOn, records } = trial;
  const { kind } = draft.settings;
  const isReached = failure === null || records.length > 0;
  if (records.length > 0) {
    const stored = isTapped ? ' The source runs, so that they were stored too.' : isPushed(kind) ? NOT_STORED : '';
    return { message: `${tell(records)}${stored}`, isReached, records };
  }
  if (failure !== null) return { message: failure, isReached, records };
  return { message: nothingCame(draft, listensOn, isSaved), isReached, records };
}

const NOT_STORED = ' This was a test: nothing was stored, and who waits for an acknowledgement sends it again.';

function nothingCame({ settings }: SourceDraft, listensOn: string | null, isSaved: boolean): string {
  switch (settings.kind) {
    case 'http':
      if (!isSaved)
        return `${listening(listensOn)} Save the source to get its token, then send with it and test again.`;
      return `${listening(listensOn)} Nothing came with its token meanwhile. Let the sender send, and test again.`;
    case 'syslog':
      return `${listening(listensOn)} Nothing came meanwhile. Check that the sender sends there and that no firewall lies between.`;
    case 'elasticsearch':
      return `The index ${settings.index} answers, and no document in it matches. Widen the query, or wait for the first one.`;
    case 'file':
      return `${settings.path} can be read, and there is no record in it yet.`;
    case 'folder':
      return `${settings.path} can be read, and there is no file in it that matches ${settings.pattern} and holds a record.`;
  }
}

function listening(listensOn: string | null): string {
  return listensOn === null ? 'It listens.' : `It listens on ${listensOn}.`;
}

function tell(records: TestAnswer['records']): string {
  const alerts = records.filter(({ outcome }) => outcome === 'alert').length;
  const rejected = records.find(({ outcome }) => outcome === 'reject');
  const first = records.length === 1 ? 'The first record' : `Of the first ${records.length} records`;
  if (alerts === records.length) {
    return records.length === 1 ? 'The first record can be read.' : `The first ${records.length} records can be read.`;
  }
  if (rejected === undefined)
    return `It can be read, and ${records.length - alerts} of the first ${records.length} are no alerts.`;
  if (records.length === 1) return `${first} cannot be read: ${rejected.why}`;
  const bad = records.filter(({ outcome }) => outcome === 'reject').length;
  return `${first} ${bad} cannot be read; the first of them: ${rejected.why}`;
}
