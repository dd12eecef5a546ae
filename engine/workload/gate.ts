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

/** Countries whose profile shows leads no band of a single person, by the names and laws that people write down. */
const TEAM_ONLY_NAMES =
  /german|deutsch|allemagne|allemand|alem[aá]n|tedesc|bundesrepublik|betrvg|bdsg|betriebsrat|france|french|fran[cç][ae]is|frankreich|franz[oö]s|francia|franc[eé]s|\bcnil\b|code du travail/i;
/** Their codes: in capitals, or as a part of a name such as `country-de`. Plain "de" in a sentence is a word of Spanish. */
const TEAM_ONLY_CODES = /\b(DE|FR)\b|(^|[-_./])(de|fr)($|[-_./])/;

/** Why leads see no band of anybody; null when they may. Team-only wins over everything that is on record. */
export function whyNoBands(gate: Gate | null, country: CountryPolicy): 'not_on_record' | 'team_only' | null {
  const named = gate?.countryPolicy.trim() ?? '';
  if (country.isTeamOnly || TEAM_ONLY_NAMES.test(named) || TEAM_ONLY_CODES.test(named)) return 'team_only';
  return gate === null ? 'not_on_record' : null;
}

/** True when leads may see bands of single people: the gate is on record and no team-only profile applies. */
export function mayLeadsSeeBands(gate: Gate | null, country: CountryPolicy): boolean {
  return whyNoBands(gate, country) === null;
}
