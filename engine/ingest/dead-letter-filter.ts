import type { InputOf } from '../handlers.ts';
import { newestMappingMs } from '../store/mapping-versions.ts';
import type { DeadLetterFilter } from '../store/sources.ts';
import type { Read } from '../store/store.ts';

/** The filter of a request as the store takes it: before what moment a letter was last read for it to be worth reading again. */
export async function storedFilter(
  db: Read,
  { mayReadNow, ...filter }: InputOf<'sources', 'readAgain'>['filter'],
): Promise<DeadLetterFilter> {
  // Without any mapping nothing was read before it.
  return mayReadNow ? { ...filter, mappedAfterMs: (await newestMappingMs(db)) ?? 0 } : filter;
}
