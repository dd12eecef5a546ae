import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../engine/bin/run-command-line.ts';
import { eveRecord } from '../../fixtures/alert-records.ts';
import { runCli } from './cli-process.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-rules-'));
const dataDir = join(root, 'data');
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

async function run(args: readonly string[], stdin = '', data = dataDir) {
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
  const code = await runCommandLine([...args, '--data', data], terminal, Readable.from([Buffer.from(stdin)]));
  return { code, ...said };
}

const sigma = (id: number, detection: string): string =>
  `title: Rule ${id}\nid: 5259cbf2-0a75-48bf-b57a-c54d6fabae${String(id).padStart(2, '0')}\nauthor: Ann\nlogsource: {category: firewall}\ndetection:\n${detection}`;
const BY_ADDRESS = '    s: {src_ip|cidr: 192.0.2.0/24}\n    condition: s\n';

describe('rules import-sigma', () => {
  it('counts every rule as read or failed, with path and line, in one document', async () => {
    const good = file(
      'good.yml',
      `${sigma(1, BY_ADDRESS)}---\n${sigma(2, '    s: {src_ip|cider: 1}\n    condition: s\n')}`,
    );
    const { code, out, err } = await run(['rules', 'import-sigma', good, '--json']);
    expect(code).toBe(1);
    expect(err).toBe('');
    const json = JSON.parse(out);
    expect(Object.keys(json)).toEqual(['rules', 'parsed', 'failed', 'unsupported']);
    expect(json).toMatchObject({ rules: 2, parsed: 1, unsupported: { cider: 1 } });
    expect(json.failed).toEqual([
      { path: good, line: 14, error: 'The modifier "cider" is not known. Did you mean "cidr"?' },
    ]);
  });

  it('reads folders, packed streams and UTF-16, and says what no rule is', async () => {
    const folder = mkdtempSync(join(root, 'in-'));
    writeFileSync(join(folder, 'a.yml.gz'), gzipSync(`---\n${sigma(1, BY_ADDRESS)}---\n${sigma(2, BY_ADDRESS)}`));
    writeFileSync(join(folder, 'b.yaml'), Buffer.from(`\uFEFF${sigma(3, BY_ADDRESS)}`, 'utf16le'));
    writeFileSync(join(folder, 'c.yml.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    writeFileSync(join(folder, 'd.yml'), Buffer.from([0x61, 0xff, 0xfe, 0xff]));
    writeFileSync(join(folder, 'e.yml'), '\n# nothing\n');
    writeFileSync(join(folder, 'f.txt'), 'no rule');
    const { out } = await run(['rules', 'import-sigma', folder, '--json']);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ rules: 6, parsed: 3 });
    expect(json.failed.map(({ error }: { error: string }) => error)).toEqual([
      'This gzip file is damaged. Fetch it again.',
      'This file is not UTF-8 text. Save it as UTF-8.',
      'There is no rule in this file.',
    ]);
  });

  it('refuses a small file that unpacks to a huge one', async () => {
    const bomb = file('bomb.yml.gz', gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x20)));
    const { out } = await run(['rules', 'import-sigma', bomb, '--json']);
    expect(JSON.parse(out).failed[0].error).toBe('A file of rules is at most 64 MB, unpacked. Split it.');
  });

  it('writes drafts that pass the check, and leaves a file alone that somebody worked on', async () => {
    const good = file('two.yml', `${sigma(1, BY_ADDRESS)}---\n${sigma(2, BY_ADDRESS)}`);
    const drafts = join(root, 'drafts');
    const first = await run(['rules', 'import-sigma', good, '--out', drafts]);
    expect(first.out).toContain('Wrote 2 files');
    const names = readdirSync(drafts);
    expect(names).toHaveLength(2);
    expect((await run(['rules', 'check', drafts])).code).toBe(0);
    const worked = join(drafts, names[0] ?? '');
    writeFileSync(worked, readFileSync(worked, 'utf8').replace('nobody yet', 'Ana Ruiz'));
    const second = await run(['rules', 'import-sigma', good, '--out', drafts]);
    expect(second).toMatchObject({ code: 1, out: expect.stringContaining('was left as it is') });
    expect(readFileSync(worked, 'utf8')).toContain('Ana Ruiz');
  });
});

