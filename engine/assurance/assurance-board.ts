import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { readCanaries } from '../../shared/domain/assurance/canary.ts';
import { type AuditedClosures, errorRates } from '../../shared/domain/assurance/error-rates.ts';
import { humanErrorByClass } from '../../shared/domain/assurance/human-error.ts';
import { agreementOf } from '../../shared/domain/assurance/second-reader.ts';
import { readVolume } from '../../shared/domain/assurance/volume-cusum.ts';
import type { AssuredRule, Suspension } from '../../shared/model/assurance.ts';
import type { StrainPolicy } from '../../shared/model/policy.ts';
import type { RuleStatus, RuleSummary } from '../../shared/model/rule.ts';
import type { OutputOf } from '../handlers.ts';
import { auditCounts, humanReadings, verdictPairs, voidedReadings, waitingAudits } from '../store/audits.ts';
import { currentRules } from '../store/automation.ts';
import { canaryCounts } from '../store/canaries.ts';
import { caughtSince, decidedInShadow, decidedInShadowByRule } from '../store/closed-groups.ts';
import { personNames } from '../store/people.ts';
import { hoursSince, listRuleAssurance, pointsSince, type RuleAssuranceRow } from '../store/rule-assurance.ts';
import { closedGroupsByClass } from '../store/rule-life.ts';
import { type SuspensionRow, suspensionLog } from '../store/rule-suspensions.ts';
import type { Tables } from '../store/schema.ts';
import type { Read } from '../store/store.ts';
import { usualMinutes } from '../triage/usual-minutes.ts';
import { auditedStrata } from './audited-strata.ts';
import { teamSensitivity } from './judge-rule.ts';
import { rosteredWeek } from './plan-budget.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 90;
const LOG_MAX = 200;
/** Drafts and what is over say nothing, so nothing is shown of them. */
const SPEAKING: readonly RuleStatus[] = ['shadow', 'provisional', 'certified', 'suspended'];
const HOUR_MS = 3_600_000;
const REFERENCE_HOURS = 28 * 24;
const RECENT_HOURS = 48;

type Board = OutputOf<'assurance', 'board'>;

/** Where all rules that close stand, and what automation and people get wrong, each rate with its n and interval. */
export async function assuranceBoard(
  db: Read,
  policy: AssurancePolicy,
  strain: StrainPolicy,
  nowMs: number,
): Promise<Board> {
  const sinceMs = nowMs - WINDOW_DAYS * DAY_MS;
  const sensitivity = await teamSensitivity(db, nowMs);
  const names = await personNames(db);
  const log = (await suspensionLog(db, LOG_MAX)).map((row) => suspensionOf(row, names));
  const rows = await listRuleAssurance(db);
  const strata = await auditedStrata(db, rows);
  const lines = await linesOf(db, rows, { nowMs, log, strata, sensitivity: sensitivity.value });
  const counts = await auditCounts(db, sinceMs);
  const sum = (test: (each: (typeof counts)[number]) => boolean): number =>
    counts.filter(test).reduce((total, each) => total + each.n, 0);
  const pairs = (await verdictPairs(db, sinceMs)).map(({ verdict, second }): [boolean, boolean] => [
    verdict === 'true_positive',
    second === 'true_positive',
  ]);
  const canaries = readCanaries(await canaryCounts(db, sinceMs));
  const budget = await budgetOf(db, policy, nowMs);
  const minutesSaved = await savedInWeek(db, strain, nowMs);
  const human = (await humanReadings(db, sinceMs)).map((reading) => ({
    class: reading.class,
    isMiss: reading.outcome === 'missed' && reading.truth !== 'refuted',
  }));
  return {
    asOfMs: nowMs,
    sinceMs,
    rules: lines,
    overall: errorRates({
      strata: lines.flatMap(({ ruleId }) => strata.get(ruleId) ?? []),
      caught: await caughtSince(db, sinceMs),
      sensitivity: sensitivity.value,
    }),
    maxMissShare: policy.maxMissShare,
    sensitivity,
    budget,
    minutesSaved,
    minutesSavedNet: minutesSaved - budget.minutesUsed,
    waiting: [...(await waitingAudits(db)).values()].reduce((total, n) => total + n, 0),
    unclear: sum(({ outcome }) => outcome === 'unclear'),
    voided: await voidedReadings(db, sinceMs),
    secondReadings: agreementOf(pairs),
    humanError: humanErrorByClass(human, sensitivity.value),
    canaries: {
      shown: canaries.shown,
      closed: canaries.closed,
      closedAtMost: canaries.closedAtMost,
      owed: await owedCanaries(db, lines, policy, nowMs),
    },
    suspensions: log,
  };
}

