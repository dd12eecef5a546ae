import ipaddr from 'ipaddr.js';
import { COMPARISONS, type Comparison, type Place, TIME_PARTS, type TimePart, type ValueTest } from './detection.ts';
import { compileRuleRegex } from './linear-regex.ts';
import { nearestName } from './nearest-name.ts';
import { regexSteps } from './regex-steps.ts';
import type { ProblemList } from './rule-problem.ts';
import {
  DASHES,
  parsePattern,
  parsePatternWithPlaceholders,
  plainTextOf,
  type SigmaPattern,
  withWildcards,
  withWindowsDashes,
} from './sigma-pattern.ts';
import { base64, base64Offsets, utf8Bytes, utf16Bytes } from './text-encoding.ts';

/** A value as YAML gave it, with the text that its author wrote (numbers lose theirs: `0x10`, `1.0`). */
export interface RuleValue {
  value: string | number | boolean | null;
  source: string;
  place: Place;
}

const GENERIC = ['all', 'neq', 'cased', 'exists'];
const TEXT = ['contains', 'startswith', 'endswith', 'windash', 'expand', 'fieldref'];
const ENCODINGS = ['base64', 'base64offset', 'wide', 'utf16le', 'utf16be', 'utf16'];
const TYPES = ['re', 'i', 'm', 's', 'cidr', ...COMPARISONS, ...TIME_PARTS];
/** Every modifier of the Sigma modifiers appendix 2.1. */
export const MODIFIERS: readonly string[] = [...GENERIC, ...TEXT, ...ENCODINGS, ...TYPES];
const MODIFIER_SET: ReadonlySet<string> = new Set(MODIFIERS);

/** How many variants one value may become before it is refused. */
const VARIANTS_MAX = 1000;
/** What one expression may come to: matching takes that many steps a character at most, and memory for each. */
const REGEX_STEPS_MAX = 5_000;

/** Splits `field|modifier|modifier`. Null when a modifier is not known or two exclude each other; says so. */
export function parseModifiers(
  chain: readonly string[],
  place: Place,
  problems: ProblemList,
): readonly string[] | null {
  for (const modifier of chain) {
    if (MODIFIER_SET.has(modifier)) continue;
    const near = nearestName(modifier, MODIFIERS);
    const hint =
      modifier === ''
        ? 'Remove the extra "|".'
        : near === null
          ? `Use one of ${MODIFIERS.join(', ')}.`
          : `Did you mean "${near}"?`;
    problems.error(place, `The modifier "${modifier.slice(0, 40)}" is not known. ${hint}`);
    return null;
  }
  const flags = chain.filter((modifier) => ['i', 'm', 's'].includes(modifier));
  if (flags.length > 0 && !chain.includes('re')) {
    problems.error(place, `The modifier "${flags[0]}" belongs to a regular expression: write "re|${flags[0]}".`);
    return null;
  }
  const kinds = chain.filter((modifier) => ['re', 'cidr', 'exists', 'fieldref', ...COMPARISONS].includes(modifier));
  if (kinds.length > 1) {
    problems.error(place, `The modifiers ${kinds.join(' and ')} cannot stand together. Use one of them.`);
    return null;
  }
  const kind = kinds[0];
  const clash = chain.find((modifier) => isTransformation(modifier) && !isAllowedWith(kind, modifier));
  if (kind !== undefined && clash !== undefined) {
    problems.error(place, `The modifier "${clash}" cannot stand together with "${kind}". Remove one of them.`);
    return null;
  }
  return chain;
}

function isTransformation(modifier: string): boolean {
  return TEXT.includes(modifier) || ENCODINGS.includes(modifier) || modifier === 'cased';
}

function isAllowedWith(kind: string | undefined, modifier: string): boolean {
  if (kind === undefined || modifier === kind) return true;
  return kind === 'fieldref' && ['contains', 'startswith', 'endswith', 'cased'].includes(modifier);
}

