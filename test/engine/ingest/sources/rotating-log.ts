import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What is done to a log while somebody follows it, each as one step of the product or of the program that rotates. */
export const LOG_STEPS = ['write', 'half', 'rename', 'recreate', 'copy', 'pack'] as const;
export type LogStep = (typeof LOG_STEPS)[number];

export interface LogHabit {
  /** Each rotated file gets a number of its own, or the newest is always 1 and all others move up by one. */
  numbers: 'own' | 'shifted';
  /** Compressed under another name first, or in place, where it lies half written for a while. */
  packs: 'aside' | 'inPlace';
  /** The time that a compressed file bears: that of the file, as gzip keeps it; its whole seconds; or that of packing. */
  packedTime: 'kept' | 'seconds' | 'now';
}

/** Between two steps, so that no two files bear the same time. */
const STEP_MS = 5;
const BEGIN_MS = 1_767_000_000_123;

/**
 * A product that writes its log, and the program that rotates it, with a clock of their own. Every line that was
 * written stays somewhere in the folder: nothing is written between copying and emptying, and only what was compressed
 * is removed. So there is nothing that a reader would have to miss.
 */
export class RotatingLog {
  readonly path: string;
  readonly #habit: LogHabit;
  count = 0;
  #turns = 0;
  #half = '';
  #nowMs = BEGIN_MS;
  /** Second halves of steps that take a while. */
  #open: (() => void)[] = [];

  constructor(folder: string, habit: LogHabit) {
    this.path = join(folder, 'eve.json');
    this.#habit = habit;
    this.write(1);
    // A source that was set up in the second in which the log is rotated may miss the compressed file of that second.
    this.#nowMs += 3_000;
  }

  /** One step; what the step before left open is done first. */
  step(kind: LogStep, size: number): void {
    this.#nowMs += STEP_MS;
    this.#settle();
    if (kind === 'write') this.write(size);
    else if (kind === 'half') this.#writeHalf();
    else if (kind === 'pack') this.#pack(size % 3);
    else this.#rotate(kind, size);
  }

  /** Whatever was begun is brought to its end, and one more line comes. */
  finish(): void {
    this.#nowMs += STEP_MS;
    this.#settle();
    this.write(1);
  }

  #settle(): void {
    for (const rest of this.#open.splice(0)) rest();
  }

  write(lines: number): void {
    let text = this.#half;
    this.#half = '';
    for (let i = 0; i < lines; i += 1) text += this.#line();
    appendFileSync(this.path, text);
    this.#stamp(this.path);
  }

  #writeHalf(): void {
    if (this.#half !== '') return;
    const line = this.#line();
    appendFileSync(this.path, line.slice(0, 9));
    this.#stamp(this.path);
    this.#half = line.slice(9);
  }

  #line(): string {
    this.count += 1;
    return `${JSON.stringify({ n: this.count, pad: 'x'.repeat((this.count * 37) % 400) })}\n`;
  }

  #stamp(path: string, atMs = this.#nowMs): void {
    utimesSync(path, atMs / 1_000, atMs / 1_000);
  }

  #rotate(way: 'rename' | 'recreate' | 'copy', size: number): void {
    if (!existsSync(this.path)) return;
    if (this.#half !== '') this.write(1);
    const turned = this.#nextName();
    if (way === 'copy') {
      copyFileSync(this.path, turned);
      this.#stamp(turned);
      const empty = () => {
        truncateSync(this.path);
        this.#stamp(this.path);
      };
      if (size % 2 === 0) empty();
      else this.#open.push(empty);
      return;
    }
    renameSync(this.path, turned);
    if (way === 'recreate') {
      writeFileSync(this.path, '');
      this.#stamp(this.path);
    }
  }

  #nextName(): string {
    this.#turns += 1;
    if (this.#habit.numbers === 'own') return `${this.path}.${this.#turns}`;
    for (let n = this.#turns - 1; n > 0; n -= 1) {
      for (const end of ['', '.gz']) {
        if (existsSync(`${this.path}.${n}${end}`)) renameSync(`${this.path}.${n}${end}`, `${this.path}.${n + 1}${end}`);
      }
    }
    return `${this.path}.1`;
  }

  #pack(age: number): void {
    const number = this.#habit.numbers === 'own' ? this.#turns - age : age + 1;
    const turned = `${this.path}.${number}`;
    if (!existsSync(turned)) return;
    const bytes = gzipSync(readFileSync(turned));
    const { mtimeMs } = statSync(turned);
    const times = { kept: Math.floor(mtimeMs), seconds: Math.floor(mtimeMs / 1_000) * 1_000, now: this.#nowMs };
    const done = () => {
      this.#stamp(`${turned}.gz`, times[this.#habit.packedTime]);
      rmSync(turned);
    };
    if (this.#habit.packs === 'aside') {
      writeFileSync(`${turned}.gz~`, bytes);
      this.#stamp(`${turned}.gz~`, times[this.#habit.packedTime]);
      renameSync(`${turned}.gz~`, `${turned}.gz`);
      done();
      return;
    }
    writeFileSync(`${turned}.gz`, bytes.subarray(0, bytes.length / 2));
    this.#open.push(() => {
      appendFileSync(`${turned}.gz`, bytes.subarray(bytes.length / 2));
      done();
    });
  }
}
