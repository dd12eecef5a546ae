import { getRandomValues } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { EngineError } from '../../shared/model/errors.ts';
import type { Clock, Log, Ports, Random, Secrets } from '../ports.ts';
import { fileSecrets } from './file-secrets.ts';

export const systemClock: Clock = { nowMs: () => Date.now() };

export const systemRandom: Random = { bytes: (length) => getRandomValues(new Uint8Array(length)) };

/** A process without a data folder keeps no secret, and says so rather than losing it. */
const noSecrets: Secrets = {
  get: async () => null,
  set: async (_name, value) => {
    if (value === '') return;
    throw new EngineError('unsupported', 'This process keeps no keys or passwords.');
  },
};

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

/** The outside world of a process of one machine. Secrets lie in the folder `secrets` of the data folder. */
export function hostPorts(level: 'info' | 'warn' | 'error', dataDir: string): Ports {
  return { ...terminalPorts(level), secrets: fileSecrets(join(dataDir, 'secrets')) };
}

/** The same without a data folder. */
export function terminalPorts(level: 'info' | 'warn' | 'error' = 'error'): Ports {
  return { clock: systemClock, random: systemRandom, log: stderrLog(level), secrets: noSecrets };
}
