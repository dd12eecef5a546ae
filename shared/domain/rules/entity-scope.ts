import type { Detection } from './detection.ts';
import { requiredTexts } from './required-texts.ts';

/** More things than these are a class of things, and no longer named ones. */
export const NAMED_ENTITIES_MAX = 20;

/** Fields that name one thing, with the other names under which rules may ask for it. */
const ENTITY_FIELDS: readonly (readonly [string, readonly string[]])[] = [
  ['host.name', ['host.name', 'host.hostname', 'related.hosts']],
  ['user.name', ['user.name', 'related.user']],
  ['source.ip', ['source.ip', 'source.address']],
  ['destination.ip', ['destination.ip', 'destination.address']],
  ['file.hash', ['file.hash.sha256', 'process.hash.sha256', 'file.hash.sha1', 'process.hash.sha1']],
];

/** Whether a rule is about named things, and why it is or is not. */
export type EntityScope =
  | { isScoped: true; field: string; count: number; why: string }
  | { isScoped: false; why: string };

/**
 * A rule is about named things when its condition cannot hold unless a host, an account, an address or a hash is one of
 * at most twenty that it names letter for letter. Patterns, networks and lookup lists name nothing: what they take in
 * may grow without anybody looking at the rule. Worked out from the condition, never from a promise in the rule.
 */
export function entityScopeOf(detection: Detection): EntityScope {
  let widest: { field: string; count: number } | null = null;
  for (const [field, names] of ENTITY_FIELDS) {
    for (const name of names) {
      const texts = requiredTexts(detection, name);
      if (texts === null) continue;
      if (texts.size <= NAMED_ENTITIES_MAX) {
        const why = `it is about ${texts.size === 1 ? 'one' : texts.size} named ${texts.size === 1 ? 'value' : 'values'} of ${field}`;
        return { isScoped: true, field, count: texts.size, why };
      }
      widest ??= { field, count: texts.size };
    }
  }
  if (widest !== null) {
    return {
      isScoped: false,
      why: `it names ${widest.count} values of ${widest.field}, and ${NAMED_ENTITIES_MAX} are the most`,
    };
  }
  return {
    isScoped: false,
    why: 'it may match any host, account, address or file, because it names none letter for letter',
  };
}
