import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A handle that may only be queried. There is no way to make one but `store.read`. */
export type Read = Pick<Kysely<Tables>, 'selectFrom' | 'fn' | 'with' | 'dynamic'> & { readonly [readable]: true };
/** A handle inside the one open write transaction. There is no way to make one but `store.write`. */
export type Write = Kysely<Tables> & { readonly [readable]: true; readonly [writable]: true };

/** Room that the whole database takes. */
export interface Space {
  bytes: number;
  /** Lies free within it and can be given back to the disk; null where the server sees to that by itself. */
  freeBytes: number | null;
}

export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** A consistent view for the length of `work`. */
  read<T>(work: (db: Read) => Promise<T>): Promise<T>;
  /** One transaction (`begin immediate`); all writes of the process wait in one line. */
  write<T>(work: (tx: Write) => Promise<T>): Promise<T>;
  space(): Promise<Space>;
  /**
   * One slice of giving free room back to the disk, a few milliseconds of the writer's time; answers the bytes by which
   * the database shrank. On PostgreSQL the whole of it at once, beside all other work.
   */
  giveBack(): Promise<number>;
  /** Writes what is committed into the main file and lets the journal shrink. Waits for nobody: readers go on. */
  settle(): Promise<void>;
  close(): Promise<void>;
}
