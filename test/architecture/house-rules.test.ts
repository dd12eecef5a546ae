import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, sourceFiles } from './cruise-sources.ts';

interface Source {
  path: string;
  text: string;
}

const sources: Source[] = sourceFiles().map((path) => ({
  path,
  text: withoutComments(readFileSync(join(ROOT, path), 'utf8')),
}));

/** Comments may name what code may not do. Strings stay: SQL hides in them. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

/** Places where `pattern` stands and must not, each as "path: line". */
function breaches(pattern: RegExp, isBanned: (path: string) => boolean): string[] {
  return sources
    .filter(({ path }) => isBanned(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
}

const under =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(folder));

/** A thread is a host of its own: its file gives what runs in it the machine's clock and randomness. */
const isWorker = (path: string) => path.startsWith('engine/') && path.endsWith('-worker.ts');

const SQL =
  /\b(select\s+[\w*,."\s]+\s+from|insert\s+into|delete\s+from|update\s+\w+\s+set|create\s+(table|index)|alter\s+table|pragma\s)\b|\bsql`/i;

describe('the house rules', () => {
  it('sees the sources', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('finds what it looks for', () => {
    expect(SQL.test('db.prepare("select id, name from people where id = ?")')).toBe(true);
    expect(SQL.test('sql`raise(abort)`')).toBe(true);
    expect(withoutComments('a(); // select x from y\n/* Date.now() */b()')).not.toMatch(/select|Date/);
  });

  it('keeps SQL in engine/store', () => {
    // The benchmark holds the bare inserts that ingest is measured against.
    const isBanned = (path: string) => !under('engine/store/', 'engine/bin/commands/bench')(path);
    expect(breaches(SQL, isBanned)).toEqual([]);
  });

  it('asks the time only through ports.clock', () => {
    // The renderer shows time that passes; nothing that it shows is decided by it.
    const clocks = ['engine/bin/host-ports.ts', 'engine/bench/', 'renderer/', 'scripts/', 'electron/'];
    expect(
      breaches(
        /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|process\.hrtime/,
        (path) => !isWorker(path) && !under(...clocks)(path),
      ),
    ).toEqual([]);
  });

  it('draws randomness only through ports.random', () => {
    // The renderer may spread its retries and name its commands: nothing there is replayed.
    const dice = ['engine/bin/host-ports.ts', 'renderer/', 'electron/', 'scripts/'];
    expect(
      breaches(
        /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(|\bgetRandomValues\(/,
        (path) => !isWorker(path) && !under(...dice)(path),
      ),
    ).toEqual([]);
  });

  it('never lets text become markup or code', () => {
    expect(
      breaches(
        /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|\bnew Function\(/,
        under('renderer/', 'electron/', 'engine/', 'shared/'),
      ),
    ).toEqual([]);
  });

  it('asks for a capability and never for a platform in the renderer', () => {
    expect(
      breaches(
        /evenwatchHost|navigator\.userAgent|process\.versions/,
        (path) => path.startsWith('renderer/') && path !== 'renderer/client/pick.ts',
      ),
    ).toEqual([]);
  });

  it('keeps what differs between the two databases in few places', () => {
    const branches = breaches(
      /dialect\s*[!=]==|case '(sqlite|postgres)'|kind\s*===\s*'(sqlite|postgres)'/,
      under('engine/', 'electron/'),
    );
    expect(branches.length, branches.join('\n')).toBeLessThanOrEqual(15);
  });

  it('opens files and addresses of this machine only by name', () => {
    expect(breaches(/['"`]file:\/\/|\bloadFile\(/, under('renderer/', 'electron/', 'shared/'))).toEqual([]);
    expect(
      breaches(
        /['"`]http:\/\/(?!127\.0\.0\.1|localhost|\[::1\]|in-process|orpc|\$\{)/,
        under('renderer/', 'electron/'),
      ),
    ).toEqual([]);
  });

  it('names no file after nothing in particular', () => {
    const banned = /^(utils?|helpers?|common|misc|managers?)\.tsx?$/;
    expect(sources.filter(({ path }) => banned.test(basename(path))).map(({ path }) => path)).toEqual([]);
    expect(
      sources
        .filter(({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.\w+)?\.tsx?$/.test(basename(path)))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('leaves no promise in the code', () => {
    expect(
      sourceFiles().filter((path) => /\b(TODO|FIXME|XXX|HACK)\b/.test(readFileSync(join(ROOT, path), 'utf8'))),
    ).toEqual([]);
  });
});
