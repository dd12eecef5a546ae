import { formatAge, formatInstant, formatMinute } from './duration.ts';
import { useNow, useZone } from './time-context.tsx';

const WHICH = { event: 'Happened', arrival: 'Arrived', plain: '' } as const;

/**
 * A time in the chosen zone. `event` is when the thing happened by its source, `arrival` when it reached us:
 * the two are never shown without saying which.
 */
export function TimeText({
  atMs,
  which = 'plain',
  form = 'absolute',
}: {
  atMs: number;
  which?: keyof typeof WHICH;
  form?: 'age' | 'ago' | 'absolute' | 'both' | 'minute';
}) {
  const nowMs = useNow();
  const zone = useZone();
  const absolute = formatInstant(atMs, zone);
  // The clock of the screen ticks once a second: what happened after its last tick is no future.
  const behind = Math.abs(nowMs - atMs) < 2_000 ? 0 : nowMs - atMs;
  const age = behind < 0 ? `in ${formatAge(-behind)}` : formatAge(behind);
  const ago = behind < 0 ? age : `${age} ago`;
  const title = `${WHICH[which]} ${absolute} (${ago})`.trim();
  const texts = { age, ago, absolute, both: `${absolute}, ${ago}`, minute: formatMinute(atMs, zone) };
  return (
    <time dateTime={toIso(atMs)} title={title}>
      {texts[form]}
    </time>
  );
}

function toIso(atMs: number): string | undefined {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
