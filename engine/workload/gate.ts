import type { z } from 'zod';
import { gateSchema } from '../../shared/contract/team.ts';
import type { CountryPolicy } from '../../shared/model/policy.ts';
import { getMeta, setMeta } from '../store/meta.ts';
import type { Read, Write } from '../store/store.ts';

export type Gate = z.infer<typeof gateSchema>;

const GATE_KEY = 'strain.gate';

/** What is on record before a lead may see any band; null when nothing is. */
export async function readGate(db: Read): Promise<Gate | null> {
  const text = await getMeta(db, GATE_KEY);
  return text === null ? null : gateSchema.parse(JSON.parse(text));
}

/** Puts the gate on record, or takes it off again with null. */
export async function writeGate(tx: Write, gate: Gate | null): Promise<void> {
  await setMeta(tx, GATE_KEY, gate === null ? null : JSON.stringify(gate));
}

/** Countries whose profile shows leads no band of a single person, by the names that people write into the record. */
const TEAM_ONLY_COUNTRIES = /\b(de|fr|germany|deutschland|allemagne|france|frankreich)\b/i;

/** True when leads may see bands of single people: the gate is on record and no team-only profile applies. */
export function mayLeadsSeeBands(gate: Gate | null, country: CountryPolicy): boolean {
  return gate !== null && !country.isTeamOnly && !TEAM_ONLY_COUNTRIES.test(gate.countryPolicy);
}
