import { isMap, isScalar, isSeq } from 'yaml';
import { parseDetection } from './parse-detection.ts';
import { type ParsedRule, placesOfKeys, warnUnknownFields } from './parse-rule.ts';
import type { RuleDocument } from './rule-document.ts';
import { readSigmaSources } from './sigma-documents.ts';
import type { YamlSource } from './yaml-source.ts';

/**
 * Reads community rules, which have no owner, rationale or actions of ours: each becomes a draft that does nothing
 * until a person completes it. The authors' names are kept, as the Detection Rule License asks. Fields keep the names
 * that Sigma gives them: `importSigmaRules` has ours.
 */
export function parseSigmaRules(text: string): ParsedRule[] {
  return Array.from(readSigmaSources(text), ({ source, problems }) =>
    source === null ? { rule: null, problems } : parseSigmaSource(source),
  );
}

/** Reads one document of `readSigmaSources`. What a rule of another kind is, is said as its problem. */
export function parseSigmaSource(source: YamlSource): ParsedRule {
  const { document, problems } = source;
  const root = document.contents;
  if (problems.hasErrors()) return { rule: null, problems: problems.problems };
  if (!isMap(root)) {
    problems.error(source.placeOf(root), 'A Sigma rule must be a map with "title", "logsource" and "detection".');
    return { rule: null, problems: problems.problems };
  }
  const places = placesOfKeys(root, source);
  for (const [key, message] of OTHER_KINDS) {
    const place = places.get(key);
    if (place === undefined) continue;
    problems.error(place, message);
    return { rule: null, problems: problems.problems };
  }
  const title = textOf(root.get('title', true));
  if (title === null) problems.error(source.placeOf(root), '"title" is missing. Add what the rule detects.');
  if (!places.has('detection')) {
    problems.error(source.placeOf(root), '"detection" is missing. Add selections and a "condition".');
    return { rule: null, problems: problems.problems };
  }
  const detection = parseDetection(root.get('detection', true), source);
  if (detection === null || title === null || problems.hasErrors()) return { rule: null, problems: problems.problems };
  warnUnknownFields(detection, source);
  const rule: RuleDocument = {
    id: textOf(root.get('id', true))?.toLowerCase() ?? derivedId(source.text),
    version: 1,
    title,
    description: textOf(root.get('description', true)) ?? '',
    rationale: '',
    owner: '',
    status: 'draft',
    approvedBy: null,
    secondApprovedBy: null,
    expires: null,
    tags: textsOf(root.get('tags', true)),
    level: textOf(root.get('level', true)),
    references: textsOf(root.get('references', true)),
    author: authorOf(root.get('author', true)),
    detection,
    actions: [],
    assurance: { maxFalseCloseRate: null },
    tests: { match: [], noMatch: [], lists: {} },
    text: source.text.trim(),
    places,
  };
  return { rule, problems: problems.problems };
}

/** Documents of the Sigma specification that need more than one alert to be judged, or another rule. */
const OTHER_KINDS: readonly (readonly [string, string])[] = [
  [
    'correlation',
    'This is a Sigma correlation: it counts or orders events of other rules, which a rule here does not.',
  ],
  ['filter', 'This is a Sigma filter: it narrows other rules. Write its selection into the rules that it names.'],
];

export function textOf(node: unknown): string | null {
  if (!isScalar(node) || node.value === null || node.value === undefined) return null;
  const text = String(node.value).trim();
  return text === '' ? null : text;
}

/** Authors stand in one text, or in a list by mistake: their names must not get lost. */
function authorOf(node: unknown): string | null {
  const listed = textsOf(node);
  return listed.length > 0 ? listed.join(', ') : textOf(node);
}

export function textsOf(node: unknown): string[] {
  return isSeq(node) ? node.items.flatMap((item) => textOf(item) ?? []) : [];
}

/** Sigma's id is optional: a UUID (version 8) made of the text, so that the same rule keeps its id. Not a secure digest. */
export function derivedId(text: string): string {
  const words = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => {
    let hash = seed;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) ^ (hash >>> 15);
    return (hash >>> 0).toString(16).padStart(8, '0');
  });
  const hex = words.join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
