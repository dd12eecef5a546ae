import type { Role } from '../shared/model/vocabulary.ts';

/** Who sits at this desk. Main keeps it, so that an engine that was started anew knows it too. */
export interface Seat {
  personId: string;
  roles: readonly Role[];
}

/** What main tells the engine process; `attach` comes with the port of a page. */
export type ToEngine = { kind: 'attach'; seat: Seat | null } | { kind: 'stop' };

/** What the engine process tells main. `refused`: it cannot serve this data folder, and why. */
export type FromEngine = { kind: 'refused'; message: string } | { kind: 'seated'; seat: Seat };
