import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { longLines, longTexts } from './long-lines.ts';
import { MADE_FILES } from './made-files.ts';
import { mutated, seeded } from './mutate.ts';
import { readSoundly } from './read-bytes.ts';

/**
 * Runs apart, so that whoever started it can end it when it hangs. Says before each case what it is, and ends with an
 * error at the first that is not sound: `files made|DIR ROUNDS SEED`, `lines BYTES`, or `texts BYTES`.
 */
const [kind, ...rest] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Enough of a file for all its shapes; more would only take longer. */
const FILE_MAX = 60_000;

function realFiles(directory: string): [string, Buffer][] {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => join(entry.parentPath, entry.name));
  return names.sort().map((path) => {
    const bytes = readFileSync(path);
    return [path, (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).subarray(0, FILE_MAX)];
  });
}

async function fuzzFiles(files: readonly (readonly [string, Buffer])[], rounds: number, seed: number): Promise<void> {
  let alerts = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [index, [name, bytes]] of files.entries()) {
      const own = seed + round * 1_000 + index;
      say(`${name}, seed ${own}`);
      const pick = seeded(own);
      alerts += await readSoundly(round === 0 ? bytes : mutated(bytes, pick), pick);
    }
  }
  say(`done: ${alerts} alerts`);
}

if (kind === 'files') {
  const [where = 'made', rounds = '1', seed = '1'] = rest;
  await fuzzFiles(where === 'made' ? MADE_FILES : realFiles(where), Number(rounds), Number(seed));
} else {
  const length = Number(rest[0] ?? 100_000);
  for (const [name, bytes] of kind === 'texts' ? longTexts(length) : longLines(length)) {
    say(name);
    await readSoundly(bytes, () => 0);
  }
  say('done: all lines');
}
