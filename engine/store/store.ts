import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A handle that may only be queried. There is no way to make one but `store.read`. */
export type Read = Pick<Kysely<Tables>, 'selectFrom' | 'fn' | 'with' | 'dynamic'> & { readonly [readable]: true };
/** A handle inside the one open write transaction. There is no way to make one but `store.write`. */
export type Write = Kysely<Tables> & { readonly [readable]: true; readonly [writable]: true };

export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** A consistent view for the length of `work`. */
  read<T>(work: (db: Read) => Promise<T>): Promise<T>;
  /** One transaction (`begin immediate`); all writes of the process wait in one line. */
  write<T>(work: (tx: Write) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
