import { type FieldAccess, type FieldSubject, fieldAccess } from '../../alert/ecs-fields.ts';
import type { LookupLists } from '../compile-value.ts';
import type { Detection, DetectionItem } from '../detection.ts';
import { FALSE, type Kleene } from '../kleene.ts';
import { type ReadableField, SubjectFields } from '../subject-fields.ts';
import { Candidates } from './candidates.ts';
import { AnswerMemo, PlanCompiler } from './compile-plan.ts';
import { FieldScan } from './field-scan.ts';
import { RawScan } from './raw-scan.ts';
import { RecordScan } from './record-scan.ts';
import { requirementOf } from './requirement.ts';
import { type FieldsTest, PredicateTable } from './rule-plan.ts';
import type { Sign, Trigger } from './trigger.ts';

/** What is told of each rule that is not false, in the order of the rules. `fields` is valid during the call. */
export type OnMatch = (place: number, value: Kleene, fields: SubjectFields) => void;

/**
 * All rules compiled together. For each rule it is worked out what a subject must at least show (a literal, a
 * prefix, a network) for the rule to be anything but false, and of that the rarest; a subject is looked at once for
 * all of these, and only rules whose trigger fired are asked. So the cost grows with what fires, not with the
 * number of rules.
 *
 * What it answers is a function of the rules and the subject alone; what it keeps between subjects only saves work.
 */
export class RuleMatcher {
  private readonly tests: readonly FieldsTest[];
  private readonly fields: SubjectFields;
  private readonly memo = new AnswerMemo();
  private readonly candidates: Candidates;
  private readonly scans: readonly FieldScan[];
  private readonly rawScan: RawScan | null;
  private readonly recordScan: RecordScan | null;
  /** Rules that may hold for a subject that shows nothing: those made of "not", for the most part. */
  private readonly always: readonly number[];

  constructor(
    detections: readonly Detection[],
    context: { fields: readonly ReadableField[]; lists: LookupLists; compile: (item: DetectionItem) => FieldsTest },
  ) {
    const table = new PredicateTable(context.compile);
    const plans = detections.map((detection) => table.planOf(detection));
    const compiler = new PlanCompiler(this.memo);
    this.tests = plans.map((plan) => compiler.compile(plan));
    this.fields = new SubjectFields(null, context.fields);
    this.candidates = new Candidates(plans.length);
    const always: number[] = [];
    const waiting: { trigger: Trigger; rule: number }[] = [];
    plans.forEach((plan, rule) => {
      const requirement = requirementOf(plan, context.lists);
      if (requirement === null) always.push(rule);
      else for (const trigger of requirement.triggers) waiting.push({ trigger, rule });
    });
    this.always = always;
    const { scans, rawScan } = fieldScans(waiting);
    this.scans = scans;
    this.rawScan = rawScan;
    this.recordScan = recordScan(waiting);
  }

  match(subject: FieldSubject, onMatch: OnMatch): void {
    const { candidates, fields, tests } = this;
    candidates.clear();
    candidates.addAll(this.always);
    for (const scan of this.scans) scan.run(subject, candidates);
    this.rawScan?.run(subject, candidates);
    this.recordScan?.run(subject, candidates);
    if (candidates.count === 0) return;
    this.memo.turn();
    fields.turnTo(subject);
    const hits: number[] = [];
    for (let at = 0; at < candidates.count; at++) {
      const place = candidates.at(at);
      const value = tests[place]?.(fields) ?? FALSE;
      // One number sorts faster than two, and places fit many times over.
      if (value !== FALSE) hits.push(place * 4 + value);
    }
    if (hits.length > 1) hits.sort((a, b) => a - b);
    for (const hit of hits) onMatch(hit >> 2, (hit & 3) as Kleene, fields);
    fields.turnTo(null);
  }
}

const RAW = 'raw.';
/** Up to so many paths are asked for one by one, which is less than to walk over all keys of a record. */
const PATHS_WITHOUT_WALK = 3;

/** One scan a field; names that mean the same field share it. Paths of the record are looked for together. */
function fieldScans(waiting: readonly { trigger: Trigger; rule: number }[]): {
  scans: readonly FieldScan[];
  rawScan: RawScan | null;
} {
  const byName = new Map<string, { sign: Sign; rule: number }[]>();
  for (const { trigger, rule } of waiting) {
    if (trigger.field === null) continue;
    const known = byName.get(trigger.field) ?? [];
    known.push({ sign: trigger.sign, rule });
    byName.set(trigger.field, known);
  }
  const byAccess = new Map<FieldAccess, { name: string; waiting: { sign: Sign; rule: number }[] }>();
  for (const [name, signs] of byName) {
    const access = fieldAccess(name);
    if (access === null) continue;
    const known = byAccess.get(access);
    if (known === undefined) byAccess.set(access, { name, waiting: signs });
    else known.waiting = known.waiting.concat(signs);
  }
  const scans: FieldScan[] = [];
  const paths: [string, FieldScan][] = [];
  for (const [access, { name, waiting: signs }] of byAccess) {
    const scan = new FieldScan(name, access, signs);
    if (name.startsWith(RAW)) paths.push([name.slice(RAW.length), scan]);
    else scans.push(scan);
  }
  if (paths.length > PATHS_WITHOUT_WALK) return { scans, rawScan: new RawScan(paths) };
  return { scans: [...scans, ...paths.map(([, scan]) => scan)], rawScan: null };
}

function recordScan(waiting: readonly { trigger: Trigger; rule: number }[]): RecordScan | null {
  const texts = waiting.flatMap(({ trigger: { field, sign }, rule }) =>
    field === null && sign.kind === 'contains' ? [{ text: sign.text, rule }] : [],
  );
  return texts.length === 0 ? null : new RecordScan(texts);
}
