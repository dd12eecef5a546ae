import { TIERS, type Tier } from '../../model/vocabulary.ts';

/**
 * The tiers whose items somebody of `tier` is offered: the own one, and those without anybody on the team. Such a tier
 * falls to the nearest staffed one above, as a question does that is escalated, and where there is none to the nearest
 * below: otherwise a critical item would wait for people who do not exist.
 */
export function coveredTiers(tier: Tier, staffed: ReadonlySet<Tier>): Tier[] {
  return TIERS.filter((each) => each === tier || (!staffed.has(each) && whoCovers(each, staffed) === tier));
}

function whoCovers(tier: Tier, staffed: ReadonlySet<Tier>): Tier | undefined {
  const at = TIERS.indexOf(tier);
  const above = TIERS.slice(at + 1).find((each) => staffed.has(each));
  return above ?? TIERS.slice(0, at).findLast((each) => staffed.has(each));
}