describe('rules match', () => {
  const alerts = [
    { ...eveRecord(), src_ip: '192.0.2.7' },
    { event_type: 'flow', timestamp: '2026-11-02T10:00:00Z', src_ip: '192.0.2.7' },
    { ...eveRecord(), src_ip: '198.51.100.1' },
  ]
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
  const ours =
    'title: Ours\nid: 6259cbf2-0a75-48bf-b57a-c54d6fabaef4\nrationale: Why.\nowner: Ann\nstatus: shadow\nactions: [{ tag: seen }]\ndetection:\n    j: {host.criticality: crown_jewel}\n    s: {source.ip: 198.51.100.1}\n    condition: s and not j\n';

  it('says which rule matches which alert, and by what, in one document', async () => {
    const rules = file('rules.yml', sigma(1, BY_ADDRESS));
    const own = file('own.yml', ours);
    const path = file('alerts.json', alerts);
    const { code, out } = await run(['rules', 'match', rules, own, '--alerts', path, '--json']);
    expect(code).toBe(0);
    const json = JSON.parse(out);
    expect(json).toMatchObject({
      rules: 2,
      alerts: 2,
      skipped: 1,
      matches: [
        {
          alert: { line: 1, product: 'suricata' },
          rule: { title: 'Rule 1' },
          matched: [{ selection: 's', field: 'source.ip', pattern: 'cidr 192.0.2.0/24', value: '192.0.2.7' }],
          result: 'match',
        },
        { alert: { line: 3 }, rule: { title: 'Ours' }, result: 'unknown', unknownFields: ['host.criticality'] },
      ],
      counts: [
        { title: 'Rule 1', matches: 1, unknown: 0 },
        { title: 'Ours', matches: 0, unknown: 1 },
      ],
      failed: [],
    });
  });

  it('tells people the same, and takes standard input', async () => {
    const rules = file('rules.yml', sigma(1, BY_ADDRESS));
    const { out } = await run(['rules', 'match', rules, file('own.yml', ours), '--alerts', '-'], alerts);
    expect(out).toContain('s: source.ip cidr 192.0.2.0/24: 192.0.2.7');
    expect(out).toContain('Ours: cannot be said, because nobody knows host.criticality');
    expect(out).toContain('Asked 2 rules about 2 alerts: 2 of them matched; passed over 1 record');
  });

  it('goes on without a rule that cannot be used, names it, and is no success', async () => {
    const rules = file(
      'rules.yml',
      `${sigma(1, BY_ADDRESS)}---\n${sigma(2, "    s: {username|expand: '%admins%'}\n    condition: s\n")}`,
    );
    const { code, err, out } = await run(['rules', 'match', rules, '--alerts', file('alerts.json', alerts), '--json']);
    expect(code).toBe(1);
    expect(err).toContain('%admins%');
    expect(JSON.parse(out)).toMatchObject({ rules: 1, failed: [{ line: 9 }] });
  });

  it('knows what the lists of the workspace know, in a process of its own', async () => {
    const own = join(root, 'listed');
    const admins = file('admins.csv', 'key,note\nscanner-1,\n192.0.2.7,\n');
    const assets = file('assets.csv', 'key,kind,criticality\n198.51.100.1,ip,crown_jewel\n');
    expect(await run(['lists', 'import', 'lookup', admins], '', own)).toMatchObject({ code: 0 });
    expect(await run(['lists', 'import', 'assets', assets], '', own)).toMatchObject({ code: 0 });
    const rules = file(
      'listed.yml',
      `${sigma(1, "    s: {src_ip|expand: '%admins%'}\n    condition: s\n")}---\n${ours}`,
    );
    const args = ['rules', 'match', rules, '--alerts', '-', '--json'];
    const listed = await runCli([...args, '--data', own], { input: alerts });
    expect(listed).toMatchObject({ code: 0, err: '' });
    const json = JSON.parse(listed.out);
    expect(json).toMatchObject({ rules: 2, failed: [], workspace: expect.stringContaining(own) });
    expect(json.matches).toMatchObject([{ alert: { line: 1 }, rule: { title: 'Rule 1' }, result: 'match' }]);

    const without = JSON.parse((await run(args, alerts, join(root, 'none'))).out);
    expect(without).toMatchObject({
      rules: 1,
      workspace: null,
      failed: [{ error: expect.stringContaining('%admins%') }],
    });
    expect(without.matches).toMatchObject([{ alert: { line: 3 }, result: 'unknown' }]);
  });

  it('gives a document without matches where there are none, and refuses what it cannot do', async () => {
    const rules = file('rules.yml', sigma(1, BY_ADDRESS));
    const none = await run(['rules', 'match', rules, '--alerts', '-', '--json'], '');
    expect(JSON.parse(none.out)).toMatchObject({ matches: [], alerts: 0 });
    expect((await run(['rules', 'match', rules])).code).toBe(2);
    expect(await run(['rules', 'match', rules, '--alerts', join(root, 'nowhere')])).toMatchObject({ code: 1, out: '' });
    expect((await run(['rules', 'match', rules, '--alerts', '-', '--format', 'nonsense'])).code).toBe(2);
    const broken = file('broken.yml', 'title: [\n');
    expect((await run(['rules', 'match', broken, '--alerts', '-'])).err).toContain('No rule among these files');
  });
});
