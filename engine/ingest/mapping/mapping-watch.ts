import type { Log } from '../../ports.ts';
import type { Writer } from '../../writer.ts';
import type { MappingTexts } from '../formats/index.ts';
import type { MappingsTaken } from './current-mappings.ts';
import { type MappingDirs, type MappingProblem, type MappingReading, readMappingDirs } from './mapping-files.ts';
import { MappingFolder } from './mapping-folder.ts';

/** The mapping files as handlers see them. */
export interface MappingsInView {
  /** Looks at the files at once; the answer means that what lies there now is in force, or is a problem. */
  look(): Promise<void>;
  /** Ends when no files are being taken up: whoever was woken by a change finds all of it after that. */
  settled(): Promise<void>;
  /** What is wrong with the files that lie there. */
  readonly problems: readonly MappingProblem[];
}

export interface MappingWatchParts {
  dirs: MappingDirs;
  writer: Pick<Writer, 'takeUpMappings'>;
  log: Log;
  /** Called with what is in force, before anybody is told that it is. */
  onTaken(texts: MappingTexts): void;
}

/** Brings changed mapping files into the running engine: read here, put in force by the writer, told to all who read. */
export class MappingWatch implements MappingsInView {
  readonly #parts: MappingWatchParts;
  readonly #folder: MappingFolder;
  readonly #listeners: (() => Promise<void>)[] = [];
  #problems: readonly MappingProblem[] = [];
  #taking: Promise<void> = Promise.resolve();

  private constructor(parts: MappingWatchParts, first: MappingReading) {
    this.#parts = parts;
    const takeUp = (reading: MappingReading): Promise<void> => {
      const taking = this.#takeUp(reading);
      this.#taking = taking.catch(() => {});
      return taking;
    };
    this.#folder = new MappingFolder({ dirs: parts.dirs, first, takeUp, log: parts.log });
  }

  /** Puts in force what lies there now. */
  static async open(parts: MappingWatchParts): Promise<MappingWatch> {
    const first = readMappingDirs(parts.dirs);
    const watch = new MappingWatch(parts, first);
    watch.#keep(await parts.writer.takeUpMappings(first));
    return watch;
  }

  get problems(): readonly MappingProblem[] {
    return this.#problems;
  }

  /** Called after each change, when everybody reads by it already. */
  onTaken(listener: () => Promise<void>): void {
    this.#listeners.push(listener);
  }

  /** Looks by itself from now on. */
  start(): void {
    if (this.#parts.dirs.own !== null) this.#folder.start();
  }

  settled(): Promise<void> {
    return this.#taking;
  }

  look(): Promise<void> {
    return this.#folder.look();
  }

  close(): Promise<void> {
    return this.#folder.close();
  }

  async #takeUp(reading: MappingReading): Promise<void> {
    this.#keep(await this.#parts.writer.takeUpMappings(reading));
    for (const listener of this.#listeners) await listener();
  }

  #keep({ texts, problems }: MappingsTaken): void {
    this.#problems = problems;
    this.#parts.onTaken(texts);
  }
}
