import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { drawAt } from '../../shared/domain/assurance/draw.ts';
import { drawClosure, type Stratum, stratumOf } from '../../shared/domain/assurance/sampling-plan.ts';
import { needsSecondReader } from '../../shared/domain/assurance/second-reader.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import { auditCounts, insertAudits, type NewAudit, waitingAudits } from '../store/audits.ts';
import { type ClosureRow, closuresAfter, hasClosedItsLike } from '../store/closed-groups.ts';
import { getMeta, setMeta } from '../store/meta.ts';
import {
  type ClosureCount,
  countClosures,
  countHours,
  listRuleAssurance,
  type RuleAssuranceRow,
  saveRuleAssurance,
} from '../store/rule-assurance.ts';
import type { Write } from '../store/store.ts';
import { limitAt } from './assured-rules.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Few enough that nobody who decides waits for them. */
const SLICE = 100;
/** Closures younger than this wait for the next tick: two processes may commit out of order. */
const SETTLE_MS = 5_000;
/** Parts into which a rule's closures are told apart, to see drift. */
const BINS = 10;
/** Where in the order of closures sampling has come to. */
const PLACE = 'assurance_place';
const PLACES = 1_000_000_000;

export interface DrawParts {
  policy: AssurancePolicy;
  seed: string;
  /** Audits of closures by rules that a week's budget buys: so many wait at most. */
  weekAudits: number;
}

/**
 * Looks at the next closures: counts those of rules, draws which of them are audited, and mixes closures by people and
 * known true positives among them. Answers how many it looked at; fewer than a slice means that none are left.
 */
export async function drawSlice(
  tx: Write,
  parts: DrawParts,
  nowMs: number,
): Promise<{ seen: number; drawn: number; isLast: boolean }> {
  const place = JSON.parse((await getMeta(tx, PLACE)) ?? '{"atMs":0,"id":0}') as { atMs: number; id: number };
  const closures = await closuresAfter(tx, place, nowMs - SETTLE_MS, SLICE);
  const last = closures.at(-1);
  if (last === undefined) return { seen: 0, drawn: 0, isLast: true };
  const byRule = await drawOfRules(tx, closures, parts, nowMs);
  const mixed = await drawOfPeople(tx, closures, parts, nowMs, byRule.length);
  const drawn = [...byRule, ...mixed];
  await insertAudits(tx, drawn);
  await setMeta(tx, PLACE, JSON.stringify({ atMs: last.closed_at_ms, id: last.id }));
  return { seen: closures.length, drawn: drawn.length, isLast: closures.length < SLICE };
}

async function drawOfRules(
  tx: Write,
  closures: readonly ClosureRow[],
  { policy, seed, weekAudits }: DrawParts,
  nowMs: number,
): Promise<NewAudit[]> {
  const lines = new Map((await listRuleAssurance(tx)).map((row) => [row.rule_id, { ...row }]));
  const touched = new Set<RuleAssuranceRow>();
  const counts = new Map<string, ClosureCount>();
  const hours = new Map<string, HourCount>();
  const drawn: NewAudit[] = [];
  const seen = new Set<string>();
  let room = weekAudits - ((await waitingAudits(tx)).get('rule') ?? 0);
  for (const closure of closures) {
    const line = closure.closed_by_kind === 'rule' ? lines.get(closure.closed_by ?? '') : undefined;
    // What an earlier version closed says nothing of this one.
    if (line === undefined || closure.closing_rule_version !== line.rule_version) continue;
    const stratum = stratumOf({
      severity: severityOfRank(closure.severity),
      hasCves: closure.cves_json !== '[]',
      isFirstOfItsKind: await isFirst(tx, closure, seen),
    });
    count(counts, line, closure, stratum);
    countHour(hours, line.rule_id, closure.closed_at_ms ?? 0);
    touched.add(line);
    line.max_false_close_rate = limitAt(closure.severity, line.max_false_close_rate, policy);
    if (line.state === 'suspended' || line.state === 'shadow') continue;
    const { isDrawn, probability } = drawClosure(
      seed,
      { ruleId: line.rule_id, closureId: closure.id, stratum },
      line.usual_rate,
      policy,
    );
    // A full queue waits for its readers, but high severity is never left out.
    if (!isDrawn || (room <= 0 && stratum !== 'near')) continue;
    room -= 1;
    const rule = { rule_id: line.rule_id, rule_version: line.rule_version };
    drawn.push({ ...auditOf(closure, 'rule', seed, policy, nowMs), ...rule, stratum, probability });
  }
  await countClosures(tx, [...counts.values()]);
  await countHours(tx, [...hours.values()]);
  for (const line of touched) await saveRuleAssurance(tx, line);
  return drawn;
}

