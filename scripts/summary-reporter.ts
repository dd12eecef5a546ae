import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

/** What `npm test` adds up: tests, and what broke outside of any test. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The line that a test run ends with. */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}

/** Adds up what ran. A file that cannot be loaded and an error that no test caught count as failed. */
export function tallyOf(cases: readonly TestCase[], brokenFiles: number, looseErrors: number): Tally {
  const tally: Tally = { passed: 0, failed: brokenFiles + looseErrors, skipped: 0 };
  for (const test of cases) {
    const { state } = test.result();
    if (state === 'passed') tally.passed += 1;
    else if (state === 'skipped') tally.skipped += 1;
    else tally.failed += 1;
  }
  return tally;
}

/** Writes the tally where `EVENWATCH_TALLY` says, for the script that runs every check; else prints it as the last line. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const tally = tallyOf(cases, broken, errors.length);
    const path = process.env.EVENWATCH_TALLY;
    if (path === undefined) {
      process.stdout.write(`${tallyLine(tally)}\n`);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(tally));
  }
}
