import type { Band, StrainCondition } from '../../model/strain.ts';

/** What a lead may see of one person: a word, what drives it, and what to do about the work. No figure of the person. */
export interface LeadBand {
  band: Band;
  driver: string;
  action: string | null;
}

type BandOf = Pick<StrainCondition, 'key' | 'band' | 'action'>;

/**
 * The transparent rule that stands in for weighing them up in a number. Red: a recovery condition is red, or two demand conditions
 * are. Amber: a demand condition is red, or a recovery amber comes with a demand amber, or three are amber. The driver
 * names conditions and never numbers, since the numbers are their owner's.
 */
export function leadBand(conditions: readonly BandOf[]): LeadBand {
  const known = conditions.filter((condition) => condition.band !== 'not_enough_data');
  if (known.length === 0) {
    return { band: 'not_enough_data', driver: 'Not enough shifts in the rota yet.', action: null };
  }
  const at = (group: readonly BandOf[], band: Band) => group.filter((condition) => condition.band === band);
  const recovery = known.filter((condition) => GROUPS[condition.key] === 'recovery');
  const demand = known.filter((condition) => GROUPS[condition.key] === 'demand');
  const band = combine(
    { red: at(recovery, 'red').length, amber: at(recovery, 'amber').length },
    { red: at(demand, 'red').length, amber: at(demand, 'amber').length },
  );
  if (band === 'green') return { band, driver: 'No limit of recovery or demand is reached.', action: null };
  const drivers = [...at(known, 'red'), ...at(known, 'amber')];
  const first = drivers[0];
  return {
    band,
    driver: sentence(drivers.map((condition) => DRIVER_WORDS[condition.key]).join(' and ')),
    action: first?.action ?? null,
  };
}

const GROUPS: Record<StrainCondition['key'], 'demand' | 'recovery'> = { load_ratio: 'demand', short_rest: 'recovery' };

const DRIVER_WORDS: Record<StrainCondition['key'], string> = {
  load_ratio: 'assigned work above what the rostered time holds',
  short_rest: 'short rest between duties',
};

interface Tally {
  red: number;
  amber: number;
}

function combine(recovery: Tally, demand: Tally): Exclude<Band, 'not_enough_data'> {
  if (recovery.red >= 1 || demand.red >= 2) return 'red';
  if (demand.red === 1) return 'amber';
  if (recovery.amber >= 1 && demand.amber >= 1) return 'amber';
  return recovery.amber + demand.amber >= 3 ? 'amber' : 'green';
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
