/** A slow reading of the same language, written apart from the real one, for random comparison. */
export type NaiveValue = 'true' | 'unknown' | 'false';
export interface NaiveItem {
  field: 'v' | 'w' | 'host.criticality' | 'user.tier0';
  modifier: '' | 'contains' | 'startswith' | 'endswith';
  all: boolean;
  values: string[];
}
export type NaiveCondition = string | { not: NaiveCondition } | { and: NaiveCondition[] } | { or: NaiveCondition[] };
export interface NaiveFacts {
  v: string[];
  w: string[];
  'host.criticality': string | null;
  'user.tier0': boolean | null;
}

function regexOf(pattern: string, modifier: NaiveItem['modifier']): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const two = pattern.slice(at, at + 2);
    if (two === '\\*' || two === '\\?' || two === '\\\\') {
      source += `\\${two.charAt(1)}`;
      at++;
    } else if (pattern[at] === '*') source += '[^]*';
    else if (pattern[at] === '?') source += '[^]';
    else source += (pattern[at] ?? '').replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  }
  const head = modifier === 'contains' || modifier === 'endswith' ? '[^]*' : '';
  const tail = modifier === 'contains' || modifier === 'startswith' ? '[^]*' : '';
  return new RegExp(`^${head}${source}${tail}$`, 'i');
}

function itemValue(item: NaiveItem, facts: NaiveFacts): NaiveValue {
  const found = facts[item.field];
  if (found === null) return 'unknown';
  const texts = (Array.isArray(found) ? found : [found]).map(String);
  // An absent field is an empty text, as for the pattern ''.
  const meets = (value: string) =>
    texts.length === 0
      ? value === '' && item.modifier === ''
      : texts.some((text) => regexOf(value, item.modifier).test(text));
  return (item.all ? item.values.every(meets) : item.values.some(meets)) ? 'true' : 'false';
}

export function naiveAnd(values: NaiveValue[]): NaiveValue {
  if (values.includes('false')) return 'false';
  return values.includes('unknown') ? 'unknown' : 'true';
}

export function naiveOr(values: NaiveValue[]): NaiveValue {
  if (values.includes('true')) return 'true';
  return values.includes('unknown') ? 'unknown' : 'false';
}

export function naiveNot(value: NaiveValue): NaiveValue {
  return value === 'unknown' ? 'unknown' : value === 'true' ? 'false' : 'true';
}

export function naiveEvaluate(
  selections: Record<string, NaiveItem[][]>,
  condition: NaiveCondition,
  facts: NaiveFacts,
): NaiveValue {
  if (typeof condition === 'string') {
    const maps = selections[condition] ?? [];
    return naiveOr(maps.map((items) => naiveAnd(items.map((item) => itemValue(item, facts)))));
  }
  if ('not' in condition) return naiveNot(naiveEvaluate(selections, condition.not, facts));
  if ('and' in condition) return naiveAnd(condition.and.map((each) => naiveEvaluate(selections, each, facts)));
  return naiveOr(condition.or.map((each) => naiveEvaluate(selections, each, facts)));
}
