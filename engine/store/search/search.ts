/**
 * Words, addresses, hosts, users and hashes of all alerts, open and closed. Filled behind ingest, so that nothing
 * waits for it; all of it can be made again from the alerts.
 */
export interface Search {
  /** Groups of which an alert holds all that was asked for, the newest alert first. Never throws for what was typed. */
  query(text: string, options: { limit: number }): Promise<number[]>;
  /** Alerts, new or revised, that are not in the index yet. */
  lag(): Promise<number>;
  /** Indexes up to `limit` alerts and answers how many it did; 0 when it has caught up. */
  catchUp(limit: number): Promise<number>;
  close(): Promise<void>;
}

/** What an alert says, to be searched; null when its original cannot be read. */
export type SearchTextOf = (format: string, original: Uint8Array) => string | null;
