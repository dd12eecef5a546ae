/**
 * `npm test`: types, formatter and lint, the renderer's build, then every test. Each step runs even if one before it
 * failed, so that one run tells all; a failed step counts as one failed check. The last line is the tally.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRenderer } from './ensure-renderer.ts';
import { type Tally, tallyLine } from './summary-reporter.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const tallyPath = join(root, '.cache', 'test-tally.json');

function run(name: string, args: readonly string[], env: Record<string, string> = {}): boolean {
  process.stdout.write(`\n> ${name} ${args.join(' ')}\n`);
  const bin = join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const { status, error } = spawnSync(bin, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (error !== undefined) process.stderr.write(`${name} could not be started: ${error.message}\n`);
  return status === 0;
}

function readTally(): Tally | null {
  if (!existsSync(tallyPath)) return null;
  return JSON.parse(readFileSync(tallyPath, 'utf8')) as Tally;
}

const long = process.argv.includes('--long');
const checksOnly = process.argv.includes('--checks');
const failedSteps: string[] = [];
const step = (name: string, isOk: boolean): void => {
  if (!isOk) failedSteps.push(name);
};

if (!long) {
  step('types', run('tsc', ['-b']));
  step('format and lint', run('biome', ['ci', '--colors=off', '--max-diagnostics=30', '--diagnostic-level=warn', '.']));
}
step('renderer build', await ensureRenderer(root, (line) => process.stdout.write(`${line}\n`)));

let tally: Tally = { passed: 0, failed: 0, skipped: 0 };
rmSync(tallyPath, { force: true });
const filter = checksOnly ? ['test/architecture'] : long ? ['.long.'] : [];
const isGreen = run('vitest', ['run', ...filter], {
  EVENWATCH_TALLY: tallyPath,
  ...(long ? { EVENWATCH_LONG: '1' } : {}),
});
const counted = readTally();
if (counted === null) failedSteps.push('tests (the run ended before it could be counted)');
else tally = counted;
if (counted !== null && !isGreen && counted.failed === 0) failedSteps.push('tests (the run ended with an error)');
if (tally.passed === 0 && !long) failedSteps.push('tests (none ran)');

if (failedSteps.length > 0) process.stdout.write(`\nFailed: ${failedSteps.join(', ')}\n`);
tally.failed += failedSteps.length;
process.stdout.write(`\n${tallyLine(tally)}\n`);
process.exit(tally.failed === 0 ? 0 : 1);
