import { createContext, useContext } from 'react';
import { clockState } from '../../shared/domain/routing/clock.ts';
import type { DueSoon } from '../../shared/model/policy.ts';
import type { Severity } from '../../shared/model/vocabulary.ts';
import classes from './badges.module.css';
import { formatAge, formatDuration, formatInstant } from './duration.ts';
import { useNow, useZone } from './time-context.tsx';

/** From when on clocks are "due", amber but not yet missed, as the team's policy says. Null while it is not known. */
export const DueSoonContext = createContext<DueSoon | null>(null);

/** The clock of an item: plain, amber outline when due, red fill with the word when past. States are never stored. */
export function ClockChip({
  dueAtMs,
  severity,
}: {
  dueAtMs: number | null;
  /** Whose target it is; null for a clock of another kind. */
  severity: Severity | null;
}) {
  const nowMs = useNow();
  const zone = useZone();
  const soon = useContext(DueSoonContext);
  if (dueAtMs === null) return <span className="ew-muted ew-small">no clock</span>;
  const soonMs = severity === null ? soon?.otherwise : soon?.bySeverity[severity];
  const leftMs = dueAtMs - nowMs;
  const state = clockState(dueAtMs, nowMs, soonMs ?? 0);
  // How long ago is read once and in one unit; how long is left is planned with.
  const text = leftMs <= 0 ? `breached ${formatAge(-leftMs)}` : `due in ${formatDuration(leftMs)}`;
  return (
    <span className={classes.clock} data-state={state} title={`Due ${formatInstant(dueAtMs, zone)}`}>
      {text}
    </span>
  );
}
