import { expect, test } from 'vitest';
import { coveredTiers } from '../../../../shared/domain/routing/covered-tiers.ts';
import { TIERS, type Tier } from '../../../../shared/model/vocabulary.ts';

test.each<[Tier, Tier[], Tier[]]>([
  ['tier1', ['tier1'], ['tier1', 'tier2', 'tier3', 'lead']],
  ['tier2', ['tier2'], ['tier1', 'tier2', 'tier3', 'lead']],
  ['tier1', ['tier1', 'lead'], ['tier1']],
  ['lead', ['tier1', 'lead'], ['tier2', 'tier3', 'lead']],
  ['tier1', ['tier1', 'tier2'], ['tier1']],
  ['tier2', ['tier1', 'tier2'], ['tier2', 'tier3', 'lead']],
  ['tier2', ['tier1', 'tier2', 'tier3', 'lead'], ['tier2']],
])('%s on a team of %j covers %j', (tier, staffed, covered) => {
  expect(coveredTiers(tier, new Set(staffed))).toEqual(covered);
});

test('on every team each tier is covered exactly once', () => {
  for (let bits = 1; bits < 1 << TIERS.length; bits += 1) {
    const staffed = TIERS.filter((_tier, at) => (bits & (1 << at)) !== 0);
    const covered = staffed.flatMap((tier) => coveredTiers(tier, new Set(staffed)));
    expect(covered.toSorted(), staffed.join()).toEqual([...TIERS].toSorted());
  }
});
