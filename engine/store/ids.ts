import { sql } from 'kysely';
import type { Tables } from './schema.ts';
import { sqliteHandle } from './sqlite-store.ts';
import type { Write } from './store.ts';

/** Tables whose ids the writer gives. */
export type IdName = {
  [T in keyof Tables]: 'id' extends keyof Tables[T] ? (Tables[T] extends { id: number } ? T : never) : never;
}[keyof Tables];

const RESERVE =
  'insert into counter (name, next) values (?, ?) on conflict (name) do update set next = counter.next + ? returning next';

/**
 * Reserves `n` ids in a row and gives the first. Ids grow from 1 and are never given twice; a transaction that
 * is rolled back gives its ids back.
 */
export async function reserveIds(
  tx: Write,
  name: IdName | 'change_feed' | 'decision' | 'alert_revision' | 'audit_settled',
  n: number,
): Promise<number> {
  const handle = sqliteHandle(tx);
  if (handle !== undefined) {
    // Asked for every few alerts, where building the same query again would cost more than all of its work.
    const { next } = handle.statements.get(RESERVE).get(name, n + 1, n) as Pick<Tables['counter'], 'next'>;
    return next - n;
  }
  const row = await tx
    .insertInto('counter')
    .values({ name, next: n + 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ next: sql<number>`counter.next + ${n}` }))
    .returning('next')
    .executeTakeFirstOrThrow();
  return row.next - n;
}
