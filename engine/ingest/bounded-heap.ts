import { setFlagsFromString } from 'node:v8';

let isBounded = false;

/**
 * Keeps V8 from letting the heap grow to several times of what is alive, which it does on a machine with much memory:
 * ingest makes garbage by the gigabyte and holds a few megabytes. Costs little of the speed and saves more than a third
 * of the memory (measured: 475 MB without, 267 MB with it; 538 and 359 MB with a reading thread). A tighter bound of 30
 * percent saved 30 MB more, at seven collections where this makes two. Both flags are read at each collection, so that
 * they may be set while the process runs; they hold for all of its threads.
 */
export function boundHeap(): void {
  if (isBounded) return;
  isBounded = true;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}
