import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { deliverUntilStored, SourceStopped } from './deliver-until-stored.ts';
import { fileProblem } from './file.ts';
import type { SourceContext, StartSource } from './live-source.ts';
import { ChangeHint } from './wait-for-change.ts';
import { type FileStamp, isMarkOf, readWholeFile, type WholeFileMark, wholeFileMarkSchema } from './whole-file.ts';

export interface FolderTiming {
  pollMs: number;
  leastMs: number;
  /** Size and time of a file stand still for so long before it is taken. */
  settleMs: number;
  /** A file that nobody has touched for so long is taken when it is first seen. */
  restingMs: number;
  /** What is known of a file is forgotten when the file is away for so long. */
  forgetMs: number;
}

const TIMING: FolderTiming = { pollMs: 1_000, leastMs: 50, settleMs: 1_000, restingMs: 10_000, forgetMs: 3_600_000 };
/** A folder with very many files is looked at for a tenth of the time at most. */
const REST_PER_LOOK = 10;
const LOOKED_AT_ONCE = 64;
/** As programs name what they have not finished writing. */
const UNFINISHED = /\.(?:tmp|temp|part|partial|filepart|crdownload|swp|lock)$|~$/i;

interface Found extends FileStamp {
  name: string;
  changedMs: number;
}

/** Takes files that appear whole in a folder. Deletes and moves nothing. */
export const startFolderWatch: StartSource<'folder'> = (context) => startFolderWith(context, TIMING);

/** The same at another pace. */
export async function startFolderWith(context: SourceContext<'folder'>, timing: FolderTiming) {
  // What the owner of the machine has to allow is said before anything is tried.
  await context.allowedPath(context.source.settings.path);
  const done = new FolderWatch(context, timing).run();
  return { stop: () => done };
}

/** `*` stands for any characters and `?` for one; everything else for itself. Hidden and unfinished names are never meant. */
export function namesLike(pattern: string): (name: string) => boolean {
  return (name) => !name.startsWith('.') && !UNFINISHED.test(name) && isLike(name, pattern);
}

/** Goes back to the last star alone, so that no pattern takes long. */
function isLike(name: string, pattern: string): boolean {
  let star = -1;
  let starAt = 0;
  let at = 0;
  for (let index = 0; at < name.length; ) {
    if (pattern[index] === '*') {
      star = index;
      starAt = at;
      index += 1;
    } else if (index < pattern.length && (pattern[index] === '?' || pattern[index] === name[at])) {
      index += 1;
      at += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      index = star + 1;
    } else return false;
    if (at === name.length) return /^\**$/.test(pattern.slice(index));
  }
  return /^\**$/.test(pattern);
}

class FolderWatch {
  readonly #context: SourceContext<'folder'>;
  readonly #timing: FolderTiming;
  readonly #hint = new ChangeHint();
  readonly #isTaken: (name: string) => boolean;
  readonly #marks = new Map<string, WholeFileMark>();
  readonly #doneByStamp = new Map<string, WholeFileMark>();
  /** Since when files have been as they are. */
  readonly #still = new Map<string, { stamp: FileStamp; sinceMs: number }>();
  readonly #awaySinceMs = new Map<string, number>();
  readonly #problems = new Map<string, string>();
  #folderProblem: string | null = null;

  constructor(context: SourceContext<'folder'>, timing: FolderTiming) {
    this.#context = context;
    this.#timing = timing;
    this.#isTaken = namesLike(context.source.settings.pattern);
    for (const [name, position] of context.cursors) {
      const mark = wholeFileMarkSchema.safeParse(position);
      if (mark.success) this.#keep(name, mark.data);
    }
  }

  async run(): Promise<void> {
    const { signal, log, source, clock } = this.#context;
    try {
      while (!signal.aborted) {
        const startedAtMs = clock.nowMs();
        let lookedMs = 0;
        try {
          const folder = await this.#context.allowedPath(source.settings.path);
          this.#hint.watch(folder);
          const due = await this.#look(folder);
          lookedMs = Math.max(0, clock.nowMs() - startedAtMs);
          this.#folderProblem = null;
          await this.#readAll(folder, due);
        } catch (error) {
          if (error instanceof SourceStopped) return;
          this.#folderProblem = this.#sentence(error);
          log.warn({ source: source.id, error: String(error) }, 'A watched folder could not be read');
        }
        this.#tell(0);
        await this.#hint.wait(Math.max(this.#timing.pollMs, lookedMs * REST_PER_LOOK), this.#timing.leastMs, signal);
      }
    } finally {
      this.#hint.close();
    }
  }

