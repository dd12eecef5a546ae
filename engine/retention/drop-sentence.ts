import type { DueOriginals } from '../../shared/domain/retention/due-originals.ts';

const DAY_MS = 86_400_000;

/** A day since 1970-01-01 as "2026-11-21". */
export function dayWords(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** What the ledger says before the first block goes: "Drops originals by the storage policy (version 1): low, stored through 2025-11-20, for age; …". */
export function dropSentence(due: readonly DueOriginals[], version: number): string {
  const parts = due.map(({ severity, throughDay, cause }) => {
    const why = cause === 'age' ? 'for their age' : 'for the size of the whole';
    return `${severity}, stored through ${dayWords(throughDay)}, ${why}`;
  });
  return `Drops originals by the storage policy (version ${version}), but for what is referred to: ${parts.join('; ')}.`;
}
