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
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { startTailWith } from '../../../../engine/ingest/sources/file-tail.ts';
import type { StartSource } from '../../../../engine/ingest/sources/live-source.ts';
import type { TailTiming } from '../../../../engine/ingest/sources/tail-timing.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { Deliveries, makeFolder, removeFolders, type Started, startOn } from './delivery-setting.ts';

const TIMING: TailTiming = { pollMs: 10, leastMs: 1, settleMs: 60, lingerMs: 90, missingMs: 60, noticeMs: 60_000 };
const start: StartSource<'file'> = (context) => startTailWith(context, TIMING);
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const OPERATIONS = [
  'write',
  'write',
  'half',
  'rename',
  'recreate',
  'copy',
  'pack',
  'restart',
  'stop',
  'refuse',
  'wait',
] as const;
const operations = fc.array(fc.record({ kind: fc.constantFrom(...OPERATIONS), size: fc.integer({ min: 1, max: 9 }) }), {
  minLength: 5,
  maxLength: 40,
});

/**
 * A product and its log rotation, as they go on whether the source runs or not. Every line that was written stays
 * somewhere in the folder: nothing is written between copying and emptying, and only what was compressed is removed. So
 * there is nothing that a reader would have to miss.
 */
class Product {
  readonly path: string;
  count = 0;
  #turns = 0;
  #half = '';

  constructor(folder: string) {
    this.path = join(folder, 'eve.json');
    writeFileSync(this.path, '');
  }

  write(lines: number): void {
    let text = this.#half;
    this.#half = '';
    for (let i = 0; i < lines; i += 1) text += this.#line();
    appendFileSync(this.path, text);
  }

  half(): void {
    if (this.#half !== '') return;
    const line = this.#line();
    appendFileSync(this.path, line.slice(0, 20));
    this.#half = line.slice(20);
  }

  #line(): string {
    this.count += 1;
    return `${JSON.stringify({ n: this.count, pad: 'x'.repeat(this.count % 90) })}\n`;
  }

  rotate(way: 'rename' | 'recreate' | 'copy'): void {
    this.write(1);
    this.#turns += 1;
    const turned = `${this.path}.${this.#turns}`;
    if (way === 'copy') {
      copyFileSync(this.path, turned);
      truncateSync(this.path);
      return;
    }
    renameSync(this.path, turned);
    if (way === 'recreate') writeFileSync(this.path, '');
  }

  /** As gzip does it: under a name that is no turn, with the time of the file, and then at once in its place. */
  pack(age: number): void {
    const turned = `${this.path}.${this.#turns - age}`;
    if (!existsSync(turned)) return;
    // Of a time stamp only milliseconds are passed on, and not a later one.
    const seconds = Math.floor(statSync(turned).mtimeMs - 1) / 1_000;
    writeFileSync(`${turned}.gz~`, gzipSync(readFileSync(turned)));
    utimesSync(`${turned}.gz~`, seconds, seconds);
    renameSync(`${turned}.gz~`, `${turned}.gz`);
    rmSync(turned);
  }
}

let running: Started | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
  removeFolders();
});

it('misses no line, whatever is done to the file and whenever it is started anew', async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (steps) => {
      const folder = makeFolder();
      const product = new Product(folder);
      const deliveries = new Deliveries();
      const begin = async () => {
        running ??= await startOn(deliveries, start, { kind: 'file', path: product.path, fromStart: true });
      };
      const end = async () => {
        await running?.stop();
        running = null;
      };
      await begin();
      // A source begins with the file that it first sees.
      product.write(1);
      await vi.waitFor(() => expect(deliveries.values()).toEqual([1]));
      let refusals = 0;
      deliveries.before = () => {
        if (refusals <= 0) return;
        refusals -= 1;
        throw new EngineError('unavailable', 'The engine restarts.');
      };
      for (const { kind, size } of steps) {
        if (kind === 'write') product.write(size);
        else if (kind === 'half') product.half();
        else if (kind === 'pack') product.pack(size % 3);
        else if (kind === 'wait') await rest(size * 8);
        else if (kind === 'refuse') refusals = 1;
        else if (kind === 'stop') await end();
        else if (kind === 'restart') {
          await end();
          await begin();
        } else product.rotate(kind);
        // Time stamps of files have ticks of some milliseconds, and a product does not rotate twice in one.
        await rest(6);
      }
      await begin();
      product.write(1);
      const all = Array.from({ length: product.count }, (_, i) => i + 1);
      // A copy may bear the same time as the file that was emptied then, and is read again when in doubt: the store
      // knows its alerts already. Nothing makes up for one that was missed.
      await vi.waitFor(() => expect(new Set(deliveries.values())).toEqual(new Set(all)), { timeout: 3_000 });
      await end();
      removeFolders();
    }),
    {
      numRuns: Number(process.env.EVENWATCH_RUNS ?? 15),
      endOnFailure: true,
    },
  );
}, 600_000);
