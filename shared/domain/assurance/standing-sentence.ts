import { percent } from './say-rate.ts';

/** What is shown of a rule that closes. Null where nothing of it is drawn for audit. */
export interface Standing {
  state: string;
  ruleVersion: number;
  audited: number;
  misses: number;
  /** Upper bound on its false-close rate. */
  bound: number;
  maxFalseCloseRate: number;
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  provisional: 'is on trial',
  certified: 'is certified',
  shadow: 'has lost its certificate',
  suspended: 'is suspended',
};

/**
 * The audit state of the rule that closed something, to go on a sentence with: of the rule and never of the one item,
 * since whether an item was drawn is nobody's to know. `version` is the one that closed it.
 */
export function standingSentence(standing: Standing | null, version: number): string {
  if (standing === null) return 'nothing that this rule closes is drawn for audit';
  if (standing.ruleVersion !== version) return `that version is no longer in force, version ${standing.ruleVersion} is`;
  const state = `the rule ${STATE_WORDS[standing.state] ?? `is ${standing.state}`}`;
  if (standing.audited === 0) return `${state}, and none of its closures was audited yet`;
  const found = standing.misses === 0 ? 'no miss' : standing.misses === 1 ? '1 miss' : `${standing.misses} misses`;
  return `${state}: at most ${percent(standing.bound)} of what it closes is wrong by ${standing.audited} audits with ${found}, and it may be ${percent(standing.maxFalseCloseRate)}`;
}

/** One sentence: why it was closed, and what is shown of the rule that did. */
export function withStanding(why: string, standing: string): string {
  return `${why.replace(/\.$/, '')}; ${standing}.`;
}
