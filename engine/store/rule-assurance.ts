import { sql } from 'kysely';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type RuleAssuranceRow = Tables['rule_assurance'];

/** Where all rules stand, in the order of their ids. */
export async function listRuleAssurance(db: Read): Promise<RuleAssuranceRow[]> {
  return db.selectFrom('rule_assurance').selectAll().orderBy('rule_id').execute();
}

/** The bound of each version in force, by rule. */
export async function shownBounds(db: Read): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('rule_assurance as a')
    .innerJoin('rule_version as v', (join) =>
      join.onRef('v.rule_id', '=', 'a.rule_id').onRef('v.version', '=', 'a.rule_version'),
    )
    .select(['a.rule_id', 'a.bound'])
    .where('v.is_current', '=', 1)
    .execute();
  return new Map(rows.map((row) => [row.rule_id, row.bound]));
}

export async function ruleAssurance(db: Read, ruleId: string): Promise<RuleAssuranceRow | null> {
  const row = await db.selectFrom('rule_assurance').selectAll().where('rule_id', '=', ruleId).executeTakeFirst();
  return row ?? null;
}

/** Writes the whole row, new or not. */
export async function saveRuleAssurance(tx: Write, row: RuleAssuranceRow): Promise<void> {
  const { rule_id: _key, ...values } = row;
  await tx
    .insertInto('rule_assurance')
    .values(row)
    .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(values))
    .execute();
}

/** Says that there are readings or facts that its verdict does not know yet. */
export async function markForJudging(tx: Write, ruleId: string): Promise<void> {
  await tx.updateTable('rule_assurance').set({ is_dirty: 1 }).where('rule_id', '=', ruleId).execute();
}

export type ClosureCount = Tables['assurance_day'];

/** Adds to the closures of a day. */
export async function countClosures(tx: Write, counts: readonly ClosureCount[]): Promise<void> {
  for (const count of counts) {
    await tx
      .insertInto('assurance_day')
      .values(count)
      .onConflict((conflict) =>
        conflict
          .columns(['rule_id', 'day', 'stratum', 'bin'])
          .doUpdateSet({ closed: sql<number>`assurance_day.closed + excluded.closed` }),
      )
      .execute();
  }
}

/** Closures of all rules since a day. */
export async function closuresSinceDay(db: Read, day: number): Promise<ClosureCount[]> {
  return db
    .selectFrom('assurance_day')
    .selectAll()
    .where('day', '>=', day)
    .orderBy('rule_id')
    .orderBy('day')
    .orderBy('stratum')
    .orderBy('bin')
    .execute();
}

/** Alerts that each rule closed since a day: what is known of its volume before its closures were ever sampled. */
export async function alertsClosedSinceDay(db: Read, day: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('rule_day')
    .select((eb) => ['rule_id', eb.fn.sum<number>('closed').as('closed')])
    .where('day', '>=', day)
    .groupBy('rule_id')
    .execute();
  return new Map(rows.map((row) => [row.rule_id, Number(row.closed)]));
}

/** Keeps the bound of a day; the last word of the day stands. */
export async function savePoint(tx: Write, point: Tables['assurance_point']): Promise<void> {
  const { bound, audited, misses } = point;
  await tx
    .insertInto('assurance_point')
    .values(point)
    .onConflict((conflict) => conflict.columns(['rule_id', 'day']).doUpdateSet({ bound, audited, misses }))
    .execute();
}

/** Bounds of all rules since a day, by rule in order of time. */
export async function pointsSince(db: Read, day: number): Promise<Tables['assurance_point'][]> {
  return db
    .selectFrom('assurance_point')
    .selectAll()
    .where('day', '>=', day)
    .orderBy('rule_id')
    .orderBy('day')
    .execute();
}

/** Has all rules that may close judged once more. */
export async function markActingForJudging(tx: Write): Promise<void> {
  await tx
    .updateTable('rule_assurance')
    .set({ is_dirty: 1 })
    .where('state', 'in', ['provisional', 'certified'])
    .execute();
}

/** Adds to the closures of hours. */
export async function countHours(tx: Write, counts: readonly Tables['assurance_hour'][]): Promise<void> {
  for (const count of counts) {
    await tx
      .insertInto('assurance_hour')
      .values(count)
      .onConflict((conflict) =>
        conflict
          .columns(['rule_id', 'hour'])
          .doUpdateSet({ closed: sql<number>`assurance_hour.closed + excluded.closed` }),
      )
      .execute();
  }
}

/** Closures by hour from an hour on, of all rules. */
export async function hoursSince(db: Read, hour: number): Promise<Tables['assurance_hour'][]> {
  return db
    .selectFrom('assurance_hour')
    .selectAll()
    .where('hour', '>=', hour)
    .orderBy('rule_id')
    .orderBy('hour')
    .execute();
}

export async function forgetHours(tx: Write, beforeHour: number): Promise<void> {
  await tx.deleteFrom('assurance_hour').where('hour', '<', beforeHour).execute();
}
