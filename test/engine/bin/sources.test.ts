import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../engine/bin/run-command-line.ts';
import { eveRecord } from '../../fixtures/alert-records.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-sources-'));
const dataDir = join(root, 'data');
const logs = join(root, 'logs');
mkdirSync(logs);
writeFileSync(join(logs, 'eve.json'), `${JSON.stringify(eveRecord())}\n{"broken":"thing"}\n`);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(args: readonly string[], stdin = '') {
  const said = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    isWatched: false,
    columns: 160,
  };
  const code = await runCommandLine([...args, '--data', dataDir], terminal, Readable.from([stdin]));
  return { code, ...said };
}

const json = async <T>(args: readonly string[], stdin?: string) => {
  const { out, code, err } = await run([...args, '--json'], stdin);
  expect(`${code} ${err}`).toBe('0 ');
  return JSON.parse(out) as T;
};

describe('sources on the command line', () => {
  it.each([
    [['sources'], 2, /sources list, sources add/],
    [['sources', '--help'], 2, /one more word.*sources add/],
    [['sources', 'add'], 2, /file PATH/],
    [['sources', 'add', 'mail', 'x'], 2, /file PATH/],
    [['sources', 'add', 'syslog', 'tcp:5514'], 2, /tcp:\/\//],
    [['sources', 'add', 'http', 'localhost'], 2, /host and port/],
    [['sources', 'add', 'elasticsearch', 'http://x'], 2, /index/],
    [['sources', 'add', 'elasticsearch', 'ftp://x', '--index', 'i'], 2, /begins with https/],
    [['sources', 'add', 'elasticsearch', 'https://me:pass@x', '--index', 'i'], 2, /password into their fields/],
    [['sources', 'remove'], 2, /Name one source/],
    [['sources', 'remove', 'nothing'], 1, /no source named nothing/],
    [['sources', 'allow', '/no/such/folder'], 1, /no folder/],
    [['rejects', '--reason', 'bad'], 2, /There is no reason/],
    [['rejects', '--discard', '--read-again'], 2, /not both/],
  ] as const)('%j answers %i', async (args, code, err) => {
    const ran = await run(args);
    expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(err)]);
  });

  it('sets one up, allows its folder and says so, tries it, switches it, renames it and ends it', async () => {
    const added = await run([
      'sources',
      'add',
      'file',
      join(logs, 'eve.json'),
      '--name',
      'Sensor',
      '--quiet-after',
      '90',
    ]);
    expect(added.code).toBe(0);
    expect(added.err).toContain(`sources may read ${logs}`);
    expect((await json<{ folders: string[] }>(['sources', 'allow'])).folders).toContain(logs);
    const tried = await run(['sources', 'test', 'Sensor', '--wait', '5']);
    expect(tried.code).toBe(0);
    expect(tried.out).toContain('suricata-eve');
    expect(tried.out).toContain('not read');
    const pasted = await run(['sources', 'test', 'Sensor', '--sample', '-'], JSON.stringify(eveRecord()));
    expect(pasted.out).toContain('The first record can be read.');
    await json(['sources', 'disable', 'Sensor']);
    await json(['sources', 'set', 'Sensor', '--name', 'Probe', '--site', 'Graz', '--quiet-after', 'never']);
    type Answer = { runsHere: boolean; sources: { source: Record<string, unknown> }[] };
    const listed = await json<Answer>(['sources', 'list']);
    expect(listed).toMatchObject({
      runsHere: false,
      sources: [{ source: { name: 'Probe', site: 'Graz', isEnabled: false, quietAfterMinutes: 0 } }],
    });
    const text = await run(['sources', 'list']);
    expect(text.out).toMatch(/Probe {2}off/);
    expect(text.out).toContain('none is');
    await json(['sources', 'remove', 'Probe']);
    expect((await json<Answer>(['sources', 'list'])).sources).toEqual([]);
  });

  it('says what is left to do until the first alert is in', async () => {
    const syslog = await run(['sources', 'add', 'syslog', 'udp://127.0.0.1:5514', '--name', 'Firewall']);
    expect(syslog.out).toMatch(/a server is open on this data folder: .* hub\n/);
    expect(syslog.out).toContain("To try it: logger -n 127.0.0.1 -P 5514 -d 'CEF:0|");
    const http = await run(['sources', 'add', 'http', '[::1]:8089', '--name', 'Pushed']);
    expect(http.out).toContain("-H 'Authorization: Bearer TOKEN' http://[::1]:8089/v1/alerts");
    for (const name of ['Firewall', 'Pushed']) await run(['sources', 'remove', name]);
  });

  it('shows a token once, and keeps a key in a file of its own that is never shown', async () => {
    const { token } = await json<{ token: string }>(['sources', 'add', 'http', '127.0.0.1:8088', '--name', 'Push']);
    const renewed = await json<{ token: string }>(['sources', 'token', 'Push']);
    expect(renewed.token.length).toBeGreaterThan(20);
    expect(renewed.token).not.toBe(token);
    const url = 'https://127.0.0.1:9';
    const settings = ['--name', 'Index', '--index', 'alerts-*', '--auth', 'api_key', '--secret-from', '-'];
    const { id } = await json<{ id: number }>(
      ['sources', 'add', 'elasticsearch', url, ...settings],
      'k3y-of-the-index\n',
    );
    const path = join(dataDir, 'secrets', `source-${id}`);
    expect(readFileSync(path, 'utf8')).toBe('k3y-of-the-index');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(JSON.stringify(await json(['sources', 'list']))).not.toContain('k3y');
    expect((await run(['sources', 'test', 'Index', '--wait', '1'])).code).toBe(1);
    await json(['sources', 'remove', 'Index']);
    expect(() => statSync(path)).toThrow();
  });

  it('narrows what could not be read, reads it again and discards it', async () => {
    await run(['ingest', join(logs, 'eve.json')]);
    const all = await json<{ total: number }>(['rejects']);
    expect(all.total).toBe(1);
    expect(await json(['rejects', '--reason', 'too_deep'])).toMatchObject({ total: 0 });
    expect(await json(['rejects', '--text', 'BROKEN'])).toMatchObject({ total: 1 });
    const again = await run(['rejects', '--read-again', '--json']);
    expect([again.code, JSON.parse(again.out)]).toEqual([1, expect.objectContaining({ read: 0, left: 1 })]);
    expect(await json(['rejects', '--discard'])).toEqual({ discarded: 1 });
    expect(await json(['rejects'])).toMatchObject({ total: 0 });
  });
});
