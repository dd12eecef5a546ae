import type { FieldMatch, RuleAction, RuleStatus, RuleSummary } from '../../shared/model/rule.ts';
import { type SuspensionRow, stoppedRules } from './rule-suspensions.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

const DAY_MS = 86_400_000;

/** What rules did on one day (days since 1970-01-01 UTC), in alerts. */
export interface RuleDay {
  day: number;
  closed: number;
  withheld: number;
}

/** Alerts that rules closed or were held back from, by day, from the kept counts. */
export async function ruleDaysSince(db: Read, fromDay: number): Promise<RuleDay[]> {
  const rows = await db
    .selectFrom('rule_day')
    .select((eb) => ['day', eb.fn.sum<number>('closed').as('closed'), eb.fn.sum<number>('withheld').as('withheld')])
    .where('day', '>=', fromDay)
    .groupBy('day')
    .orderBy('day')
    .execute();
  return rows.map((row) => ({ day: row.day, closed: Number(row.closed), withheld: Number(row.withheld) }));
}

/** Alerts that ingest stored, by the day on which its run began. */
export interface IngestDay {
  day: number;
  autoClosed: number;
  queued: number;
}

/** Sums of the runs' own reports; a run's report is kept as far as the run has come. */
export async function ingestDaysSince(db: Read, fromDay: number): Promise<IngestDay[]> {
  const rows = await db
    .selectFrom('ingest_run')
    .select(['started_at_ms', 'report_json'])
    .where('started_at_ms', '>=', fromDay * DAY_MS)
    .orderBy('id')
    .execute();
  const days = new Map<number, IngestDay>();
  for (const row of rows) {
    const day = Math.floor(row.started_at_ms / DAY_MS);
    const report = JSON.parse(row.report_json) as { autoClosed: number; queued: number };
    const sum = days.get(day) ?? { day, autoClosed: 0, queued: 0 };
    sum.autoClosed += report.autoClosed;
    sum.queued += report.queued;
    days.set(day, sum);
  }
  return [...days.values()].toSorted((a, b) => a.day - b.day);
}

/** The rules as they are now, in the order of their titles. */
export async function currentRules(db: Read, nowMs: number): Promise<RuleSummary[]> {
  const rows = await db
    .selectFrom('rule_version')
    .selectAll()
    .where('is_current', '=', 1)
    .orderBy('title')
    .orderBy('rule_id')
    .execute();
  const stopped = await stoppedRules(db);
  return rows.map((row) => summaryOf(row, nowMs, stopped));
}

/** The current version of a rule with its text; null when there is no such rule. */
export async function currentRule(
  db: Read,
  ruleId: string,
  nowMs: number,
): Promise<{ summary: RuleSummary; document: string } | null> {
  const row = await db
    .selectFrom('rule_version')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .orderBy('is_current', 'desc')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { summary: summaryOf(row, nowMs, await stoppedRules(db)), document: row.document };
}

function summaryOf(
  row: Tables['rule_version'],
  nowMs: number,
  stopped: ReadonlyMap<string, SuspensionRow>,
): RuleSummary {
  const suspension = stopped.get(row.rule_id);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return {
    id: row.rule_id,
    version: row.version,
    title: row.title,
    // What its text says does not count while it is stopped.
    status: suspension === undefined ? (row.status as RuleStatus) : (suspension.kind as RuleStatus),
    owner: row.owner,
    rationale: row.rationale,
    expires: row.expires,
    actions: JSON.parse(row.actions_json) as RuleAction[],
    hits: row.hits,
    closed: row.closed,
    wouldHaveClosed: row.would_close,
    withheld: row.withheld,
    lastHitAtMs: row.last_hit_at_ms,
    problems: [
      ...(suspension === undefined ? [] : [`It closes nothing until a person re-arms it: ${suspension.reason}`]),
      ...(row.expires !== null && row.expires < today
        ? [`It expired on ${row.expires} and no longer acts. Its owner has to renew it.`]
        : []),
    ],
  };
}

export interface ClosureFacts {
  ruleId: string;
  ruleVersion: number;
  title: string;
  owner: string;
  matched: FieldMatch[];
}

/** A group that a rule closed. */
export type ClosedByRule = Pick<Tables['alert_group'], 'id' | 'closed_by' | 'closing_rule_version'>;

/** For each group, the rule version that closed it and the fields that it matched. */
export async function closureFacts(db: Read, groups: readonly ClosedByRule[]): Promise<Map<number, ClosureFacts>> {
  const facts = new Map<number, ClosureFacts>();
  if (groups.length === 0) return facts;
  const ruleIds = [...new Set(groups.flatMap((group) => group.closed_by ?? []))];
  const versions = await db
    .selectFrom('rule_version')
    .select(['rule_id', 'version', 'title', 'owner'])
    .where('rule_id', 'in', ruleIds)
    .execute();
  const matches = await db
    .selectFrom('group_rule')
    .select(['group_id', 'rule_id', 'rule_version', 'matched_json'])
    .where(
      'group_id',
      'in',
      groups.map((group) => group.id),
    )
    .where('mode', '=', 'acted')
    .execute();
  for (const group of groups) {
    const isOfClosing = (row: { rule_id: string }) => row.rule_id === group.closed_by;
    const version = versions.find((row) => isOfClosing(row) && row.version === group.closing_rule_version);
    const match = matches.find(
      (row) => row.group_id === group.id && isOfClosing(row) && row.rule_version === group.closing_rule_version,
    );
    facts.set(group.id, {
      ruleId: group.closed_by ?? '',
      ruleVersion: group.closing_rule_version ?? 0,
      title: version?.title ?? group.closed_by ?? '',
      owner: version?.owner ?? '',
      matched: match === undefined ? [] : (JSON.parse(match.matched_json) as FieldMatch[]),
    });
  }
  return facts;
}

/** Groups that rules closed, newest first, after a place in that order. */
export async function groupsClosedByRules(
  db: Read,
  ruleId: string | null,
  after: { closedAtMs: number; id: number } | null,
  limit: number,
): Promise<Tables['alert_group'][]> {
  let query = db
    .selectFrom('alert_group')
    .selectAll()
    .where('is_open', '=', 0)
    .where('closed_by_kind', '=', 'rule')
    .where('closed_at_ms', 'is not', null);
  if (ruleId !== null) query = query.where('closed_by', '=', ruleId);
  if (after !== null) {
    const { closedAtMs, id } = after;
    query = query
      .where('closed_at_ms', '<=', closedAtMs)
      .where((eb) => eb.or([eb('closed_at_ms', '<', closedAtMs), eb('id', '>', id)]));
  }
  return query.orderBy('closed_at_ms', 'desc').orderBy('id').limit(limit).execute();
}
