import { createContext, type ReactNode, useContext } from 'react';
import type { Zone } from './duration.ts';

interface TimeView {
  nowMs: number;
  zone: Zone;
}

const TimeContext = createContext<TimeView>({ nowMs: 0, zone: 'utc' });

/** Gives the dumb parts the one time and the one zone of the screen; they never read a clock. */
export function TimeProvider({ nowMs, zone, children }: TimeView & { children: ReactNode }) {
  return <TimeContext value={{ nowMs, zone }}>{children}</TimeContext>;
}

export function useNow(): number {
  return useContext(TimeContext).nowMs;
}

export function useZone(): Zone {
  return useContext(TimeContext).zone;
}
