import type { CountryPolicy, StrainPolicy } from '../../model/policy.ts';
import type { Band, StrainCondition } from '../../model/strain.ts';
import { durationInWords } from '../roster/duration.ts';
import type { LoadRatioResult } from './load-ratio.ts';
import type { ShortRestResult } from './short-rest.ts';

export const DISCLAIMER =
  'Not a medical or burnout measurement. It shows conditions of the work; it is not for appraisal, pay or discipline.';

/** The load ratio as its owner sees it. */
export function loadRatioCondition(result: LoadRatioResult, policy: StrainPolicy): StrainCondition {
  const ratio = result.ratios[0] ?? null;
  const { redAbove, redWeeks, ofWeeks, consecutive, windowDays } = policy.loadRatio;
  return {
    key: 'load_ratio',
    title: 'Load ratio',
    band: result.band,
    driver: loadDriver(result, ratio, policy),
    formula:
      'Sum of the team’s median handling minutes of what was assigned to you ÷ (plannable share × rostered minutes)',
    inputs: [
      { label: 'Assigned work', value: `${Math.round(result.assignedMinutes).toLocaleString('en-GB')} min` },
      { label: 'Plannable time', value: `${Math.round(result.plannableMinutes).toLocaleString('en-GB')} min` },
      { label: 'Plannable share', value: percent(policy.plannableShare) },
      { label: 'People who share the queue', value: String(result.poolSize) },
      { label: 'Last weeks, newest first', value: result.ratios.map(ratioInWords).join(', ') || 'none' },
    ],
    notCounted:
      'Breaks, focus time, meetings and other protected time: the rota does not know them, so that the plannable share stands for them. Items that you handed on, and items that a rule closed.',
    limits: `Green below ${result.amberFrom.toFixed(2)}, amber from there, red above ${redAbove.toFixed(1)} in at least ${redWeeks} of ${ofWeeks} weeks. ${consecutive} weekly evaluations in a row must agree.`,
    source: `Erlang C: mean wait at most ${percent(policy.loadRatio.waitShareMax)} of the handling time in a pool of ${result.poolSize}. Plannable share: default, adjustable.`,
    evidence: 'computed',
    action: LOAD_ACTIONS[result.band],
    windowDays,
  };
}

const LOAD_ACTIONS: Record<Band, string | null> = {
  green: null,
  amber: 'Move open items to people with room, or tune the rule that brings most of them.',
  red: 'Rebalance the open items and add capacity to this queue; tune the rule that brings most of them.',
  not_enough_data: null,
};

function loadDriver(result: LoadRatioResult, ratio: number | null, policy: StrainPolicy): string {
  if (result.band === 'not_enough_data') {
    return `Fewer than ${policy.dutyShiftsMin} shifts, or fewer than ${policy.loadRatio.consecutive} weeks with rostered time: nothing is said.`;
  }
  if (ratio === null) return 'No rostered time in the last 7 days; the weeks before count.';
  const said = `Load ratio ${ratio.toFixed(2)} over the last ${policy.loadRatio.windowDays} days, amber from ${result.amberFrom.toFixed(2)}.`;
  // Without it, a ratio above the limit under the word "green" looks like a mistake.
  const isHeld = result.band === 'green' && ratio >= result.amberFrom;
  return isHeld ? `${said} Still green: ${policy.loadRatio.consecutive} weeks in a row must agree.` : said;
}

/** Short rest as its owner sees it. */
export function shortRestCondition(
  result: ShortRestResult,
  strain: StrainPolicy,
  country: CountryPolicy,
): StrainCondition {
  const limit = `${country.dailyRestHours} h`;
  const { windowDays, redCount, redBelowHours } = strain.shortRest;
  return {
    key: 'short_rest',
    title: 'Short rest',
    band: result.band,
    driver: restDriver(result, limit, strain),
    formula: `Number of consecutive duties with less than ${limit} between them`,
    inputs: [
      { label: `Rests under ${limit}`, value: String(result.count) },
      { label: 'Shortest rest', value: result.minRestMs === null ? 'none' : durationInWords(result.minRestMs) },
      { label: 'Duties in the window', value: String(result.dutyCount) },
    ],
    notCounted:
      'Work that the rota does not know, such as being called out, staying longer or swapping a shift without changing the rota.',
    limits: `Green at 0, amber at 1 or 2, red at ${redCount} or more, or at a rest under ${redBelowHours} h.`,
    source: `${country.source}; a register of 69,200 staff found 1.39 times the injury risk after a quick return.`,
    evidence: 'law',
    action: REST_ACTIONS[result.band],
    windowDays,
  };
}

const REST_ACTIONS: Record<Band, string | null> = {
  green: null,
  amber: 'Move the start of the next shift; no on-call in the next 2 days.',
  red: 'Move the start of the next shift and keep 11 h between shifts in the coming rota; no on-call in the next 2 days.',
  not_enough_data: null,
};

function restDriver(result: ShortRestResult, limit: string, strain: StrainPolicy): string {
  const { windowDays } = strain.shortRest;
  if (result.band === 'not_enough_data') {
    return `${result.dutyCount} of the ${strain.dutyShiftsMin} duties in ${windowDays} days that are needed: nothing is said.`;
  }
  if (result.count === 0) return `No rest under ${limit} in ${windowDays} days.`;
  const rests = result.count === 1 ? '1 rest' : `${result.count} rests`;
  const shortest = result.minRestMs === null ? '' : `, the shortest ${durationInWords(result.minRestMs)}`;
  return `${rests} under ${limit} in ${windowDays} days${shortest}.`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function ratioInWords(ratio: number | null): string {
  return ratio === null ? 'off' : ratio.toFixed(2);
}
