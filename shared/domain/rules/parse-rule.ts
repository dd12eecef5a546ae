import { isMap, isScalar } from 'yaml';
import type { z } from 'zod';
import { ECS_FIELDS, isFieldName } from '../alert/ecs-fields.ts';
import { type Detection, itemsOf, type Place } from './detection.ts';
import { nearestName } from './nearest-name.ts';
import { parseDetection } from './parse-detection.ts';
import { type RuleDocument, ruleHeaderSchema } from './rule-document.ts';
import type { RuleProblem } from './rule-problem.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** `rule` is null when a problem is an error. */
export interface ParsedRule {
  rule: RuleDocument | null;
  problems: RuleProblem[];
}

const FIELD_NAMES = ECS_FIELDS.map((field) => field.name);

/** Reads a text with one rule; more documents after it are an error. */
export function parseRule(text: string): ParsedRule {
  const { sources, problems } = readYaml(text);
  const [source, second] = sources;
  if (source === undefined) return { rule: null, problems };
  const parsed = parseRuleSource(source);
  if (second === undefined) return parsed;
  const place = second.placeOf(null);
  const message = 'Only one rule is expected here. Remove what follows "---".';
  return { rule: null, problems: [...parsed.problems, { level: 'error', ...place, message }] };
}

/** Reads a text with any number of rules, separated by `---`. */
export function parseRules(text: string): ParsedRule[] {
  const { sources, problems } = readYaml(text);
  if (sources.length === 0) return [{ rule: null, problems }];
  return sources.map(parseRuleSource);
}

function parseRuleSource(source: YamlSource): ParsedRule {
  const { document, problems } = source;
  const root = document.contents;
  if (problems.hasErrors()) return { rule: null, problems: problems.problems };
  if (!isMap(root)) {
    problems.error(source.placeOf(root), 'A rule must be a map with "title", "id", "detection" and so on.');
    return { rule: null, problems: problems.problems };
  }
  const places = placesOfKeys(root, source);
  const header = ruleHeaderSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!header.success) for (const issue of header.error.issues) reportIssue(issue, source, places);
  const detection = places.has('detection') ? parseDetection(root.get('detection', true), source) : null;
  if (detection === null || !header.success || problems.hasErrors()) return { rule: null, problems: problems.problems };
  warnUnknownFields(detection, source);
  return { rule: documentOf(header.data, detection, source, places), problems: problems.problems };
}

function documentOf(
  header: z.output<typeof ruleHeaderSchema>,
  detection: Detection,
  source: YamlSource,
  places: ReadonlyMap<string, Place>,
): RuleDocument {
  const json = source.document.toJS({ maxAliasCount: 0 }) as { tests?: Partial<RuleDocument['tests']> };
  return {
    id: header.id.toLowerCase(),
    version: header.version,
    title: header.title,
    description: header.description ?? '',
    rationale: header.rationale,
    owner: header.owner,
    status: header.status,
    approvedBy: header.approvedBy ?? null,
    secondApprovedBy: header.secondApprovedBy ?? null,
    expires: header.expires ?? null,
    tags: header.tags,
    level: header.level ?? null,
    references: header.references,
    author: header.author ?? null,
    detection,
    actions: header.actions,
    assurance: { maxFalseCloseRate: header.assurance?.maxFalseCloseRate ?? null },
    tests: { match: json.tests?.match ?? [], noMatch: json.tests?.noMatch ?? [], lists: json.tests?.lists ?? {} },
    text: source.text.trim(),
    places,
  };
}

export function placesOfKeys(
  root: { items: readonly { key: unknown }[] },
  source: YamlSource,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { key } of root.items) if (isScalar(key)) places.set(String(key.value), source.placeOf(key));
  return places;
}

/** What is right, for the keys that people forget or mistype. */
const EXPECTED: Readonly<Record<string, string>> = {
  title: 'Add a title that says what the rule is about.',
  id: 'Add an id: a UUID, for example one that `uuidgen` prints.',
  rationale: 'Add a rationale: why is it safe? It is shown wherever the rule acts.',
  owner: 'Add an owner: a person or role on the roster.',
  status: 'Use draft, shadow, provisional, certified, suspended or expired.',
  detection: 'Add a detection with selections and a condition.',
  actions:
    'Add a list of actions: close, suppress, priority, tag, route, escalate or playbook, each with what it needs, for example "- close: false_positive".',
};

function reportIssue(issue: z.core.$ZodIssue, source: YamlSource, places: ReadonlyMap<string, Place>): void {
  const key = String(issue.path[0] ?? '');
  if (issue.code === 'unrecognized_keys') {
    for (const name of issue.keys) {
      const path = [...issue.path, name];
      const near = issue.path.length === 0 ? nearestName(name, Object.keys(ruleHeaderSchema.shape)) : null;
      const hint = near === null ? 'Remove it' : `Did you mean "${near}"`;
      const place = issue.path.length === 0 ? places.get(name) : undefined;
      source.problems.error(
        place ?? placeOfPath(path, source, places),
        `The key "${name.slice(0, 60)}" is not known here. ${hint}${near === null ? '.' : '?'}`,
      );
    }
    return;
  }
  const place = placeOfPath(issue.path, source, places);
  if (issue.path.length === 1 && !places.has(key)) {
    source.problems.error(place, `"${key}" is missing. ${EXPECTED[key] ?? ''}`.trim());
    return;
  }
  const named = issue.path.map(String).join('.');
  source.problems.error(place, `"${named}" is wrong: ${issue.message}. ${EXPECTED[key] ?? ''}`.trim());
}

/** The place of the value at a path, or of the nearest one around it that exists. */
function placeOfPath(path: readonly PropertyKey[], source: YamlSource, places: ReadonlyMap<string, Place>): Place {
  for (let length = path.length; length > 0; length--) {
    const node = source.document.getIn(path.slice(0, length), true);
    if (node !== undefined && node !== null) return source.placeOf(node);
  }
  return places.get(String(path[0] ?? '')) ?? source.placeOf(source.document.contents);
}

/** A name that no alert has never matches, which a typing error should not do in silence. */
export function warnUnknownFields(detection: Detection, source: YamlSource): void {
  const warned = new Set<string>();
  const check = (field: string, place: Place): void => {
    if (isFieldName(field) || warned.has(field)) return;
    warned.add(field);
    const near = nearestName(field, FIELD_NAMES);
    const hint =
      near === null
        ? 'Original fields are written as raw.<path>'
        : `Did you mean "${near}"? Original fields are written as raw.<path>`;
    source.problems.warn(place, `No alert has a field "${field.slice(0, 80)}". ${hint}.`);
  };
  for (const body of detection.selections.values()) {
    for (const item of itemsOf(body)) {
      if (item.field !== null) check(item.field, item.place);
      for (const test of item.values.flat()) if (test.kind === 'fieldref') check(test.field, item.place);
    }
  }
}
