import { Document, isMap, isScalar, isSeq, Pair, Scalar, type ScalarTag, type YAMLMap } from 'yaml';
import { itemsOf } from './detection.ts';
import { MODIFIERS } from './modifiers.ts';
import { parseRule } from './parse-rule.ts';
import { derivedId, parseSigmaSource, textOf, textsOf } from './parse-sigma-rule.ts';
import type { RuleDocument } from './rule-document.ts';
import type { RuleProblem } from './rule-problem.ts';
import { readSigmaSources, type SigmaSource } from './sigma-documents.ts';
import { ruleFieldOf, type SigmaLogsource } from './sigma-field-names.ts';
import type { YamlSource } from './yaml-source.ts';

/** What one community rule became. */
export interface ImportedRule {
  /** The draft, read back from its own text (`rule.text`); null when the rule cannot be used. */
  rule: RuleDocument | null;
  /** By their place in the text that was imported. */
  problems: RuleProblem[];
  /** Modifiers that it uses and nobody knows. */
  unknownModifiers: string[];
  /** Where it starts in the text. */
  line: number;
  /** Its own names of fields that are looked up in the original as they are called. */
  unmapped: string[];
  /** Lookup lists that it names by `expand`: without them it matches nothing. */
  lists: string[];
}

/** Said in a draft where its author has to say something; Evenwatch never lets it close anything. */
export const MISSING_RATIONALE =
  'Missing: nobody has said yet why this rule is safe. It was written by the community to detect, not to close.';
export const MISSING_OWNER = 'nobody yet';

/**
 * Reads community rules as drafts of ours: fields under our names, an action that only marks (a tag, and up in priority
 * from level high), the authors and references kept as the Detection Rule License asks. Each draft is read back from
 * its own text, so what is written to a file is what was tried.
 */
export function importSigmaRules(text: string): ImportedRule[] {
  return Array.from(readSigmaSources(text), importSource);
}

/** Reads rules of ours as they are and community rules as drafts, in one text or several documents of it. */
export function readAnyRules(text: string): ImportedRule[] {
  return Array.from(readSigmaSources(text), (found) =>
    found.source !== null && isOurs(found.source) ? ownRule(found.line, found.source) : importSource(found),
  );
}

/** What only rules of ours have. */
function isOurs({ document }: YamlSource): boolean {
  const root = document.contents;
  return isMap(root) && ['actions', 'rationale', 'owner'].some((key) => root.has(key));
}

function ownRule(line: number, source: YamlSource): ImportedRule {
  const { rule, problems } = parseRule(source.text);
  const before = source.placeOf(null).line - 1;
  const placed = problems.map((problem) => ({ ...problem, line: problem.line + before }));
  return {
    rule,
    problems: placed,
    unknownModifiers: [],
    line,
    unmapped: [],
    lists: rule === null ? [] : listsOf(rule),
  };
}

function importSource({ line, source, problems }: SigmaSource): ImportedRule {
  const nothing = { rule: null, unknownModifiers: [], line, unmapped: [], lists: [] };
  if (source === null) return { ...nothing, problems };
  const unknownModifiers = modifiersOf(source).filter((modifier) => !MODIFIERS.includes(modifier));
  const parsed = parseSigmaSource(source);
  // Names of Sigma's taxonomy are no mistakes here.
  const own = parsed.problems.filter(({ message }) => !message.startsWith('No alert has a field'));
  if (parsed.rule === null) return { ...nothing, problems: own, unknownModifiers };
  const names = new Set<string>();
  const read = parseRule(draftText(source, parsed.rule, names));
  if (read.rule === null) own.push(notWritten(source, read.problems));
  const unmapped = [...names];
  const place = source.placeOf(source.document.contents);
  const warned = unmapped.map((name): RuleProblem => {
    const short = name.slice(0, 80);
    const message = `"${short}" has no field of ours in this log source: it is looked up in the original as raw.${short}.`;
    return { level: 'warning', ...place, message };
  });
  const lists = read.rule === null ? [] : listsOf(read.rule);
  return { rule: read.rule, problems: [...own, ...warned], unknownModifiers, line, unmapped, lists };
}

/** The lookup lists that a rule names, each once. */
function listsOf({ detection }: RuleDocument): string[] {
  const names = new Set<string>();
  for (const item of [...detection.selections.values()].flatMap(itemsOf)) {
    for (const test of item.values.flat()) {
      if (test.kind !== 'pattern') continue;
      for (const part of test.pattern) if (part.kind === 'placeholder') names.add(part.name);
    }
  }
  return [...names];
}

function notWritten(source: YamlSource, problems: readonly RuleProblem[]): RuleProblem {
  const first = problems.find(({ level }) => level === 'error');
  const message = `This rule cannot be written as a draft: ${first?.message ?? 'it cannot be read back.'}`;
  return { level: 'error', ...source.placeOf(source.document.contents), message };
}

/** Every modifier of every key of the detection, each as often as it stands there. */
function modifiersOf({ document }: YamlSource): string[] {
  const found: string[] = [];
  const root = document.contents;
  const queue: unknown[] = [isMap(root) ? root.get('detection', true) : null];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (isSeq(node)) for (const item of node.items) queue.push(item);
    if (!isMap(node)) continue;
    for (const { key, value } of node.items) {
      if (isScalar(key)) found.push(...String(key.value).split('|').slice(1));
      queue.push(value);
    }
  }
  return found.filter((modifier) => modifier !== '');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'];