/** The tests that one value comes to after its modifiers, in their order. Empty when it is faulty; says why. */
export function testsOf(value: RuleValue, chain: readonly string[], problems: ProblemList): ValueTest[] {
  const { source } = value;
  if (chain.includes('exists')) return existsTest(value, problems);
  if (chain.includes('re')) return regexTest(value, chain, problems);
  if (chain.includes('cidr')) return cidrTest(value, problems);
  const comparison = chain.find((modifier): modifier is Comparison =>
    (COMPARISONS as readonly string[]).includes(modifier),
  );
  const timePart = chain.find((modifier): modifier is TimePart => (TIME_PARTS as readonly string[]).includes(modifier));
  if (comparison !== undefined || timePart !== undefined) {
    return numberTest(value, comparison ?? null, timePart ?? null, problems);
  }
  if (chain.includes('fieldref')) return fieldrefTest(value, chain, problems);
  if (value.value === null) return [{ kind: 'null', source: 'null' }];
  if (!chain.some(isTransformation)) {
    if (typeof value.value === 'number') return [{ kind: 'number', source, value: value.value, timePart: null }];
    if (typeof value.value === 'boolean') return [{ kind: 'boolean', source, value: value.value }];
  }
  const text = typeof value.value === 'string' ? value.value : source;
  return patternTests({ ...value, source: text }, chain, problems);
}

function existsTest(value: RuleValue, problems: ProblemList): ValueTest[] {
  if (typeof value.value === 'boolean') return [{ kind: 'exists', source: value.source, value: value.value }];
  // YAML 1.1, which most of the community's tools read, knows more words for the two.
  const word = /^(?:(yes|on)|(no|off))$/i.exec(value.source);
  if (word !== null) return [{ kind: 'exists', source: value.source, value: word[1] !== undefined }];
  problems.error(value.place, '"exists" takes true or false.');
  return [];
}

function regexTest(value: RuleValue, chain: readonly string[], problems: ProblemList): ValueTest[] {
  const source = typeof value.value === 'string' ? value.value : value.source;
  const flags = { i: chain.includes('i'), m: chain.includes('m'), s: chain.includes('s') };
  if (regexSteps(source) > REGEX_STEPS_MAX) {
    problems.error(
      value.place,
      `This regular expression comes to more than ${REGEX_STEPS_MAX} steps once its repeats are written out. Use smaller repeats, or split it.`,
    );
    return [];
  }
  try {
    compileRuleRegex(source, flags);
  } catch (fault) {
    problems.error(
      value.place,
      `This regular expression cannot be used: ${fault instanceof Error ? fault.message : 'unknown fault'}. Look-around within an expression and back-references are not available, because expressions run in linear time.`,
    );
    return [];
  }
  return [{ kind: 'regex', source, flags }];
}

function cidrTest(value: RuleValue, problems: ProblemList): ValueTest[] {
  if (ipaddr.isValidCIDR(value.source) || ipaddr.isValid(value.source)) return [{ kind: 'cidr', source: value.source }];
  problems.error(
    value.place,
    `"${value.source.slice(0, 60)}" is no network. Write, for example, 10.20.0.0/24 or 2001:db8::/32.`,
  );
  return [];
}

function numberTest(
  value: RuleValue,
  comparison: Comparison | null,
  timePart: TimePart | null,
  problems: ProblemList,
): ValueTest[] {
  const number = typeof value.value === 'number' ? value.value : Number(value.source.trim() || Number.NaN);
  if (!Number.isFinite(number) || typeof value.value === 'boolean' || value.value === null) {
    problems.error(value.place, `"${comparison ?? timePart}" takes a number, not "${value.source.slice(0, 60)}".`);
    return [];
  }
  if (comparison === null) return [{ kind: 'number', source: value.source, value: number, timePart }];
  return [{ kind: 'compare', source: value.source, comparison, value: number, timePart }];
}

function fieldrefTest(value: RuleValue, chain: readonly string[], problems: ProblemList): ValueTest[] {
  if (typeof value.value !== 'string' || value.value === '') {
    problems.error(value.place, '"fieldref" takes the name of another field.');
    return [];
  }
  const how =
    (['contains', 'startswith', 'endswith'] as const).find((modifier) => chain.includes(modifier)) ?? 'equals';
  return [{ kind: 'fieldref', source: value.source, field: value.value, how, isCased: chain.includes('cased') }];
}

interface Variant {
  pattern: SigmaPattern;
  /** Bytes already (after `wide`), not text that still has to be encoded. */
  isBytes: boolean;
}