  #sentence(error: unknown): string {
    if (error instanceof EngineError) return error.message;
    const said = error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
    const { path } = this.#context.source.settings;
    return `${path} could not be read: ${said ? 'it is a file and no folder' : fileProblem(error)}.`;
  }

  #tell(behind: number): void {
    this.#context.show({ behind });
    const [first] = this.#problems;
    const more = this.#problems.size - 1;
    const others = more <= 0 ? '' : ` ${more} more could not be read either.`;
    const files =
      first === undefined ? null : `${first[0]} could not be read: ${first[1].replace(/\.$/, '')}.${others}`;
    this.#context.problem(this.#folderProblem ?? files);
  }

  /** The files that are to be read now, the oldest first. */
  async #look(folder: string): Promise<Found[]> {
    const nowMs = this.#context.clock.nowMs();
    const names = (await readdir(folder)).filter(this.#isTaken);
    const found: Found[] = [];
    for (let from = 0; from < names.length; from += LOOKED_AT_ONCE) {
      const some = await Promise.all(names.slice(from, from + LOOKED_AT_ONCE).map((name) => stampOf(folder, name)));
      found.push(...some.filter((file) => file !== null));
    }
    this.#noteAway(new Set(found.map(({ name }) => name)), nowMs);
    return found
      .filter((file) => this.#isDue(file, nowMs))
      .sort((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
  }

  #isDue(file: Found, nowMs: number): boolean {
    const mark = this.#marks.get(file.name);
    if (mark?.isDone === true && isSameStamp(mark, file)) return false;
    const still = this.#still.get(file.name);
    if (still === undefined || !isSameStamp(still.stamp, file)) {
      this.#still.set(file.name, { stamp: { size: file.size, changedNs: file.changedNs }, sinceMs: nowMs });
      return nowMs - file.changedMs >= this.#timing.restingMs;
    }
    return nowMs - still.sinceMs >= this.#timing.settleMs || nowMs - file.changedMs >= this.#timing.restingMs;
  }

  #noteAway(there: ReadonlySet<string>, nowMs: number): void {
    for (const name of this.#still.keys()) if (!there.has(name)) this.#still.delete(name);
    for (const name of this.#problems.keys()) if (!there.has(name)) this.#problems.delete(name);
    for (const name of this.#marks.keys()) {
      if (there.has(name)) this.#awaySinceMs.delete(name);
      else if (!this.#awaySinceMs.has(name)) this.#awaySinceMs.set(name, nowMs);
    }
  }

  async #readAll(folder: string, due: readonly Found[]): Promise<void> {
    let behind = due.reduce((sum, { size }) => sum + size, 0);
    for (const file of due) {
      if (this.#context.signal.aborted) throw new SourceStopped('The source stops');
      this.#tell(behind);
      try {
        await this.#read(folder, file);
      } catch (error) {
        if (error instanceof SourceStopped) throw error;
        // The others go on; this one is tried again at the next look.
        this.#problems.set(file.name, error instanceof EngineError ? error.message : fileProblem(error));
      }
      behind -= file.size;
    }
    await this.#forget();
  }

  async #read(folder: string, file: Found): Promise<void> {
    const path = await this.#context.allowedPath(join(folder, file.name));
    if (await this.#isRenamed(path, file)) return;
    this.#problems.delete(file.name);
    const stamp = { size: file.size, changedNs: file.changedNs };
    for await (const { records, mark } of readWholeFile(path, stamp, this.#marks.get(file.name) ?? null)) {
      await deliverUntilStored(this.#context, { records, cursors: [{ name: file.name, position: mark }], dropped: 0 });
      this.#keep(file.name, mark);
    }
  }

  /** A file that was read under another name is not read again: a rotation renames all of them. */
  async #isRenamed(path: string, file: Found): Promise<boolean> {
    const mark = this.#doneByStamp.get(keyOf(file));
    if (mark === undefined || this.#marks.get(file.name) === mark || !(await isMarkOf(path, mark))) return false;
    await deliverUntilStored(this.#context, {
      records: null,
      cursors: [{ name: file.name, position: mark }],
      dropped: 0,
    });
    this.#keep(file.name, mark);
    return true;
  }

  #keep(name: string, mark: WholeFileMark): void {
    this.#marks.set(name, mark);
    if (mark.isDone && mark.problem === null) this.#doneByStamp.set(keyOf(mark), mark);
    if (mark.problem !== null) this.#problems.set(name, mark.problem);
  }

  async #forget(): Promise<void> {
    const nowMs = this.#context.clock.nowMs();
    const names = [...this.#awaySinceMs].filter(([, sinceMs]) => nowMs - sinceMs >= this.#timing.forgetMs);
    if (names.length === 0) return;
    const cursors = names.map(([name]) => ({ name, position: null }));
    await deliverUntilStored(this.#context, { records: null, cursors, dropped: 0 });
    for (const [name] of names) {
      const mark = this.#marks.get(name);
      if (mark !== undefined) this.#doneByStamp.delete(keyOf(mark));
      this.#marks.delete(name);
      this.#awaySinceMs.delete(name);
    }
  }
}

function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.changedNs === b.changedNs;
}

function keyOf({ size, changedNs }: FileStamp): string {
  return `${size} ${changedNs}`;
}

/** Null for what is no file, or is gone again. A link counts as what it leads to. */
async function stampOf(folder: string, name: string): Promise<Found | null> {
  const found = await stat(join(folder, name), { bigint: true }).catch(() => null);
  if (found?.isFile() !== true) return null;
  const { size, mtimeNs } = found;
  return { name, size: Number(size), changedNs: String(mtimeNs), changedMs: Number(mtimeNs / 1_000_000n) };
}
