import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A case takes milliseconds; this is for a machine that is busy with everything else. */
const SILENCE_MAX_MS = 30_000;

/**
 * Runs the fuzzing process and gives its last line. Throws with the name of the case when one was not sound, or when
 * nothing was heard for 30 s: then it hangs, and is ended.
 */
export function runWatched(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fuzz-process.ts'), ...args]);
  let last = 'nothing yet';
  let fault = '';
  return new Promise((resolve, reject) => {
    const hang = (): void => {
      child.kill('SIGKILL');
      reject(new Error(`hangs at: ${last}`));
    };
    let timer = setTimeout(hang, SILENCE_MAX_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(hang, SILENCE_MAX_MS);
      last = chunk.toString().trim().split('\n').at(-1) ?? last;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      fault += chunk.toString();
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0 && last.startsWith('done')) resolve(last);
      else reject(new Error(`${last}\n${fault}`));
    });
  });
}
