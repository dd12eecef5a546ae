import { leadBand } from '../../shared/domain/strain/lead-band.ts';
import type { Person } from '../../shared/model/people.ts';
import type { Policies } from '../../shared/model/policy.ts';
import type { BandForLead } from '../../shared/model/strain.ts';
import { dropBandsExcept, logBandAccess, lookedAtSince, saveBand, storedBands } from '../store/bands.ts';
import { remarksOnBands } from '../store/own-remarks.ts';
import { pausedSince } from '../store/pauses.ts';
import { listPeople } from '../store/people.ts';
import type { Read, Write } from '../store/store.ts';
import { mayLeadsSeeBands, readGate } from './gate.ts';
import { assignedTo, ownConditions } from './own-conditions.ts';

const HOUR_MS = 3_600_000;
/** Looks of one lead within this time are one look: a screen that refreshes itself is not a new one. */
const SAME_LOOK_MS = HOUR_MS;
/** The word that a lead may see; the conditions behind it are computed for their owner and not stored. */
export const FOR_LEAD = 'for_lead';

/**
 * Looks at everybody's conditions once and keeps the word for leads with the time since when it stands, and gives how
 * many words changed. Run by the engine's tick. The time starts anew when band or driver changes, so that the owner
 * always knows for 24 h before. While no lead may see any band, nothing is kept at all; of who paused their indicators
 * nothing is computed or kept.
 */
export async function refreshBands(tx: Write, nowMs: number, policies: Policies): Promise<number> {
  if (!mayLeadsSeeBands(await readGate(tx), policies.country)) {
    await dropBandsExcept(tx, []);
    return 0;
  }
  const everybody = await listPeople(tx);
  const paused = await pausedSince(tx);
  const people = everybody.filter((person) => !paused.has(person.id));
  const known = new Map((await storedBands(tx, FOR_LEAD)).map((band) => [band.personId, band]));
  const assigned = await assignedTo(tx, people, nowMs, policies);
  let changed = 0;
  for (const person of people) {
    const conditions = await ownConditions(tx, person, everybody, assigned.get(person.id) ?? [], nowMs, policies);
    const next = leadBand(conditions);
    const before = known.get(person.id);
    if (before?.band === next.band && before.driver === next.driver && before.action === next.action) continue;
    await saveBand(tx, { personId: person.id, condition: FOR_LEAD, sinceMs: nowMs, ...next });
    changed += 1;
  }
  await dropBandsExcept(
    tx,
    people.map((person) => person.id),
  );
  return changed;
}

/**
 * Bands that a lead may see now, in roster order: only those that their owner could see for long enough and has not
 * paused. What the owner wrote beside it comes with it, and never without it.
 */
export async function bandsForLead(
  db: Read,
  people: readonly Person[],
  nowMs: number,
  policies: Policies,
): Promise<BandForLead[]> {
  const paused = await pausedSince(db);
  const remarks = Map.groupBy(await remarksOnBands(db), (remark) => remark.personId);
  const stored = new Map((await storedBands(db, FOR_LEAD)).map((band) => [band.personId, band]));
  return people.flatMap((person) => {
    const band = stored.get(person.id);
    if (band === undefined || paused.has(person.id) || fromMs(band.sinceMs, policies) > nowMs) return [];
    const said = (remarks.get(person.id) ?? []).flatMap(({ about, kind, text, atMs }) =>
      about === 'duty' ? [] : [{ about, kind, text, atMs }],
    );
    return [{ personId: person.id, band: band.band, driver: band.driver, action: band.action, remarks: said }];
  });
}

/** From when on a lead sees a band that stands since `sinceMs`. */
export function fromMs(sinceMs: number, policies: Policies): number {
  return sinceMs + policies.strain.personFirstHours * HOUR_MS;
}

/** Whose look at whose band is still to be noted: each pair once an hour. */
export async function looksToNote(
  db: Read,
  personIds: readonly string[],
  viewerName: string,
  nowMs: number,
): Promise<string[]> {
  const noted = await lookedAtSince(db, viewerName, nowMs - SAME_LOOK_MS);
  return personIds.filter((personId) => !noted.has(personId));
}

/** Writes down that a lead saw the bands of these people, where each of them can read it. */
export async function noteLooks(
  tx: Write,
  personIds: readonly string[],
  viewerName: string,
  nowMs: number,
): Promise<void> {
  await logBandAccess(tx, await looksToNote(tx, personIds, viewerName, nowMs), viewerName, nowMs);
}
