const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** A run at least this long was healthy: the next failure starts from the shortest delay again. */
const HEALTHY_RUN_MS = 60_000;

export interface RestartState {
  failures: number;
}

/** How long to wait before the engine is started again, doubling with each failure in a row, at most half a minute. */
export function restartDelay(state: RestartState, ranForMs: number): { delayMs: number; state: RestartState } {
  const failures = ranForMs >= HEALTHY_RUN_MS ? 0 : state.failures;
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return { delayMs, state: { failures: failures + 1 } };
}