/** Acting rules in whose family, or else in whose own scope, too few true positives were planted in seven days. */
async function owedCanaries(
  db: Read,
  lines: readonly AssuredRule[],
  { canary }: AssurancePolicy,
  nowMs: number,
): Promise<Board['canaries']['owed']> {
  const familyOf = new Map(lines.map((line) => [line.ruleId, line.family ?? line.ruleId]));
  const planted = new Map<string, number>();
  for (const { ruleId } of await canaryCounts(db, nowMs - 7 * DAY_MS)) {
    const family = familyOf.get(ruleId) ?? ruleId;
    planted.set(family, (planted.get(family) ?? 0) + 1);
  }
  return lines
    .filter(({ status }) => status === 'provisional' || status === 'certified')
    .filter(({ ruleId }) => (planted.get(familyOf.get(ruleId) ?? ruleId) ?? 0) < canary.perFamilyPerWeek)
    .map(({ ruleId, title }) => ({ ruleId, title }));
}

/** Minutes of handling that rules saved in seven days, at the usual time for each class. */
async function savedInWeek(db: Read, strain: StrainPolicy, nowMs: number): Promise<number> {
  const classes = await closedGroupsByClass(db, nowMs - 7 * DAY_MS);
  const minutesOf = await usualMinutes(db, classes, strain, nowMs);
  return Math.round(classes.reduce((sum, each) => sum + each.groups * minutesOf(each), 0));
}

async function budgetOf(db: Read, policy: AssurancePolicy, nowMs: number): Promise<Board['budget']> {
  const { minutes, isAssumed } = await rosteredWeek(db, nowMs);
  const settled = (await auditCounts(db, nowMs - 7 * DAY_MS)).filter(({ state }) => state === 'settled');
  const readings = settled.reduce((total, each) => total + each.n, 0) * (1 + policy.secondReaderShare);
  return {
    share: policy.budgetShare,
    rosteredMinutes: Math.round(minutes),
    isAssumed,
    minutesPerWeek: Math.round(minutes * policy.budgetShare),
    minutesUsed: Math.round(readings * policy.minutesPerAudit),
  };
}

async function linesOf(
  db: Read,
  assured: readonly RuleAssuranceRow[],
  {
    nowMs,
    log,
    strata,
    sensitivity,
  }: { nowMs: number; log: readonly Suspension[]; strata: StrataByRule; sensitivity: number },
): Promise<AssuredRule[]> {
  const rows = new Map(assured.map((row) => [row.rule_id, row]));
  const points = await pointsSince(db, Math.floor(nowMs / DAY_MS) - WINDOW_DAYS);
  const hours = await hoursSince(db, Math.floor(nowMs / HOUR_MS) - REFERENCE_HOURS);
  const shadow = await decidedInShadowByRule(db, nowMs - WINDOW_DAYS * DAY_MS);
  const lines: AssuredRule[] = [];
  for (const rule of await currentRules(db, nowMs)) {
    const row = rows.get(rule.id);
    if (row === undefined || row.rule_version !== rule.version || !SPEAKING.includes(rule.status)) continue;
    const stopped = log.find((each) => each.ruleId === rule.id && each.rearmedAtMs === null) ?? null;
    const own = points.filter(({ rule_id }) => rule_id === rule.id);
    const fresh =
      stopped !== null
        ? await decidedInShadow(db, rule.id, rule.version, stopped.atMs)
        : rule.status === 'shadow'
          ? ofVersion(shadow, rule)
          : null;
    // True positives that people found in what it would have closed are the ones that it is known to have left.
    const caught = fresh?.misses ?? 0;
    const volume = volumeOf(rule.id, hours, nowMs);
    const facts = { sensitivity, caught, volume, nowMs, strata: strata.get(rule.id) ?? [] };
    lines.push(lineOf(rule, row, own, stopped, fresh, facts));
  }
  return lines;
}

