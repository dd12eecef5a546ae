import { defineConfig } from 'vitest/config';

/** Tests that run on both databases share one PostgreSQL server; the others do not wait for it. */
const ON_DATABASES = ['test/store/**/*.test.ts', 'test/engine/**/*.test.ts', 'test/contract/**/*.test.ts'];
/**
 * Tests with a real browser. They wait for what stands on the page, as long as a busy machine takes to show it. A key that
 * comes within the moment between an address and what is drawn by it is no fault of the page: one more try tells.
 */
const IN_BROWSER = ['test/ui/**/*.test.ts', 'test/electron/desktop.test.ts'];
/** Proofs that take longer than a change should wait: `npm run test:long`. */
const LONG = 'test/**/*.long.test.ts';
const ALL = ['test/**/*.test.ts', 'test/**/*.test.tsx'];

const isLong = process.env.EVENWATCH_LONG === '1';
const never = ['**/node_modules/**', ...(isLong ? [] : [LONG])];

export default defineConfig({
  test: {
    // Real files, sockets, databases and browsers do the work here: more workers than cores would only make them wait.
    maxWorkers: 2,
    // A guard against hanging, not a measurement: a busy machine makes a browser slow.
    testTimeout: isLong ? 600_000 : 120_000,
    hookTimeout: 120_000,
    setupFiles: ['test/seed.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'databases',
          include: ON_DATABASES,
          exclude: never,
          globalSetup: ['test/store/postgres-server.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: IN_BROWSER, exclude: never, retry: 1, expect: { poll: { timeout: 15_000 } } },
      },
      { extends: true, test: { name: 'plain', include: ALL, exclude: [...never, ...ON_DATABASES, ...IN_BROWSER] } },
    ],
  },
});
