import { EngineError } from '../../shared/model/errors.ts';
import type { FromEngine } from '../engine-messages.ts';
import { startEngineProcess } from './start.ts';

/** The value after `--name` among the arguments that main gave. */
function argument(name: string): string {
  const value = process.argv[process.argv.indexOf(`--${name}`) + 1];
  if (value === undefined || !process.argv.includes(`--${name}`)) throw new Error(`--${name} is missing`);
  return value;
}

try {
  await startEngineProcess(process.parentPort, {
    dataDir: argument('data'),
    resourcesDir: argument('resources'),
    version: argument('version'),
  });
} catch (error) {
  // Refused by name, such as a folder that a hub holds: main says it to the person and does not start it again.
  if (!(error instanceof EngineError)) throw error;
  process.parentPort.postMessage({ kind: 'refused', message: error.message } satisfies FromEngine);
  setTimeout(() => process.exit(0), 1_000);
}
