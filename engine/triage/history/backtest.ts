import type { FieldSubject } from '../../../shared/domain/alert/ecs-fields.ts';
import type { LookupLists } from '../../../shared/domain/rules/compile-value.ts';
import type { RuleDocument } from '../../../shared/domain/rules/rule-document.ts';
import { evaluateRules, type RuleSet } from '../../../shared/domain/rules/rule-set.ts';
import type { TriagePolicy } from '../../../shared/domain/triage/triage-policy.ts';
import type { StrainPolicy } from '../../../shared/model/policy.ts';
import type { FieldMatch } from '../../../shared/model/rule.ts';
import type { BacktestReport } from '../../../shared/model/rule-life.ts';
import type { Disposition } from '../../../shared/model/vocabulary.ts';
import type { FormatCatalogue } from '../../ingest/formats/index.ts';
import type { TriageState } from '../../ingest/pipeline-input.ts';
import { readStoredAlert } from '../../ingest/stored-alert.ts';
import { currentIds } from '../../store/group-links.ts';
import {
  alertsAfter,
  groupsOfHistory,
  type HistoryAlert,
  type HistoryGroup,
  newestAlertId,
  sourceRuleIds,
  stormsOf,
} from '../../store/history.ts';
import { readOriginals } from '../../store/originals.ts';
import type { Read, Store } from '../../store/store.ts';
import { usualMinutes } from '../usual-minutes.ts';
import type { Candidate } from './candidate.ts';
import { RecordCheck } from './record-check.ts';

const SLICE = 4_000;
const WEEK_MS = 7 * 86_400_000;
/** 1970-01-05 was a Monday. */
const MONDAY_MS = 4 * 86_400_000;
/** Below so many alerts a share of them says nothing. */
const SHARE_NEEDS = 500;
const HITS_MAX = 500;

export interface BacktestParts {
  store: Pick<Store, 'read'>;
  formats: FormatCatalogue;
  /** Those that the candidate was compiled with. */
  lists: LookupLists;
  /** What is known of things today, and the rules in force. */
  state: Pick<TriageState, 'enrich'> & { ruleSet: RuleSet };
  triagePolicy: TriagePolicy;
  strainPolicy: StrainPolicy;
  nowMs(): number;
}

export interface BacktestHooks {
  /** 0 to 1, after each slice. */
  progress(share: number): void;
  signal: AbortSignal;
  /** Lets others on this thread go first, between two slices. */
  yieldToOthers(): Promise<void>;
}

export interface BacktestOutcome {
  report: BacktestReport;
  /** True positives that it would have closed, the newest first; at most five hundred. */
  hits: { groupId: number; matched: FieldMatch[] }[];
}

interface Matched {
  wouldClose: number;
  matched: FieldMatch[];
}

/**
 * An item that was folded has no row; the storm that it is in is of the same rule. One that was joined by hand is asked
 * by its original.
 */
async function nameFolded(db: Read, rows: readonly HistoryAlert[], { folded }: Gathered): Promise<void> {
  const unknown = new Set<number>();
  for (const row of rows) if (row.product === null && !folded.has(row.group_id)) unknown.add(row.group_id);
  for (const storm of await stormsOf(db, [...unknown])) folded.set(storm.from_id, storm);
  for (const row of rows) {
    const storm = row.product === null ? folded.get(row.group_id) : undefined;
    if (storm !== undefined) Object.assign(row, { product: storm.product, source_rule_id: storm.source_rule_id });
  }
}

/** What is gathered while walking. */
class Gathered {
  alerts = 0;
  matchedAlerts = 0;
  wouldCloseAlerts = 0;
  fromMs = Number.POSITIVE_INFINITY;
  toMs = Number.NEGATIVE_INFINITY;
  readonly groupIds = new Set<number>();
  readonly matched = new Map<number, Matched>();
  readonly withheld = new Map<string, Set<number>>();
  readonly unknown = new Map<string, number>();
  readonly others = new Map<string, { title: string; groups: Set<number>; contradicts: boolean }>();
  readonly weeks = new Map<number, number>();
  readonly folded = new Map<number, { product: string; source_rule_id: number }>();
}

const weekOf = (atMs: number): number => Math.floor((atMs - MONDAY_MS) / WEEK_MS) * WEEK_MS + MONDAY_MS;

/**
 * What a rule would have done on all that is stored, with today's lists. An original that the storage policy dropped
 * cannot be asked any more; it is not counted among the alerts. Throws when `signal` ends.
 */
export async function runBacktest(
  parts: BacktestParts,
  candidate: Candidate,
  hooks: BacktestHooks,
): Promise<BacktestOutcome> {
  const startedAtMs = parts.nowMs();
  const gathered = new Gathered();
  const check = new RecordCheck(candidate.document.detection, parts.lists, parts.formats);
  const { lastId, ruleIds } = await parts.store.read(async (db) => ({
    lastId: await newestAlertId(db),
    ruleIds: await sourceRuleIds(db),
  }));
  for (let afterId = 0; afterId < lastId; ) {
    hooks.signal.throwIfAborted();
    const reached = await parts.store.read(async (db) => {
      const rows = (await alertsAfter(db, afterId, SLICE)).filter(({ id }) => id <= lastId);
      await judgeSlice(db, rows, ruleIds, candidate, check, parts, gathered);
      return rows.at(-1)?.id ?? lastId;
    });
    afterId = reached;
    hooks.progress(afterId / lastId);
    await hooks.yieldToOthers();
  }
  return parts.store.read((db) => reportOf(db, gathered, parts, startedAtMs));
}

