import { EngineError } from '../../shared/model/errors.ts';
import { type Command, command } from '../commands.ts';
import { callerOf, type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { Handlers, OutputOf } from '../handlers.ts';
import { countDeadLetters, deadLetterCounts, deadLettersBelow, formatTotals, recentRuns } from '../store/sources.ts';
import { deadLetterHandlers } from './dead-letter-handlers.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { importList, isTriageList } from './list-import.ts';
import { UNRECOGNISED } from './pipeline-tally.ts';
import type { Uploads } from './uploads.ts';

const RUNS_SHOWN = 50;

export function sourceCommands(): Readonly<Record<string, Command>> {
  return { 'sources.importList': command(importList) };
}

type SourceHandlers = Omit<Handlers['sources'], 'list' | 'choices' | 'save' | 'remove' | 'newToken' | 'test'>;

export function sourceHandlers(deps: HandlerDeps, uploads: Uploads): SourceHandlers {
  const { store, writer } = deps;
  return {
    summary: () =>
      store.read(async (db) => ({
        byFormat: (await formatTotals(db)).map((total) => ({ ...total, label: labelOf(deps.formats, total.format) })),
        runs: await recentRuns(db, RUNS_SHOWN),
        deadLetters: await countDeadLetters(db),
      })),
    deadLetters: (_context, { filter, cursor, limit }) =>
      store.read(async (db) => {
        const items = await deadLettersBelow(db, filter, cursorId(cursor), limit + 1);
        const page = items.slice(0, limit);
        return {
          items: page,
          nextCursor: items.length > limit ? String(page.at(-1)?.id) : null,
          total: await countDeadLetters(db, filter),
          counts: await deadLetterCounts(db),
        };
      }),
    ...deadLetterHandlers(deps),
    uploadBegin: async (context, { name, format, isHistory }) => {
      const caller = await callerOf(context, store);
      if (format !== 'auto' && deps.formats.named(format) === null) {
        const known = deps.formats.formats.map((each) => each.name).join(', ');
        throw new EngineError('invalid_input', `“${format}” is no known format. Use auto, ${known}.`);
      }
      return { uploadId: await uploads.begin(caller.id, { name, format, isHistory }) };
    },
    uploadAppend: async (context, { uploadId, offset, base64 }) => {
      const caller = await callerOf(context, store);
      return { received: await uploads.append(caller.id, uploadId, offset, base64) };
    },
    uploadFinish: async (context, { uploadId }) => {
      const caller = await callerOf(context, store);
      return uploads.finish(caller.id, uploadId, ({ path, name, format, isHistory }) =>
        writer.ingest({ paths: [path], format, isHistory, site: null, origin: `Uploaded: ${name}` }),
      );
    },
    importList: async (context, input) => {
      const answer = await runAsCaller<OutputOf<'sources', 'importList'>>(deps, context, 'sources.importList', input);
      if (isTriageList(input.kind)) await writer.reloadTriage();
      return answer;
    },
  };
}

function labelOf(formats: FormatCatalogue, format: string): string {
  if (format === UNRECOGNISED) return 'Not recognised';
  return formats.named(format)?.label ?? format;
}

function cursorId(cursor: string | null): number | null {
  if (cursor === null) return null;
  const id = Number(cursor);
  if (!Number.isSafeInteger(id) || id < 0)
    throw new EngineError('invalid_input', 'The place in the list is not known.');
  return id;
}
