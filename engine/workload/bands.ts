import { leadBand } from '../../shared/domain/strain/lead-band.ts';
import type { Person } from '../../shared/model/people.ts';
import type { Policies } from '../../shared/model/policy.ts';
import type { BandForLead } from '../../shared/model/strain.ts';
import { dropBandsExcept, logBandAccess, lookedAtSince, saveBand, storedBands } from '../store/bands.ts';
import { listPeople } from '../store/people.ts';
import type { Read, Write } from '../store/store.ts';
import { mayLeadsSeeBands, readGate } from './gate.ts';
import { assignedTo, ownConditions } from './own-conditions.ts';

const HOUR_MS = 3_600_000;
/** Looks of one lead within this time are one look: a screen that refreshes itself is not a new one. */
const SAME_LOOK_MS = HOUR_MS;
/** The word that a lead may see; the conditions behind it are computed for their owner and not stored. */
const FOR_LEAD = 'for_lead';

/**
 * Looks at everybody's conditions once and keeps the word for leads with the time since when it stands, and gives how
 * many words changed. Run by the engine's tick. The time starts anew when band or driver changes, so that the owner
 * always knows for 24 h before. While no lead may see any band, nothing is kept at all.
 */
export async function refreshBands(tx: Write, nowMs: number, policies: Policies): Promise<number> {
  if (!mayLeadsSeeBands(await readGate(tx), policies.country)) {
    await dropBandsExcept(tx, []);
    return 0;
  }
  const people = await listPeople(tx);
  const known = new Map((await storedBands(tx, FOR_LEAD)).map((band) => [band.personId, band]));
  const assigned = await assignedTo(tx, people, nowMs, policies);
  let changed = 0;
  for (const person of people) {
    const conditions = await ownConditions(tx, person, people, assigned.get(person.id) ?? [], nowMs, policies);
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

/** Bands that a lead may see now, in roster order: only those that their owner could see for long enough. */
export async function bandsForLead(
  db: Read,
  people: readonly Person[],
  nowMs: number,
  policies: Policies,
): Promise<BandForLead[]> {
  const since = nowMs - policies.strain.personFirstHours * HOUR_MS;
  const stored = new Map((await storedBands(db, FOR_LEAD)).map((band) => [band.personId, band]));
  return people.flatMap((person) => {
    const band = stored.get(person.id);
    if (band === undefined || band.sinceMs > since) return [];
    return [{ personId: person.id, band: band.band, driver: band.driver, action: band.action }];
  });
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
