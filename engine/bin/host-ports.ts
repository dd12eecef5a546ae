import { getRandomValues } from 'node:crypto';
import { pino } from 'pino';
import type { Clock, Log, Ports, Random, Secrets } from '../ports.ts';

export const systemClock: Clock = { nowMs: () => Date.now() };

export const systemRandom: Random = { bytes: (length) => getRandomValues(new Uint8Array(length)) };

/** A host without a secret store keeps no secret, rather than keeping it in a file. */
const noSecrets: Secrets = { get: async () => null, set: async () => {} };

/** What never belongs into a log, at whatever depth a caller puts it. */
const REDACTED = ['token', 'password', 'secret', 'authorization', 'cookie', 'raw', 'key'];

/** Log lines as JSON on stderr, so that stdout stays for answers. */
export function stderrLog(level: 'info' | 'warn' | 'error'): Log {
  const logger = pino(
    {
      level: process.env.EVENWATCH_LOG ?? level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

/** The outside world of a process that a person started in a terminal. */
export function terminalPorts(level: 'info' | 'warn' | 'error' = 'error'): Ports {
  return { clock: systemClock, random: systemRandom, log: stderrLog(level), secrets: noSecrets };
}
