import type { IngestReport } from '../../../shared/model/ingest.ts';
import type { Json } from '../../../shared/model/json.ts';
import type { SettingsOf, Source, SourceKind } from '../../../shared/model/source.ts';
import type { Clock, Log, Random } from '../../ports.ts';
import type { Delivery } from '../delivery.ts';

/** What a source is while it runs, beside what is stored of it. */
export interface LiveState {
  /** Where a listener really listens, with the port that it got. */
  listensOn: string | null;
  connections: number | null;
  /** What is known to wait before the store; null where the sender alone knows. */
  behind: number | null;
  /** True while senders are made to wait because the store is slow. */
  isHeld: boolean;
}

/** What a running source is given. It never touches the store itself. */
export interface SourceContext<K extends SourceKind = SourceKind> {
  source: Source & { settings: SettingsOf<K> };
  clock: Clock;
  random: Random;
  log: Log;
  /** Ends when the source is to stop: nothing more is taken in. What was taken in may be delivered until `stop` is done. */
  signal: AbortSignal;
  /** How far it was read before, by the names that it gave its cursors. */
  cursors: ReadonlyMap<string, Json>;
  /** The password or key that was set for it; null when none was. */
  secret(): Promise<string | null>;
  /** True for a token that this source takes now. Compares in constant time. */
  isToken(token: string): boolean;
  /** Path of a file of the workspace's `tls` folder. Throws EngineError for a name that leads out of it. */
  tlsPath(name: string): string;
  /** The real path when it lies in a folder that sources may read; throws EngineError `forbidden` otherwise. */
  allowedPath(path: string): Promise<string>;
  /**
   * Stores one delivery and answers when it is committed: waiting for it is the back-pressure. Throws when it was not
   * stored (`unavailable` when the store cannot take it now); then it is the source's to try again.
   */
  deliver(delivery: Omit<Delivery, 'sourceId'>): Promise<IngestReport>;
  /** Says what changed of its live state. Cheap; nothing is written. */
  show(state: Partial<LiveState>): void;
  /** Says what is wrong, in one sentence with what to do, or null when it is well again. Written once, not each time. */
  problem(sentence: string | null): void;
}

export interface RunningSource {
  /** Ends when everything that was accepted is delivered or given up; called after `signal` has ended. */
  stop(): Promise<void>;
}

/**
 * Starts one kind of source. Throws EngineError for what a person must mend (a port that is taken, a file that may not
 * be read): the runner shows it and tries again later. What happens after the start goes through `problem`.
 */
export type StartSource<K extends SourceKind = SourceKind> = (context: SourceContext<K>) => Promise<RunningSource>;
