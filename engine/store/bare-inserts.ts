import { createReadStream } from 'node:fs';
import Database from 'better-sqlite3';
import type { Clock } from '../ports.ts';
import { SQLITE_CONNECTION_PRAGMAS, SQLITE_CREATION_PRAGMAS } from './dialect.ts';

const ROWS_PER_COMMIT = 6_000;

/**
 * The yardstick of ingest: reads a file, cuts it into lines and puts each into one table by a prepared insert, with
 * the same pragmas and commit size as ingest, and nothing else.
 */
export async function bareInserts(
  path: string,
  database: string,
  clock: Clock,
): Promise<{ rows: number; elapsedMs: number }> {
  const db = new Database(database);
  for (const pragma of [...SQLITE_CONNECTION_PRAGMAS, ...SQLITE_CREATION_PRAGMAS]) db.pragma(pragma);
  db.exec('create table bare (id integer primary key, body blob not null) strict');
  const insert = db.prepare('insert into bare (id, body) values (?, ?)');
  const startedAtMs = clock.nowMs();
  let rows = 0;
  let rest: Buffer = Buffer.alloc(0);
  const add = (line: Buffer): void => {
    if (rows % ROWS_PER_COMMIT === 0) db.exec(rows === 0 ? 'begin immediate' : 'commit; begin immediate');
    rows += 1;
    insert.run(rows, line);
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    const piece: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = piece.indexOf(10, from); end >= 0; end = piece.indexOf(10, from)) {
      add(piece.subarray(from, end));
      from = end + 1;
    }
    rest = piece.subarray(from);
  }
  if (rest.length > 0) add(rest);
  if (db.inTransaction) db.exec('commit');
  const elapsedMs = Math.max(1, clock.nowMs() - startedAtMs);
  db.close();
  return { rows, elapsedMs };
}
