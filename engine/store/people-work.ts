import { sql } from 'kysely';
import { type Severity, severityOfRank, severityRank, type Tier } from '../../shared/model/vocabulary.ts';
import type { Read } from './store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** Open items per tier, from the kept counts. */
export async function backlogByTier(db: Read): Promise<Map<Tier, { backlog: number; unowned: number }>> {
  const rows = await db
    .selectFrom('group_count')
    .select((eb) => ['tier', 'assignee_id', eb.fn.sum<number>('n').as('n')])
    .where('is_open', '=', sql.lit(1))
    .groupBy(['tier', 'assignee_id'])
    .execute();
  const byTier = new Map<Tier, { backlog: number; unowned: number }>();
  for (const row of rows) {
    const facts = byTier.get(row.tier as Tier) ?? { backlog: 0, unowned: 0 };
    facts.backlog += Number(row.n);
    if (row.assignee_id === '') facts.unowned += Number(row.n);
    byTier.set(row.tier as Tier, facts);
  }
  return byTier;
}

/** How many open items each person holds now, from the kept counts. */
export async function holdingNow(db: Read): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('group_count')
    .select((eb) => ['assignee_id', eb.fn.sum<number>('n').as('n')])
    .where('is_open', '=', sql.lit(1))
    .where('assignee_id', '!=', '')
    .groupBy('assignee_id')
    .execute();
  return new Map(rows.map((row) => [row.assignee_id, Number(row.n)]));
}

/** When the item that waits longest in a tier arrived; null when none is open. */
export async function oldestReceivedAtMs(db: Read, tier: Tier): Promise<number | null> {
  const row = await db
    .selectFrom('alert_group')
    .select('first_received_at_ms')
    .where('is_open', '=', sql.lit(1))
    .where('tier', '=', tier)
    .orderBy('first_received_at_ms')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.first_received_at_ms ?? null;
}

/**
 * Clocks of the open items of a tier: those past their deadline, and those within `soonMs` of it, which differs by
 * severity. Holding an item puts its deadline off, so that held ones are not among them.
 */
export async function clocksOf(
  db: Read,
  tier: Tier,
  nowMs: number,
  soonMs: Readonly<Record<Severity, number>>,
): Promise<{ atRisk: number; breached: number }> {
  const until = nowMs + Math.max(...Object.values(soonMs));
  const rows = await db
    .selectFrom('alert_group')
    .select((eb) => [
      'severity',
      eb.fn.sum<number>(eb.case().when('due_at_ms', '<=', nowMs).then(1).else(0).end()).as('breached'),
      eb.fn
        .sum<number>(
          eb
            .case()
            .when(
              eb.and([
                eb('due_at_ms', '>', nowMs),
                eb.or(
                  Object.entries(soonMs).map(([severity, ms]) =>
                    eb.and([eb('severity', '=', severityRank(severity as Severity)), eb('due_at_ms', '<', nowMs + ms)]),
                  ),
                ),
              ]),
            )
            .then(1)
            .else(0)
            .end(),
        )
        .as('atRisk'),
    ])
    .where('is_open', '=', sql.lit(1))
    .where('tier', '=', tier)
    .where('due_at_ms', 'is not', null)
    .where('due_at_ms', '<', until)
    .groupBy('severity')
    .execute();
  return {
    atRisk: rows.reduce((sum, row) => sum + Number(row.atRisk), 0),
    breached: rows.reduce((sum, row) => sum + Number(row.breached), 0),
  };
}

export interface FlowRow {
  hour: number;
  tier: Tier;
  received: number;
  finished: number;
}

/** Items that came into and went out of the queue, by clock hour and tier, from `fromHour` on. */
export async function flowSince(db: Read, fromHour: number): Promise<FlowRow[]> {
  const rows = await db
    .selectFrom('hourly_flow')
    .select(['hour', 'tier', 'received', 'finished'])
    .where('hour', '>=', fromHour)
    .orderBy('hour')
    .orderBy('tier')
    .execute();
  return rows.map((row) => ({ ...row, tier: row.tier as Tier }));
}

export interface WorkCount {
  severity: Severity;
  product: string;
  count: number;
}

/** Work of one person by week, the newest first. */
export type WorkByWeek = WorkCount[][];

/**
 * Work that was assigned to each of these people, by week: what they hold now counts in the newest week, what was
 * finished in the week of its end. Counts by class only; no time of any step is read. One look for all of them.
 */
export async function assignedByWeek(
  db: Read,
  personIds: readonly string[],
  nowMs: number,
  weeks: number,
): Promise<Map<string, WorkByWeek>> {
  const assigned = new Map<string, WorkByWeek>(
    personIds.map((id) => [id, Array.from({ length: weeks }, (): WorkCount[] => [])]),
  );
  if (personIds.length === 0) return assigned;
  const held = await db
    .selectFrom('group_count')
    .select((eb) => ['assignee_id', 'severity', 'product', eb.fn.sum<number>('n').as('n')])
    .where('is_open', '=', sql.lit(1))
    .where('assignee_id', 'in', [...personIds])
    .groupBy(['assignee_id', 'severity', 'product'])
    .orderBy('severity')
    .orderBy('product')
    .orderBy('assignee_id')
    .execute();
  const week = sql<number>`(${sql.lit(nowMs)} - closed_at_ms) / ${sql.lit(WEEK_MS)}`;
  const finished = await db
    .selectFrom('alert_group')
    .select((eb) => [week.as('week'), 'assignee_id', 'severity', 'product', eb.fn.countAll<number>().as('n')])
    .where('is_open', '=', sql.lit(0))
    .where('closed_by_kind', '=', sql.lit('person'))
    .where('closed_at_ms', '>', nowMs - weeks * WEEK_MS)
    .where('closed_at_ms', '<=', nowMs)
    .where('assignee_id', 'in', [...personIds])
    .groupBy([week, 'assignee_id', 'severity', 'product'])
    .orderBy('severity')
    .orderBy('product')
    .orderBy('assignee_id')
    .execute();
  for (const row of [...held.map((each) => ({ ...each, week: 0 })), ...finished]) {
    assigned.get(row.assignee_id ?? '')?.[Number(row.week)]?.push({
      severity: severityOfRank(row.severity),
      product: row.product,
      count: Number(row.n),
    });
  }
  return assigned;
}

/** Handling minutes of the named classes since a day (days since 1970-01-01 UTC). Stored without the person. */
export async function handlingSamples(
  db: Read,
  classes: readonly string[],
  sinceDay: number,
): Promise<{ class: string; minutes: number }[]> {
  if (classes.length === 0) return [];
  return db
    .selectFrom('handling_sample')
    .select(['class', 'minutes'])
    .where('class', 'in', [...classes])
    .where('day', '>=', sinceDay)
    .execute();
}
