/** How far a zone is ahead of UTC at an instant, in milliseconds. Given by the caller: no calendar lives here. */
export type OffsetAt = (utcMs: number) => number;

export type LocalTime =
  | { kind: 'time'; atMs: number }
  /** A time that the clocks jumped over. */
  | { kind: 'skipped' };

/**
 * The instant of a wall-clock time in a zone. `wallMs` is the wall-clock time read as if it were UTC. Of a time that
 * the clocks show twice, the earlier instant is meant.
 */
export function instantOf(wallMs: number, offsetAt: OffsetAt): LocalTime {
  const day = 86_400_000;
  const candidates = [offsetAt(wallMs - day), offsetAt(wallMs + day)].map((offset) => wallMs - offset);
  const real = candidates.filter((atMs) => atMs + offsetAt(atMs) === wallMs);
  return real.length === 0 ? { kind: 'skipped' } : { kind: 'time', atMs: Math.min(...real) };
}
