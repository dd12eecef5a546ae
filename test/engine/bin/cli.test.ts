import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../engine/bin/run-command-line.ts';
import type { IngestReport } from '../../../shared/model/ingest.ts';
import { eveRecord, wazuhDocument } from '../../fixtures/alert-records.ts';
import { type Ran, type RunOptions, runCli } from './cli-process.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-cli-'));
const dataDir = join(root, 'data');
const file = (name: string, content: string | Buffer): string => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};
const run = (args: string[], options?: RunOptions): Promise<Ran> => runCli([...args, '--data', dataDir], options);
const lines = (...records: unknown[]) => `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;

/** One JSON document and a line end, and nothing else: what `--json` promises. */
function document<T>({ out }: Ran): T {
  expect(out.endsWith('\n')).toBe(true);
  return JSON.parse(out) as T;
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('how it is called', () => {
  it.each([
    [['help'], 0, /Usage:/, null],
    [['help', 'ingest'], 0, /--history/, null],
    [['queue', '--help'], 0, /--where TEXT/, null],
    [[], 2, /Usage:/, null],
    [['quque'], 2, null, /Did you mean queue\?/],
    [['rules'], 2, null, /rules check, rules backtest, rules list/],
    [['rules', 'lsit'], 2, null, /no command "rules lsit"/],
    [['queue', '--limt', '3'], 2, null, /no option --limt\. Did you mean --limit\?/],
    [['queue', '--limit'], 2, null, /--limit needs a value/],
    [['queue', '--limit', '0'], 2, null, /from 1 to/],
    [['queue', '--limit', '1e3'], 2, null, /whole number/],
    [['queue', '--json=yes'], 2, null, /takes no value/],
    [['queue', '--where', 'severity:purple'], 2, null, /--where cannot be read/],
    [['ingest'], 2, null, /Name the files/],
    [['ingest', '-', 'file'], 2, null, /not both/],
    [['ingest', 'file', '--format', 'eve'], 2, null, /"eve" is no known format\. Use auto, .*suricata-eve, /],
    [['alert'], 2, null, /Name one alert/],
    [['alert', 'nonsense!'], 2, null, /is no id/],
    [['rules', 'check'], 2, null, /Name the rule files/],
    [['lists', 'import', 'pets', 'x.csv'], 2, null, /KIND is/],
    [['hub', '--tls-cert', 'x'], 2, null, /both --tls-cert and --tls-key/],
    [['bench', 'nothing'], 2, null, /Name one benchmark/],
    [['hub', '--listen', 'nowhere'], 1, null, /no address to listen on/],
    [['hub', '--listen', '0.0.0.0:0'], 1, null, /without TLS/],
  ] as const)('%j answers %i', async (args, code, out, err) => {
    const said = { out: '', err: '' };
    const terminal = {
      out: (text: string) => {
        said.out += text;
      },
      err: (text: string) => {
        said.err += text;
      },
      isWatched: false,
      columns: null,
    };
    const where = args.length === 0 || args[0] === 'help' ? [] : ['--data', join(root, 'elsewhere')];
    expect(await runCommandLine([...args, ...where], terminal, Readable.from([])), said.err).toBe(code);
    if (out === null) expect(said.out).toBe('');
    else expect(said.out).toMatch(out);
    if (err !== null) expect(said.err).toMatch(err);
  });

  it('gives the exit code to the shell', async () => {
    expect(await runCli(['quque'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/Did you mean queue/),
    });
  });
});

describe('what it does', () => {
  let first: Ran;
  beforeAll(async () => {
    const eve = file(
      'eve.json',
      lines(eveRecord(), { ...eveRecord(), event_type: 'flow', alert: undefined, flow: { state: 'closed' } }),
    );
    const wazuh = file('alerts.json.gz', gzipSync(lines(wazuhDocument())));
    first = await run(['ingest', eve, wazuh, '--json']);
  });

  it('counts what it took in, and the numbers add up', () => {
    expect(first.code, first.err).toBe(0);
    expect(first.err).toBe('');
    const report = document<IngestReport>(first);
    expect(report).toMatchObject({ read: 2, stored: 2, rejected: 0, skipped: 1 });
    expect(report.read).toBe(report.stored + report.updated + report.duplicates + report.rejected);
    expect(report.stored).toBe(report.autoClosed + report.queued);
  });

  it('stores nothing twice, also from standard input', async () => {
    const ran = await run(['ingest', '-', '--json'], { input: lines(eveRecord(), wazuhDocument()) });
    expect(ran.code, ran.err).toBe(0);
    expect(document(ran)).toMatchObject({ read: 2, stored: 0, duplicates: 2 });
    expect(readdirSync(join(dataDir, 'spool'))).toEqual([]);
    await run(['ingest', '-'], { input: 'no record at all\n' });
    const { out } = await run(['rejects']);
    expect(out).toMatch(/^standard input:1/);
  });

  it('tries a rule on what is stored, and says by its exit code whether it would have closed a true positive', async () => {
    const rule = file(
      'rule.yml',
      `title: Everything of one sensor
