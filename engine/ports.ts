/**
 * The whole outside world of the engine. Nothing in engine/ asks the time, makes an id, draws a random
 * number, logs or reads a secret in any other way, so that a test can hold the world still.
 */
export interface Clock {
  /** UTC epoch milliseconds. */
  nowMs(): number;
}

export interface Random {
  /** Cryptographic in hosts, seeded in tests. */
  bytes(length: number): Uint8Array;
}

export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Keeps a secret outside the database. Null when it has none of this name; an empty value removes it. */
export interface Secrets {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}

export interface Ports {
  clock: Clock;
  random: Random;
  log: Log;
  secrets: Secrets;
}