type StrataByRule = Awaited<ReturnType<typeof auditedStrata>>;

interface LineFacts {
  strata: readonly AuditedClosures[];
  sensitivity: number;
  caught: number;
  volume: AssuredRule['volume'];
  nowMs: number;
}

/** The last two days against the weeks before them. */
function volumeOf(ruleId: string, hours: readonly Tables['assurance_hour'][], nowMs: number): AssuredRule['volume'] {
  const now = Math.floor(nowMs / HOUR_MS);
  const own = new Map(hours.filter(({ rule_id }) => rule_id === ruleId).map(({ hour, closed }) => [hour, closed]));
  const first = now - REFERENCE_HOURS;
  const sumOf = (from: number, to: number): number =>
    Array.from({ length: to - from }, (_, at) => own.get(from + at) ?? 0).reduce((sum, closed) => sum + closed, 0);
  const oldest = Math.min(...own.keys());
  if (!(oldest <= first + RECENT_HOURS)) return null;
  const usualPerHour = sumOf(first, now - RECENT_HOURS) / (REFERENCE_HOURS - RECENT_HOURS);
  const recent = Array.from({ length: RECENT_HOURS }, (_, at) => own.get(now - RECENT_HOURS + at) ?? 0);
  const { hasAlarmed, hours: since } = readVolume(recent, usualPerHour);
  return { hasAlarmed, usualPerHour, hours: since };
}

function ofVersion(
  shadow: Awaited<ReturnType<typeof decidedInShadowByRule>>,
  { id, version }: RuleSummary,
): { audited: number; misses: number } {
  const own = shadow.filter((each) => each.ruleId === id && each.version === version);
  const sum = (some: typeof own): number => some.reduce((total, { n }) => total + n, 0);
  return { audited: sum(own), misses: sum(own.filter(({ isMiss }) => isMiss)) };
}

function lineOf(
  rule: RuleSummary,
  row: RuleAssuranceRow,
  points: readonly Tables['assurance_point'][],
  suspension: Suspension | null,
  fresh: AssuredRule['fresh'],
  { strata, sensitivity, caught, volume, nowMs }: LineFacts,
): AssuredRule {
  const closed = row.closed_usual + row.closed_near + row.closed_novel;
  const { audited, misses } = row;
  return {
    ruleId: rule.id,
    version: rule.version,
    title: rule.title,
    owner: rule.owner,
    family: row.family,
    status: rule.status,
    state: rule.status === 'shadow' ? 'shadow' : (row.state as AssuredRule['state']),
    closed,
    audited,
    misses,
    bound: row.bound,
    boundBy: row.bound_from as AssuredRule['boundBy'],
    maxFalseCloseRate: row.max_false_close_rate,
    history: points.map((point) => ({
      dayMs: point.day * DAY_MS,
      bound: point.bound,
      audited: point.audited,
      misses: point.misses,
    })),
    rates: errorRates({ strata, caught, sensitivity }),
    auditRate: row.usual_rate,
    auditRateWhy: row.rate_why,
    daysLeft:
      rule.expires === null ? null : Math.floor((Date.parse(`${rule.expires}T00:00:00Z`) + DAY_MS - nowMs) / DAY_MS),
    driftSinceMs: row.drift_since_ms,
    volume,
    reasons: JSON.parse(row.reasons_json) as string[],
    missing: JSON.parse(row.missing_json) as string[],
    suspension,
    fresh,
  };
}

function suspensionOf(row: SuspensionRow, names: ReadonlyMap<string, string>): Suspension {
  return {
    id: row.id,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    kind: row.kind as Suspension['kind'],
    cause: row.cause as Suspension['cause'],
    reason: row.reason,
    atMs: row.at_ms,
    reopened: row.reopened,
    isReopening: row.reopen_ended === 0,
    rearmedAtMs: row.rearmed_at_ms,
    rearmedByName: row.rearmed_by === null ? null : (names.get(row.rearmed_by) ?? row.rearmed_by),
    rearmReason: row.rearm_reason,
  };
}
