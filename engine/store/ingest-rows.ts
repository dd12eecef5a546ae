import { sql } from 'kysely';
import type { DeadLetter, IngestReport } from '../../shared/model/ingest.ts';
import { findRows, insertRows } from './bulk.ts';
import { reserveIds } from './ids.ts';
import { addLetterRoom } from './letter-room.ts';
import type { Tables } from './schema.ts';
import type { Write } from './store.ts';

/** How often a rule matched in one transaction, and with what outcome. */
export interface RuleTally {
  ruleId: string;
  ruleVersion: number;
  hits: number;
  closed: number;
  wouldClose: number;
  withheld: number;
}

const DAY_MS = 86_400_000;

/** The id of a source by its name and site, made when it is new. */
export async function originId(tx: Write, name: string, site: string | null): Promise<number> {
  const known = await tx
    .selectFrom('origin')
    .select('id')
    .where('name', '=', name)
    .where('site', site === null ? 'is' : '=', site)
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = await reserveIds(tx, 'origin', 1);
  await tx.insertInto('origin').values({ id, name, site }).execute();
  return id;
}

/** Ids of products' rules, in the order of `rules` (no two alike); new ones are added. */
export async function sourceRules(
  tx: Write,
  rules: readonly { product: string; rule_id: string; name: string }[],
): Promise<Tables['source_rule'][]> {
  const found = await findRows(tx, 'source_rule', ['product', 'rule_id'], rules);
  const keyOf = (rule: { product: string; rule_id: string }) => `${rule.product}\u0000${rule.rule_id}`;
  const known = new Map(found.map((rule) => [keyOf(rule), rule]));
  const fresh = rules.filter((rule) => !known.has(keyOf(rule)));
  const firstId = fresh.length === 0 ? 0 : await reserveIds(tx, 'source_rule', fresh.length);
  const added = fresh.map((rule, i) => ({ ...rule, id: firstId + i, tp: 0, btp: 0, fp: 0, n: 0 }));
  await insertRows(tx, 'source_rule', added);
  for (const rule of added) known.set(keyOf(rule), rule);
  return rules.flatMap((rule) => known.get(keyOf(rule)) ?? []);
}

/** Adds to the counters of rule versions and of their day. */
export async function countRules(tx: Write, tallies: readonly RuleTally[], nowMs: number): Promise<void> {
  const day = Math.floor(nowMs / DAY_MS);
  for (const tally of tallies) {
    await tx
      .updateTable('rule_version')
      .set((eb) => ({
        hits: eb('hits', '+', tally.hits),
        closed: eb('closed', '+', tally.closed),
        would_close: eb('would_close', '+', tally.wouldClose),
        withheld: eb('withheld', '+', tally.withheld),
        last_hit_at_ms: nowMs,
      }))
      .where('rule_id', '=', tally.ruleId)
      .where('version', '=', tally.ruleVersion)
      .execute();
    await tx
      .insertInto('rule_day')
      .values({
        rule_id: tally.ruleId,
        day,
        closed: tally.closed,
        would_close: tally.wouldClose,
        withheld: tally.withheld,
      })
      .onConflict((conflict) =>
        conflict.columns(['rule_id', 'day']).doUpdateSet({
          closed: sql<number>`rule_day.closed + excluded.closed`,
          would_close: sql<number>`rule_day.would_close + excluded.would_close`,
          withheld: sql<number>`rule_day.withheld + excluded.withheld`,
        }),
      )
      .execute();
  }
}

/** Keeps what could not be read. A line that already lies there with the same text is not kept twice. */
export async function keepDeadLetters(tx: Write, letters: readonly Omit<DeadLetter, 'id'>[]): Promise<void> {
  const fresh: Omit<DeadLetter, 'id'>[] = [];
  for (const letter of letters) {
    const known =
      letter.line !== null &&
      (await tx
        .selectFrom('dead_letter')
        .select('text')
        .where('origin', '=', letter.origin)
        .where('line', '=', letter.line)
        .where('bytes', '=', letter.bytes)
        .where('text', '=', letter.text)
        .limit(1)
        .executeTakeFirst()) !== undefined;
    if (!known) fresh.push(letter);
  }
  if (fresh.length === 0) return;
  const firstId = await reserveIds(tx, 'dead_letter', fresh.length);
  await insertRows(
    tx,
    'dead_letter',
    fresh.map((letter, i) => ({
      id: firstId + i,
      at_ms: letter.atMs,
      origin: letter.origin,
      line: letter.line,
      column_no: letter.column,
      reason: letter.reason,
      message: letter.message,
      text: letter.text,
      bytes: letter.bytes,
      tried_at_ms: null,
    })),
  );
  await addLetterRoom(tx, fresh);
}

/** Adds to the kept counts of each format. */
export async function countFormats(tx: Write, byFormat: IngestReport['byFormat'], nowMs: number): Promise<void> {
  for (const [format, counts] of Object.entries(byFormat)) {
    await tx
      .insertInto('format_count')
      .values({ format, ...counts, last_at_ms: nowMs })
      .onConflict((conflict) =>
        conflict.column('format').doUpdateSet({
          read: sql<number>`format_count.read + excluded.read`,
          stored: sql<number>`format_count.stored + excluded.stored`,
          updated: sql<number>`format_count.updated + excluded.updated`,
          duplicates: sql<number>`format_count.duplicates + excluded.duplicates`,
          rejected: sql<number>`format_count.rejected + excluded.rejected`,
          skipped: sql<number>`format_count.skipped + excluded.skipped`,
          last_at_ms: nowMs,
        }),
      )
      .execute();
  }
}

/** The run's report as far as it has come, so that a killed run leaves a true one. */
export async function saveRun(tx: Write, run: Tables['ingest_run']): Promise<void> {
  await tx
    .insertInto('ingest_run')
    .values(run)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ report_json: run.report_json }))
    .execute();
}

/** Open groups about one of these entities, at most `limit` for each. */
export async function openGroupsAbout(
  tx: Write,
  entityValues: readonly string[],
  limit: number,
): Promise<Tables['alert_group'][]> {
  const groups: Tables['alert_group'][] = [];
  for (const value of entityValues) {
    const rows = await tx
      .selectFrom('alert_group')
      .selectAll()
      .where('entity_value', '=', value)
      .where('is_open', '=', 1)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    groups.push(...rows);
  }
  return groups;
}
