import { expect, it } from 'vitest';
import { standingSentence } from '../../../../shared/domain/assurance/standing-sentence.ts';

const standing = {
  state: 'certified',
  ruleVersion: 2,
  audited: 812,
  misses: 0,
  bound: 0.0037,
  maxFalseCloseRate: 0.005,
};

it('says the state of the rule with what it rests on', () => {
  expect(standingSentence(standing, 2)).toBe(
    'the rule is certified: at most 0.37 % of what it closes is wrong by 812 audits with no miss, and it may be 0.5 %',
  );
  expect(standingSentence({ ...standing, state: 'suspended', misses: 1 }, 2)).toContain('with 1 miss');
});

it('says that nothing is known where nothing is', () => {
  expect(standingSentence(null, 1)).toBe('nothing that this rule closes is drawn for audit');
  expect(standingSentence({ ...standing, state: 'provisional', audited: 0 }, 2)).toBe(
    'the rule is on trial, and none of its closures was audited yet',
  );
  expect(standingSentence(standing, 1)).toBe('that version is no longer in force, version 2 is');
});