async function judgeSlice(
  db: Read,
  rows: readonly HistoryAlert[],
  ruleIds: ReadonlyMap<number, string>,
  candidate: Candidate,
  check: Pick<RecordCheck, 'mayHold'>,
  parts: BacktestParts,
  gathered: Gathered,
): Promise<void> {
  for (const row of rows) count(row, gathered);
  await nameFolded(db, rows, gathered);
  const concerned = rows.filter((row) => {
    return row.closed_at_source === 0 && candidate.mayConcern(storedNames(row, ruleIds, parts.formats));
  });
  const originals = await readOriginals(
    db,
    concerned.map((row) => ({ blockId: row.block_id, slot: row.slot })),
  );
  for (const [i, row] of concerned.entries()) {
    const original = originals[i];
    if (!original || !check.mayHold(row.format, original)) continue;
    const stored = readStoredAlert(parts.formats, row.format, original, row.observed_at_ms);
    if (stored !== null) judge(row, stored, candidate, parts, gathered);
  }
}

/** Product and rule as they were stored; null what may be another by now, because the alert is read by a changed mapping. */
function storedNames(
  { format, product, source_rule_id }: HistoryAlert,
  ruleIds: ReadonlyMap<number, string>,
  formats: FormatCatalogue,
): Parameters<Candidate['mayConcern']>[0] {
  if (formats.earlier(format).length > 0) return { product: null, ruleId: null };
  return { product, ruleId: source_rule_id === null ? null : (ruleIds.get(source_rule_id) ?? null) };
}

function count(row: HistoryAlert, gathered: Gathered): void {
  gathered.alerts += 1;
  gathered.groupIds.add(row.group_id);
  gathered.fromMs = Math.min(gathered.fromMs, row.observed_at_ms);
  gathered.toMs = Math.max(gathered.toMs, row.observed_at_ms);
  const week = weekOf(row.observed_at_ms);
  gathered.weeks.set(week, (gathered.weeks.get(week) ?? 0) + 1);
}

function judge(
  row: HistoryAlert,
  stored: NonNullable<ReturnType<typeof readStoredAlert>>,
  candidate: Candidate,
  { state }: BacktestParts,
  gathered: Gathered,
): void {
  const { alert, raw } = stored;
  let enrichment: FieldSubject['enrichment'] | null = null;
  const subject: FieldSubject = {
    alert,
    raw,
    // Most alerts are settled by their own fields, and looking things up in the lists costs as much as asking a rule.
    get enrichment() {
      enrichment ??= state.enrich(alert);
      return enrichment;
    },
  };
  const verdict = candidate.judge(subject);
  if (verdict.result === 'no_match') return;
  if (verdict.result === 'unknown') {
    for (const field of verdict.unknownFields) gathered.unknown.set(field, (gathered.unknown.get(field) ?? 0) + 1);
    return;
  }
  gathered.matchedAlerts += 1;
  const known = gathered.matched.get(row.group_id) ?? { wouldClose: 0, matched: candidate.explain(subject) };
  gathered.matched.set(row.group_id, known);
  if (verdict.guard !== null) {
    const groups = gathered.withheld.get(verdict.guard) ?? new Set();
    gathered.withheld.set(verdict.guard, groups.add(row.group_id));
  } else if (candidate.closes) {
    known.wouldClose += 1;
    gathered.wouldCloseAlerts += 1;
  }
  for (const hit of evaluateRules(state.ruleSet, subject)) {
    const other = hit.rule.document;
    if (hit.result !== 'match' || other.id === candidate.document.id) continue;
    const entry = gathered.others.get(other.id) ?? { title: other.title, groups: new Set(), contradicts: false };
    entry.groups.add(row.group_id);
    entry.contradicts ||= contradict(candidate.document.actions, other.actions);
    gathered.others.set(other.id, entry);
  }
}

type Actions = Candidate['document']['actions'];

/** Two rules say the contrary of one alert: other dispositions, or one closes what the other sends to people. */
function contradict(ours: Actions, theirs: Actions): boolean {
  const closing = (actions: Actions) => actions.flatMap((action) => ('close' in action ? action.close : []))[0];
  const raises = (actions: Actions) =>
    actions.some((action) => 'escalate' in action || ('priority' in action && action.priority === 'up'));
  const [a, b] = [closing(ours), closing(theirs)];
  if (a !== undefined && b !== undefined) return a !== b;
  return (a !== undefined && raises(theirs)) || (b !== undefined && raises(ours));
}