const TITLE_MAX = 256;
const TAG_MAX = 100;
const LIST_MAX = 100;

/** Numbers as their author wrote them: `0x10` and `007` are texts in many records. */
const asWritten = (tags: readonly ScalarTag[]): ScalarTag[] =>
  tags.map((tag) =>
    /:(?:int|float)$/.test(tag.tag)
      ? {
          ...tag,
          stringify: (item, ctx, comment, chomp) => item.source ?? tag.stringify?.(item, ctx, comment, chomp) ?? '',
        }
      : tag,
  );

function draftText(source: YamlSource, rule: RuleDocument, unmapped: Set<string>): string {
  const root = source.document.contents;
  const get = (key: string): unknown => (isMap(root) ? root.get(key, true) : undefined);
  const id = UUID.test(rule.id) ? rule.id : derivedId(`${rule.id}\n${source.text}`);
  const named = id === rule.id ? '' : `Sigma rule ${cut(rule.id, 200)}`;
  const description = [cut(rule.description, 60_000), named].filter((part) => part !== '').join('\n\n');
  const level = LEVELS.includes(rule.level ?? '') ? rule.level : null;
  const isLoud = level === 'high' || level === 'critical';
  const header = {
    title: cut(rule.title, TITLE_MAX),
    id,
    version: 1,
    ...(description === '' ? {} : { description }),
    rationale: MISSING_RATIONALE,
    owner: MISSING_OWNER,
    status: 'draft',
    ...listed(
      'tags',
      rule.tags.map((tag) => cut(tag, TAG_MAX)),
    ),
    ...(level === null ? {} : { level }),
    ...listed(
      'references',
      rule.references.map((each) => cut(each, 2000)),
    ),
    ...(rule.author === null ? {} : { author: cut(rule.author, 1000) }),
    ...dated('date', textOf(get('date'))),
    ...dated('modified', textOf(get('modified'))),
    ...listed(
      'falsepositives',
      textsOf(get('falsepositives')).map((each) => cut(each, 2000)),
    ),
    ...logsourceKey(logsourceOf(get('logsource'))),
    actions: [{ tag: 'sigma' }, ...(isLoud ? [{ priority: 'up' }] : [])],
  };
  const document = new Document(header, { schema: 'core', customTags: (tags) => asWritten(tags as ScalarTag[]) });
  const detection = get('detection');
  if (isMap(detection) && isMap(document.contents)) {
    renameFields(detection, logsourceOf(get('logsource')), unmapped);
    document.contents.items.push(new Pair(new Scalar('detection'), detection) as never);
  }
  return document.toString({ lineWidth: 0 });
}

function listed(key: string, values: readonly string[]): Record<string, readonly string[]> {
  return values.length === 0 ? {} : { [key]: values.slice(0, LIST_MAX) };
}

function dated(key: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [key]: cut(value, 40) };
}

function logsourceKey(logsource: SigmaLogsource): { logsource?: Record<string, string> } {
  const known = Object.entries(logsource).filter((entry): entry is [string, string] => entry[1] !== null);
  return known.length === 0 ? {} : { logsource: Object.fromEntries(known) };
}

function logsourceOf(node: unknown): SigmaLogsource {
  const part = (key: string): string | null =>
    isMap(node) ? (textOf(node.get(key, true))?.toLowerCase() ?? null) : null;
  return { product: part('product'), category: part('category'), service: part('service') };
}

/** Gives the keys of selections, and the values of `fieldref`, the names of ours. Names of selections are left alone. */
function renameFields(detection: YAMLMap, logsource: SigmaLogsource, unmapped: Set<string>): void {
  const renamed = (name: string): string => {
    const { field, isKnown } = ruleFieldOf(name, logsource);
    if (!isKnown) unmapped.add(name);
    return field;
  };
  const renameIn = (node: unknown): void => {
    if (isSeq(node)) node.items.forEach(renameIn);
    if (!isMap(node)) return;
    const taken = new Set<string>();
    for (const pair of node.items) {
      const [name = '', ...modifiers] = isScalar(pair.key) ? String(pair.key.value).split('|') : [];
      if (modifiers.includes('fieldref')) renameValues(pair.value, renamed);
      if (name === '') continue;
      let key = [renamed(name), ...modifiers].join('|');
      // Two names of one field cannot stand in one map: the second is looked up as the record calls it.
      if (taken.has(key)) {
        unmapped.add(name);
        key = [`raw.${name}`, ...modifiers].join('|');
      }
      taken.add(key);
      pair.key = keyLike(pair.key, key);
    }
  };
  for (const { key, value } of detection.items) {
    if (isScalar(key) && key.value !== 'condition' && key.value !== 'timeframe') renameIn(value);
  }
}

function renameValues(node: unknown, renamed: (name: string) => string): void {
  if (isSeq(node)) for (const item of node.items) renameValues(item, renamed);
  else if (isScalar(node) && typeof node.value === 'string') node.value = renamed(node.value);
}

/** A key with another name and the comment that stood before it. */
function keyLike(key: unknown, name: string): Scalar<string> {
  const made = new Scalar(name);
  if (isScalar(key) && typeof key.commentBefore === 'string') made.commentBefore = key.commentBefore;
  return made;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