id: 7d8f4a1e-0c3b-4d8a-9a55-0e8f0a4f7c11
rationale: To see what it would do.
owner: detection-lead
status: draft
expires: 2027-02-28
detection:
  all:
    event.provider: suricata
  condition: all
actions:
  - close: false_positive
`,
    );
    const ran = await run(['rules', 'backtest', rule, '--json']);
    expect(ran.code, ran.err).toBe(0);
    expect(document(ran)).toMatchObject({ ok: true, rules: [{ report: { alerts: 2, matchedAlerts: 1 }, hits: [] }] });
    expect((await run(['rules', 'backtest', file('no.yml', 'title: [')])).code).toBe(1);
  });

  it('shows the queue and everything about its first item', async () => {
    const queue = document<{
      total: number;
      items: {
        id: string;
        severity: string;
        priority: string;
        tier: string;
        status: string;
        count: number;
        title: string;
        assignee: null;
      }[];
    }>(await run(['queue', '--json']));
    expect(queue.total).toBe(2);
    const [item] = queue.items;
    expect(item).toMatchObject({ id: expect.stringMatching(/^grp_/), status: 'new', assignee: null });
    expect(item?.priority).toMatch(/^P[1-4]$/);
    const ran = await run(['alert', item?.id ?? '', '--original']);
    expect(ran.code, ran.err).toBe(0);
    for (const part of ['Why it is here', 'Priority', 'Timeline', 'Original', item?.title ?? ''])
      expect(ran.out).toContain(part);
    const whole = document<{ group: { item: { ref: string } }; alert: { fields: unknown[] } }>(
      await run(['alert', item?.id ?? '', '--json']),
    );
    expect(whole.group.item.ref).toBe(item?.id);
    expect(whole.alert.fields.length).toBeGreaterThan(3);
  });

  it('narrows the queue by words and by fields', async () => {
    const bySeverity = document<{ items: unknown[] }>(await run(['queue', '--where', 'product:wazuh', '--json']));
    expect(bySeverity.items).toHaveLength(1);
    const nothing = await run(['queue', '--where', 'product:none']);
    expect(nothing.code).toBe(0);
    expect(nothing.out).toMatch(/Nothing here/);
  });

  it('names an alert and a view that are not there', async () => {
    const alert = await run(['alert', 'alr_zzzzzz']);
    expect(alert).toMatchObject({ code: 1, out: '' });
    expect(alert.err).not.toMatch(/\n\s+at /);
    expect(await run(['queue', '--view', 'nope', '--json'])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/no view "nope"/),
    });
  });

  it('imports a list, names lines that it cannot read, and keeps the old list when none can be read', async () => {
    const assets = file('assets.csv', 'host,criticality\nfile-01,crown_jewel\nweb-01,enormous\n');
    const ran = await run(['lists', 'import', 'assets', assets, '--json']);
    expect(ran.code).toBe(1);
    expect(document(ran)).toMatchObject({ rows: 1, problems: [{ line: 3 }] });
    const empty = await run(['lists', 'import', 'assets', file('empty.csv', ''), '--json']);
    expect(empty).toMatchObject({ code: 1, out: '' });
    expect((await run(['lists', 'import', 'assets', join(root, 'no.csv')])).err).toMatch(/no such file/i);
  });

  it('checks rule files and says where a mistake is', async () => {
    const good = await run(['rules', 'check', 'resources/rules', '--json']);
    expect(good.code, good.err).toBe(0);
    expect(document(good)).toMatchObject({ ok: true });
    const bad = await run(['rules', 'check', file('bad.yml', 'title: x\ndetection: [\n'), '--json']);
    expect(bad.code).toBe(1);
    expect(document(bad)).toMatchObject({ ok: false });
    expect((await run(['rules', 'check', join(root, 'no.yml')])).code).toBe(1);
    expect((await run(['rules', 'list', '--json'])).code).toBe(0);
  });
});

describe('what it makes of garbage', () => {
  it.each([
    ['truncated JSON', `${lines(eveRecord()).slice(0, -20)}`],
    ['NUL bytes', '\u0000\u0000\u0000\n'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xc3, 0x28, 0x7d, 0x0a])],
    ['nesting 10,000 deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
    ['prototype keys', '{"__proto__":{"a":1},"constructor":{}}\n'],
    ['text', 'hello\n'],
  ])('keeps %s with where and why, and goes on', async (name, content) => {
    const bytes = Buffer.concat([
      Buffer.from(content),
      Buffer.from(`\n${lines({ ...eveRecord(), flow_id: name.length })}`),
    ]);
    const ran = await run(['ingest', file('garbage.json', bytes), '--json']);
    const report = document<IngestReport>(ran);
    expect(ran.code, ran.err).toBe(0);
    expect(report.rejected).toBeGreaterThanOrEqual(1);
    expect(report.stored + report.duplicates + report.updated, 'the good record after it').toBe(1);
  });

  it('lists them', async () => {
    const rejects = document<{
      total: number;
      items: { origin: string; reason: string; message: string; line: number }[];
    }>(await run(['rejects', '--json']));
    expect(rejects.total).toBeGreaterThanOrEqual(6);
    for (const item of rejects.items) expect(item.message.length).toBeGreaterThan(5);
    const human = await run(['rejects']);
    expect(human.out).toContain('garbage.json:');
    expect(human.out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('says what is wrong with a path, and takes in the others', async () => {
    const good = file('good.json', lines(eveRecord()));
    const ran = await run(['ingest', join(root, 'missing.json'), good, '--json']);
    expect(ran.code).toBe(1);
    expect(document<IngestReport>(ran)).toMatchObject({ read: 1, problems: [{ path: join(root, 'missing.json') }] });
    expect(ran.err).toMatch(/missing\.json: There is no such file/);
    const only = await run(['ingest', join(root, 'missing.json'), '--json']);
    expect(only).toMatchObject({ code: 1, out: '' });
  });

  it('says so when a file may not be read', async () => {
    const secret = file('secret.json', lines(eveRecord()));
    chmodSync(secret, 0o000);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      // Root may read everything, so another user tries.
      chmodSync(root, 0o755);
      const ran = await runCli(['ingest', secret, '--data', join(mkdtempAs(65_534), 'data')], { uid: 65_534 });
      expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/No permission/) });
    } else {
      expect(await run(['ingest', secret])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/No permission/),
      });
    }
  });

  it('lets no name steer the terminal', async () => {
    const { err } = await run(['ingest', join(root, '\u001b[2Jgone\u202e.json')]);
    expect(err).toContain('\\u{1b}[2Jgone\\u{202e}.json');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what must not be there
    expect(err).not.toMatch(/[\u001b\u202e]/);
  });

  it('refuses a data folder that is a file', async () => {
    const ran = await runCli(['queue', '--data', file('flat', '')]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/cannot be used.*--data DIR/);
  });

  it('ends quietly when nobody reads on', async () => {
    const { execFileSync } = await import('node:child_process');
    const cli = join(import.meta.dirname, '../../../engine/bin/cli.ts');
    const out = execFileSync('sh', ['-c', `"${process.execPath}" "${cli}" help | head -1`], { encoding: 'utf8' });
    expect(out).toMatch(/^Evenwatch/);
  });
});

function mkdtempAs(uid: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-nobody-'));
  chmodSync(folder, 0o777);
  mkdirSync(join(folder, String(uid)), { mode: 0o777 });
  chmodSync(join(folder, String(uid)), 0o777);
  return join(folder, String(uid));
}

it('keeps alerts to the owner of the data folder, also in a folder that others may look into', async () => {
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  const shared = join(root, 'shared');
  mkdirSync(shared, { mode: 0o755 });
  expect(await runCli(['ingest', file('one.json', lines(eveRecord())), '--data', shared])).toMatchObject({ code: 0 });
  const files = readdirSync(shared, { withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['evenwatch.db', 'search.db']));
  for (const { name } of files) expect([name, statSync(join(shared, name)).mode & 0o077]).toEqual([name, 0]);
});

it.skipIf(process.platform === 'win32')('says what to do about a data folder that may not be written', async () => {
  const folder = mkdtempAs(65_534);
  chmodSync(folder, 0o555);
  chmodSync(root, 0o755);
  const ran = await runCli(['queue', '--data', folder], process.getuid?.() === 0 ? { uid: 65_534 } : {});
  chmodSync(folder, 0o777);
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toMatch(/may not be written \(EACCES\).*--data DIR/);
});
