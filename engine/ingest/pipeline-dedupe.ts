import { findRows } from '../store/bulk.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { type Candidate, digestText, STAND_IN_DIGEST } from './pipeline-classify.ts';

/** Where a candidate's id stands in the table of known ids. */
export interface DedupePlace {
  hour: number;
  hash: number;
}

/** A candidate against what was stored before. */
export type Fate =
  | { kind: 'new'; candidate: Candidate; place: DedupePlace }
  | { kind: 'duplicate'; candidate: Candidate }
  | { kind: 'revision'; candidate: Candidate; place: DedupePlace; alertId: number };

const HOUR_MS = 3_600_000;
const HASH_MAX = 2 ** 52;

/** Hour of the time that never changes for this id, and 52 bits of the digest: a number that JavaScript holds exactly. */
export function placeOf(candidate: Candidate): DedupePlace {
  const digest = candidate.idDigest;
  let hash = 0;
  for (let i = 0; i < 6; i += 1) hash = hash * 256 + digest.charCodeAt(i);
  hash = hash * 16 + (digest.charCodeAt(6) & 15);
  return { hour: Math.floor(candidate.alert.dedupeAtMs / HOUR_MS), hash };
}

const next = (place: DedupePlace): DedupePlace => ({ hour: place.hour, hash: (place.hash + 1) % HASH_MAX });

/** Something for each place. Looked up by two numbers, because a text of both would have to be made for every record. */
class PlaceMap<V> {
  readonly #byHour = new Map<number, Map<number, V>>();

  get({ hour, hash }: DedupePlace): V | undefined {
    return this.#byHour.get(hour)?.get(hash);
  }

  set({ hour, hash }: DedupePlace, value: V): void {
    let byHash = this.#byHour.get(hour);
    if (byHash === undefined) {
      byHash = new Map();
      this.#byHour.set(hour, byHash);
    }
    byHash.set(hash, value);
  }
}

/**
 * Says of each candidate whether it is new, known, or known with other content. No two candidates may have the same
 * id. Two ids with the same 52 bits in the same hour are told apart by their whole digest; the later one lies one place on.
 */
export async function decideFates(tx: Write, candidates: readonly Candidate[]): Promise<Fate[]> {
  const fates: Fate[] = [];
  const taken = new PlaceMap<true>();
  let open = candidates.map((candidate, at) => ({ at, candidate, place: placeOf(candidate) }));
  while (open.length > 0) {
    const stored = new PlaceMap<Tables['dedupe']>();
    const places = open.map(({ place }) => place);
    for (const row of await findRows(tx, 'dedupe', ['hour', 'hash'], places)) stored.set(row, row);
    const pushed: typeof open = [];
    for (const { at, candidate, place } of open) {
      const row = stored.get(place);
      const isOther = row === undefined ? taken.get(place) === true : candidate.idDigest !== digestText(row.digest);
      if (isOther) {
        pushed.push({ at, candidate, place: next(place) });
        continue;
      }
      if (row === undefined) taken.set(place, true);
      fates[at] = fateOf(candidate, place, row);
    }
    open = pushed;
  }
  return fates;
}

function fateOf(candidate: Candidate, place: DedupePlace, row: Tables['dedupe'] | undefined): Fate {
  if (row === undefined) return { kind: 'new', candidate, place };
  if (isNothingNew(candidate, digestText(row.content))) return { kind: 'duplicate', candidate };
  return { kind: 'revision', candidate, place, alertId: row.alert_id };
}

/** True of the same content as before, and of content that adds nothing to any other. */
function isNothingNew({ contentDigest }: Candidate, before: string): boolean {
  return contentDigest === before || contentDigest === STAND_IN_DIGEST;
}

/**
 * Cuts candidates into runs without two different contents of one id, in their order, so that each run can be
 * stored at once; a second copy of the same content within a run, or what adds nothing to it, is given out as `repeats`.
 */
export function runsWithoutConflict(candidates: readonly Candidate[]): { run: Candidate[]; repeats: Candidate[] }[] {
  const runs: { run: Candidate[]; repeats: Candidate[] }[] = [];
  let seen = new Map<string, number>();
  let current: { run: Candidate[]; repeats: Candidate[] } = { run: [], repeats: [] };
  for (const candidate of candidates) {
    const id = candidate.idDigest;
    const place = seen.get(id);
    const earlier = place === undefined ? undefined : current.run[place];
    if (earlier !== undefined && isNothingNew(candidate, earlier.contentDigest)) {
      current.repeats.push(candidate);
      continue;
    }
    if (place !== undefined && earlier?.contentDigest === STAND_IN_DIGEST) {
      // What says more takes its place: a run for each such pair would cost more than all the rest.
      current.run[place] = candidate;
      current.repeats.push(earlier);
      continue;
    }
    if (earlier !== undefined) {
      runs.push(current);
      current = { run: [], repeats: [] };
      seen = new Map();
    }
    seen.set(id, current.run.push(candidate) - 1);
  }
  runs.push(current);
  return runs;
}