async function reportOf(
  db: Read,
  gathered: Gathered,
  parts: BacktestParts,
  startedAtMs: number,
): Promise<BacktestOutcome> {
  const groups = await livingGroups(db, gathered);
  const closed = groups.filter(({ wouldClose }) => wouldClose > 0);
  const decided = closed.filter(({ group }) => isDecided(group));
  const truePositives = closed.filter(({ group }) => group.disposition === 'true_positive');
  const byPeople = closed.filter(({ group, wouldClose }) => isWorkOfPeople(group) && wouldClose >= group.count);
  const minutesOf = await usualMinutes(
    db,
    byPeople.map(({ group }) => group),
    parts.strainPolicy,
    parts.nowMs(),
  );
  const shareOfHistory = gathered.alerts === 0 ? 0 : gathered.wouldCloseAlerts / gathered.alerts;
  const report: BacktestReport = {
    fromMs: Number.isFinite(gathered.fromMs) ? gathered.fromMs : startedAtMs,
    toMs: Number.isFinite(gathered.toMs) ? gathered.toMs : startedAtMs,
    alerts: gathered.alerts,
    groups: gathered.groupIds.size,
    matchedAlerts: gathered.matchedAlerts,
    matchedGroups: groups.length,
    wouldCloseGroups: closed.length,
    wouldCloseAlerts: gathered.wouldCloseAlerts,
    withheld: [...gathered.withheld].map(([guard, held]) => ({ guard, groups: held.size })),
    unknown: [...gathered.unknown].map(([field, alerts]) => ({ field, alerts })),
    dispositions: [...Map.groupBy(decided, ({ group }) => group.disposition ?? '')].map(([disposition, own]) => ({
      // Groups that nobody decided were taken out above.
      disposition: disposition as Disposition,
      groups: own.length,
    })),
    notDecided: closed.length - decided.length,
    minutesSaved: byPeople.reduce((sum, { group }) => sum + minutesOf(group), 0),
    overlap: [...gathered.others]
      .map(([ruleId, { title, groups: shared, contradicts }]) => ({ ruleId, title, groups: shared.size, contradicts }))
      .toSorted((a, b) => b.groups - a.groups || (a.title < b.title ? -1 : 1)),
    weeks: weeksOf(gathered, closed),
    shareOfHistory,
    blocks: blocksOf(gathered, shareOfHistory, parts.triagePolicy),
    elapsedMs: Math.max(0, parts.nowMs() - startedAtMs),
  };
  const newestFirst = truePositives.toSorted((a, b) => b.group.last_observed_at_ms - a.group.last_observed_at_ms);
  return {
    report,
    hits: newestFirst.slice(0, HITS_MAX).map(({ group, matched }) => ({ groupId: group.id, matched })),
  };
}

interface Judged extends Matched {
  group: HistoryGroup;
}

/** What was matched, by the item that people see today. */
async function livingGroups(db: Read, { matched }: Gathered): Promise<Judged[]> {
  const links = await currentIds(db, [...matched.keys()]);
  const living = new Map<number, Matched>();
  for (const [id, own] of matched) {
    const home = links.get(id) ?? id;
    const known = living.get(home);
    living.set(home, { wouldClose: (known?.wouldClose ?? 0) + own.wouldClose, matched: known?.matched ?? own.matched });
  }
  const groups = await groupsOfHistory(db, [...living.keys()]);
  return groups.flatMap((group) => {
    const own = living.get(group.id);
    return own === undefined ? [] : [{ group, ...own }];
  });
}

/** Somebody said what it was, and it was no rule. */
function isDecided(group: HistoryGroup): boolean {
  return group.disposition !== null && group.closed_by_kind !== 'rule';
}

function isWorkOfPeople(group: HistoryGroup): boolean {
  return group.closed_by_kind === 'person' || group.is_open === 1;
}

function weeksOf(gathered: Gathered, closed: readonly Judged[]): BacktestReport['weeks'] {
  const byWeek = Map.groupBy(closed, ({ group }) => weekOf(group.first_observed_at_ms));
  return [...gathered.weeks]
    .map(([weekMs, alerts]) => {
      const own = byWeek.get(weekMs) ?? [];
      const truePositives = own.filter(({ group }) => group.disposition === 'true_positive').length;
      return { weekMs, alerts, wouldCloseGroups: own.length, truePositives };
    })
    .toSorted((a, b) => a.weekMs - b.weekMs);
}

function blocksOf(gathered: Gathered, share: number, policy: TriagePolicy): string[] {
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  const blocks: string[] = [];
  if (gathered.alerts >= SHARE_NEEDS && share > policy.shareOfHistoryMax) {
    blocks.push(
      `It would have closed ${percent(share)} of ${gathered.alerts.toLocaleString('en-GB')} alerts; at most ${percent(policy.shareOfHistoryMax)} is allowed. Narrow it.`,
    );
  }
  for (const { title, contradicts, groups } of gathered.others.values()) {
    if (contradicts)
      blocks.push(`“${title}” says the contrary on ${groups.size} of the same items. Settle which is right.`);
  }
  return blocks;
}

/** The rule of a stored text, ready to be tried; a sentence when it cannot be. */
export function unusable(rule: RuleDocument | null, candidate: Candidate | null): string | null {
  if (rule === null || candidate === null) return 'Its text can no longer be read.';
  return candidate.problem;
}
