import type { Disposition, Severity, Status, Tier } from '../../shared/model/vocabulary.ts';

/** The closed word lists as people read them, in sentence case. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Informational',
  unknown: 'Unknown severity',
};

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  new: 'New',
  acknowledged: 'Acknowledged',
  in_progress: 'In progress',
  on_hold: 'On hold',
  resolved: 'Resolved',
  closed: 'Closed',
};

export const DISPOSITION_WORDS: Readonly<Record<Disposition, string>> = {
  true_positive: 'True positive',
  benign_true_positive: 'Benign true positive',
  false_positive: 'False positive',
  duplicate: 'Duplicate',
  undetermined: 'Undetermined',
};

export const TIER_WORDS: Readonly<Record<Tier, string>> = {
  tier1: 'Tier 1',
  tier2: 'Tier 2',
  tier3: 'Tier 3',
  lead: 'Lead',
};

/** "1 alert", "1,204 alerts". `many` when the plural is not the word with an s. */
export function countOf(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

export function formatCount(n: number): string {
  return grouped.format(n).replaceAll('\u00a0', ' ');
}

/**
 * A share with its n beside it: "4.2 % of 118". Says "none yet" where there is nothing to take a share of. What rounding
 * would make none or all says so: "under 0.1 % of 10,000".
 */
export function shareOf(part: number, n: number): string {
  if (n === 0) return 'none yet';
  const percent = (100 * part) / n;
  const rounded = Math.round(percent * 10) / 10;
  const words =
    part > 0 && rounded === 0 ? 'under 0.1' : part < n && rounded === 100 ? 'over 99.9' : grouped.format(rounded);
  return `${words} % of ${formatCount(n)}`;
}

const short = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });

/** "9,999", then "12.3k": for columns that have room for five characters. The whole count belongs into the title. */
export function shortCount(n: number): string {
  return n < 10_000 ? formatCount(n) : short.format(n).toLowerCase();
}