/** Asked once for each kind of closure: what comes after one of its kind in the same slice is not new. */
async function isFirst(tx: Write, closure: ClosureRow, seen: Set<string>): Promise<boolean> {
  const kind = JSON.stringify([closure.closed_by, closure.source_rule_id, closure.entity_value]);
  if (seen.has(kind)) return false;
  seen.add(kind);
  return !(await hasClosedItsLike(tx, closure));
}

function count(counts: Map<string, ClosureCount>, line: RuleAssuranceRow, closure: ClosureRow, stratum: Stratum): void {
  line[`closed_${stratum}`] += 1;
  const day = Math.floor((closure.closed_at_ms ?? 0) / DAY_MS);
  const bin = Math.floor(drawAt('make-up', `${closure.source_rule_id}/${closure.severity}`) * BINS);
  const key = `${line.rule_id} ${day} ${stratum} ${bin}`;
  const known = counts.get(key);
  if (known !== undefined) known.closed += 1;
  else counts.set(key, { rule_id: line.rule_id, day, stratum, bin, closed: 1 });
}

type HourCount = Parameters<typeof countHours>[1][number];

function countHour(hours: Map<string, HourCount>, ruleId: string, closedAtMs: number): void {
  const hour = Math.floor(closedAtMs / HOUR_MS);
  const key = `${ruleId} ${hour}`;
  const known = hours.get(key);
  if (known !== undefined) known.closed += 1;
  else hours.set(key, { rule_id: ruleId, hour, closed: 1 });
}

/** As many closures by people and known true positives as the mix owes to the audits of rules that were drawn so far. */
async function drawOfPeople(
  tx: Write,
  closures: readonly ClosureRow[],
  { policy, seed }: DrawParts,
  nowMs: number,
  fresh: number,
): Promise<NewAudit[]> {
  const before = await auditCounts(tx, nowMs - policy.staleDays * DAY_MS);
  const drawnOf = (kind: string): number =>
    before.filter((each) => each.kind === kind).reduce((sum, each) => sum + each.n, 0);
  const ofRules = drawnOf('rule') + fresh;
  const byPeople = closures
    .filter(({ closed_by_kind, disposition }) => closed_by_kind === 'person' && disposition !== 'undetermined')
    .toSorted((a, b) => drawAt(seed, `person/${a.id}`) - drawAt(seed, `person/${b.id}`));
  const take = (kind: 'person' | 'known', per100: number): NewAudit[] => {
    const owed = Math.ceil((ofRules * per100) / 100) - drawnOf(kind);
    return byPeople
      .filter(({ disposition }) => (disposition === 'true_positive') === (kind === 'known'))
      .slice(0, Math.max(0, owed))
      .map((closure) => ({
        ...auditOf(closure, kind, seed, policy, nowMs),
        rule_id: null,
        rule_version: null,
        stratum: 'usual',
        probability: Math.min(1, owed / byPeople.length),
      }));
  };
  return [...take('person', policy.mix.byPeoplePer100), ...take('known', policy.mix.knownPer100)];
}

type AuditFacts = Omit<NewAudit, 'rule_id' | 'rule_version' | 'stratum' | 'probability'>;

function auditOf(
  closure: ClosureRow,
  kind: 'rule' | 'person' | 'known',
  seed: string,
  policy: AssurancePolicy,
  nowMs: number,
): AuditFacts {
  const key = `${closure.id}/${closure.closed_at_ms}`;
  return {
    group_id: closure.id,
    closed_at_ms: closure.closed_at_ms ?? 0,
    kind,
    class: `${severityOfRank(closure.severity)}/${closure.product}`,
    severity: closure.severity,
    drawn_at_ms: nowMs,
    due_at_ms: nowMs + policy.dueHours * HOUR_MS,
    place: Math.floor(drawAt(seed, `place/${key}`) * PLACES),
    needs_second: needsSecondReader(seed, key, policy.secondReaderShare) ? 1 : 0,
  };
}
