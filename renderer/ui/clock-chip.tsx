import classes from './badges.module.css';
import { formatAge, formatDuration, formatInstant } from './duration.ts';
import { useNow, useZone } from './time-context.tsx';

/** From here on a clock is "due": amber, but not yet missed. */
const DUE_SOON_MS = 15 * 60 * 1000;

/** The clock of an item: plain, amber outline when due, red fill with the word when past. States are never stored. */
export function ClockChip({ dueAtMs, dueSoonMs = DUE_SOON_MS }: { dueAtMs: number | null; dueSoonMs?: number }) {
  const nowMs = useNow();
  const zone = useZone();
  if (dueAtMs === null) return <span className="ew-muted ew-small">no clock</span>;
  const leftMs = dueAtMs - nowMs;
  const state = leftMs <= 0 ? 'breached' : leftMs <= dueSoonMs ? 'due' : 'plain';
  // How long ago is read once and in one unit; how long is left is planned with.
  const text = leftMs <= 0 ? `breached ${formatAge(-leftMs)}` : `due in ${formatDuration(leftMs)}`;
  return (
    <span className={classes.clock} data-state={state} title={`Due ${formatInstant(dueAtMs, zone)}`}>
      {text}
    </span>
  );
}