function patternTests(value: RuleValue, chain: readonly string[], problems: ProblemList): ValueTest[] {
  const parsed = chain.includes('expand') ? parsePatternWithPlaceholders(value.source) : parsePattern(value.source);
  let variants: Variant[] = [{ pattern: parsed, isBytes: false }];
  for (const modifier of chain) {
    const next = variants.map((variant) => transformed(variant, modifier));
    const fault = next.find((each) => typeof each === 'string');
    if (typeof fault === 'string') {
      problems.error(value.place, fault);
      return [];
    }
    variants = next.flatMap((each) => (typeof each === 'string' ? [] : each));
  }
  const isCased = chain.includes('cased');
  return variants.map(({ pattern }) => ({ kind: 'pattern', source: value.source, pattern, isCased }));
}

/** What a modifier makes of one variant, or the sentence that says why it cannot. */
function transformed(variant: Variant, modifier: string): Variant[] | string {
  const { pattern } = variant;
  switch (modifier) {
    case 'contains':
      return [{ ...variant, pattern: withWildcards(pattern, true, true) }];
    case 'startswith':
      return [{ ...variant, pattern: withWildcards(pattern, false, true) }];
    case 'endswith':
      return [{ ...variant, pattern: withWildcards(pattern, true, false) }];
    case 'windash':
      return [{ ...variant, pattern: withWindowsDashes(pattern) }];
    case 'wide':
    case 'utf16le':
      return encodeParts(variant, (text) => utf16Bytes(text, 'le'));
    case 'utf16be':
      return encodeParts(variant, (text) => utf16Bytes(text, 'be'));
    case 'utf16':
      return prependByteOrderMark(encodeParts(variant, (text) => utf16Bytes(text, 'le')));
    case 'base64':
      return encodeWhole(variant, (bytes) => [base64(bytes)]);
    case 'base64offset':
      return encodeWhole(variant, base64Offsets);
    default:
      return [variant];
  }
}

function encodeParts(variant: Variant, encode: (text: string) => string): Variant[] | string {
  if (variant.pattern.some((part) => part.kind === 'placeholder')) return 'A placeholder cannot be encoded.';
  const spelled = spellDashes(variant.pattern);
  if (spelled === null) return `These dashes have more than ${VARIANTS_MAX} spellings. Split the value.`;
  return spelled.map((pattern) => ({
    isBytes: true,
    pattern: pattern.map((part) => (part.kind === 'text' ? { kind: 'text', text: encode(part.text) } : part)),
  }));
}

function prependByteOrderMark(variants: Variant[] | string): Variant[] | string {
  if (typeof variants === 'string') return variants;
  return variants.map((variant) => ({
    ...variant,
    pattern: [{ kind: 'text', text: '\u00ff\u00fe' }, ...variant.pattern],
  }));
}

function encodeWhole(variant: Variant, encode: (bytes: string) => string[]): Variant[] | string {
  const spelled = spellDashes(variant.pattern);
  if (spelled === null) return `These dashes have more than ${VARIANTS_MAX} spellings. Split the value.`;
  const variants: Variant[] = [];
  for (const pattern of spelled) {
    const text = plainTextOf(pattern);
    if (text === null) {
      return 'A value with wildcards cannot be encoded in Base64. Escape them as "\\*" and "\\?", and put "contains" after the encoding.';
    }
    const encoded = encode(variant.isBytes ? text : utf8Bytes(text));
    for (const each of encoded) variants.push({ isBytes: false, pattern: [{ kind: 'text', text: each }] });
  }
  return variants;
}

/** Every spelling of the dashes written out, for encodings, which have no class of characters. Null when too many. */
function spellDashes(pattern: SigmaPattern): SigmaPattern[] | null {
  let spellings: SigmaPattern[] = [[]];
  for (const part of pattern) {
    const choices: SigmaPattern = part.kind === 'dash' ? [...DASHES].map((text) => ({ kind: 'text', text })) : [part];
    if (spellings.length * choices.length > VARIANTS_MAX) return null;
    spellings = spellings.flatMap((before) => choices.map((choice) => [...before, choice]));
  }
  return spellings;
}
