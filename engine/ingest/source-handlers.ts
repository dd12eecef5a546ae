import { basename } from 'node:path';
import { EngineError } from '../../shared/model/errors.ts';
import type { MappingInForce, MappingProblem } from '../../shared/model/mapping.ts';
import { type Command, command } from '../commands.ts';
import { callerOf, type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { Handlers, OutputOf } from '../handlers.ts';
import { lettersLetGo } from '../store/letter-room.ts';
import { type MappingVersion, mappingsInForce, newestMappingMs } from '../store/mapping-versions.ts';
import {
  countDeadLetters,
  deadLetterCounts,
  deadLettersBelow,
  EVERY_DEAD_LETTER,
  formatTotals,
  recentRuns,
} from '../store/sources.ts';
import type { Read } from '../store/store.ts';
import { storedFilter } from './dead-letter-filter.ts';
import { deadLetterHandlers } from './dead-letter-handlers.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { importList, isTriageList } from './list-import.ts';
import type { MappingProblem as MappingFileProblem } from './mapping/mapping-files.ts';
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
    summary: async () => {
      await deps.mappings.settled();
      return store.read(async (db) => ({
        byFormat: (await formatTotals(db)).map((total) => ({ ...total, label: labelOf(deps.formats, total.format) })),
        runs: await recentRuns(db, RUNS_SHOWN),
        deadLetters: await countDeadLetters(db),
        mappings: {
          inForce: (await mappingsInForce(db)).map((row) => inForceOf(deps.formats, row)),
          problems: deps.mappings.problems.map(problemOf),
        },
      }));
    },
    deadLetters: (_context, { filter, cursor, limit }) =>
      store.read(async (db) => {
        const wanted = await storedFilter(db, filter);
        const items = await deadLettersBelow(db, wanted, cursorId(cursor), limit + 1);
        const page = items.slice(0, limit);
        return {
          items: page,
          nextCursor: items.length > limit ? String(page.at(-1)?.id) : null,
          total: await countDeadLetters(db, wanted),
          counts: await deadLetterCounts(db),
          letGo: [...(await lettersLetGo(db))].map(([origin, one]) => ({ origin, ...one })),
          mayReadNow: await mayReadNow(db, deps.formats),
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
      await deps.mappings.look();
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

function inForceOf(formats: FormatCatalogue, { name, file, from_ms }: MappingVersion): MappingInForce {
  return { name, label: labelOf(formats, name), file, sinceMs: from_ms };
}

/** By the name of its file: where the folder lies is for whoever sits at the machine. */
function problemOf({ path, level, line, column, message, isOldInForce = false }: MappingFileProblem): MappingProblem {
  return { file: basename(path), level, line, column, message, isOldInForce };
}

async function mayReadNow(
  db: Read,
  formats: FormatCatalogue,
): Promise<{ count: number; mappings: MappingInForce[] } | null> {
  const mappedAfterMs = await newestMappingMs(db);
  if (mappedAfterMs === null) return null;
  const count = await countDeadLetters(db, { ...EVERY_DEAD_LETTER, mappedAfterMs });
  if (count === 0) return null;
  const mappings = (await mappingsInForce(db)).filter(({ from_ms }) => from_ms === mappedAfterMs);
  return { count, mappings: mappings.map((row) => inForceOf(formats, row)) };
}

function labelOf(formats: FormatCatalogue, format: string): string {
  if (format === UNRECOGNISED) return 'Not recognised';
  return (formats.named(format) ?? formats.earlier(format)[0])?.label ?? format;
}

function cursorId(cursor: string | null): number | null {
  if (cursor === null) return null;
  const id = Number(cursor);
  if (!Number.isSafeInteger(id) || id < 0)
    throw new EngineError('invalid_input', 'The place in the list is not known.');
  return id;
}
