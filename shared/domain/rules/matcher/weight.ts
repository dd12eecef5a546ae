import type { DetectionItem } from '../detection.ts';
import type { Trigger } from './trigger.ts';

/**
 * Guesses of how rare and how cheap things are. They decide only what is looked at first, never what matches, so they
 * may be wrong.
 */

/** Fields with few different values: a share of alerts that one value is thought to take. */
const COMMON: ReadonlyMap<string, number> = new Map([
  ['event.kind', 1],
  ['event.provider', 0.3],
  ['event.module', 0.3],
  ['observer.product', 0.3],
  ['event.action', 0.5],
  ['event.outcome', 0.5],
  ['event.severity', 0.2],
  ['event.risk_score', 0.2],
  ['event.severity_name', 0.25],
  ['event.category', 0.1],
  ['rule.category', 0.1],
  ['threat.tactic.name', 0.15],
  ['threat.tactic.id', 0.15],
  ['threat.technique.id', 0.05],
  ['host.criticality', 0.4],
  ['host.internet_facing', 0.6],
  ['user.tier0', 0.6],
  ['user.criticality', 0.4],
  ['vulnerability.known_exploited', 0.6],
  ['destination.port', 0.05],
  ['tags', 0.05],
]);

const EQUAL = 0.002;
/** One machine, account or file among thousands. */
const EQUAL_ENTITY = 0.0005;
/** A word in a title comes back in many titles; one in a path or a command hardly does. */
const WORD_IN_PROSE = 0.03;
const WORD = 0.005;

function sharePerValue(field: string | null): number {
  if (field === null) return EQUAL;
  return COMMON.get(field) ?? (isEntity(field) ? EQUAL_ENTITY : EQUAL);
}

function isEntity(field: string): boolean {
  return /^(source|destination|related|host|user|url|file|dns)\./.test(field) || field.includes('.hash.');
}

function shareOfWord(field: string | null): number {
  const isProse = field === null || field === 'message' || field === 'rule.name' || field === 'event.reason';
  return Math.max(sharePerValue(field), isProse ? WORD_IN_PROSE : WORD);
}

/** How many alerts have the field at all. */
function sharePresent(field: string | null): number {
  if (field === null || field.startsWith('event.') || field.startsWith('rule.') || field === 'message') return 1;
  return field.startsWith('raw.') ? 0.2 : 0.5;
}

/** What looking at the field on every alert costs, in the measure of a share of alerts on which a rule is asked. */
function costOfLooking(field: string | null): number {
  if (field === null) return 0.2;
  if (field === 'message' || field === 'event.reason') return 0.02;
  return field.startsWith('raw.') ? 0.03 : 0;
}

/** What firing costs: the share of alerts on which the trigger is thought to fire. */
export function weightOfTrigger({ field, sign }: Trigger): number {
  const present = sharePresent(field);
  return Math.min(present, shareOf({ field, sign }, present)) + costOfLooking(field);
}

function shareOf({ field, sign }: Trigger, present: number): number {
  switch (sign.kind) {
    case 'equals':
      return sharePerValue(field);
    case 'contains':
      return Math.max(shareOfWord(field), 0.6 ** sign.text.length);
    case 'startsWith':
    case 'endsWith':
      return Math.max(shareOfWord(field) / 2, 0.5 ** sign.text.length);
    case 'network':
      return Math.max(EQUAL, 0.5 ** (sign.length / (sign.bytes.length === 4 ? 4 : 8)));
    case 'compares':
      return present * 0.4;
    case 'present':
      return present;
  }
}

/** What asking costs, in the measure of one comparison of texts. */
export function weightOf(item: DetectionItem): number {
  if (item.field === null) return 1000;
  const test = item.values[0]?.[0];
  const each = test?.kind === 'regex' ? 50 : test?.kind === 'cidr' ? 3 : test?.kind === 'fieldref' ? 4 : 1;
  const isList = item.values.length > 1 && test?.kind !== 'pattern';
  return (each + sharePerValue(item.field) * 5) * (isList ? item.values.length : 1);
}
