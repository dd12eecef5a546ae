import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../engine/bin/run-command-line.ts';
import { eveRecord } from '../../fixtures/alert-records.ts';
import { CEF_LINE } from '../../fixtures/sensor-records.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-formats-'));
const dataDir = join(root, 'data');
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

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
    columns: null,
  };
  const code = await runCommandLine([...args, '--data', dataDir], terminal, Readable.from([Buffer.from(stdin)]));
  return { code, ...said };
}

const ACME = 'name: acme\nlabel: Acme IDS\nrecognise: { has: acme.rule }\nfields: { time: at, title: acme.rule }\n';
const ACME_ALERT = '{"acme":{"rule":"Door forced"},"at":"2026-11-02T10:00:00Z"}\n';

describe('formats list', () => {
  it('names those of the program, the shipped mapping and those of the data folder', async () => {
    const { code, out } = await run(['formats', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^wazuh +Wazuh +the program$/m);
    expect(out).toMatch(/^llm-gateway +LLM gateway and guardrails +\/.*llm-gateway\.yml$/m);
    expect(existsSync(join(dataDir, 'evenwatch.db'))).toBe(false);
  });

  it('tells what is wrong with a mapping, and is no success then', async () => {
    mkdirSync(join(dataDir, 'mappings'), { recursive: true });
    const path = join(dataDir, 'mappings', 'broken.yml');
    writeFileSync(path, 'name: broken\n');
    const { code, out } = await run(['formats', 'list']);
    rmSync(path);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:1:1 error: "recognise" is missing.`);
  });
});

describe('formats test', () => {
  const eve = `${JSON.stringify(eveRecord())}\n`;
  let mapping = '';
  beforeAll(() => {
    mapping = file('acme.yml', ACME);
  });

  it('shows each field with the place that it came from, on 100 columns', async () => {
    const long = eveRecord();
    const path = file('eve.json', `${JSON.stringify({ ...long, host: 'x'.repeat(300) })}\n${CEF_LINE}\n`);
    const { code, out } = await run(['formats', 'test', path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^line 1: alert, suricata-eve$/m);
    expect(out).toMatch(/^ {2}title +\S.* alert\.signature$/m);
    expect(out).toMatch(/^ {2}category .*column \d+$/m);
    expect(out).toMatch(/^cef +1 +0 +0 +\d+$/m);
    for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
    expect(existsSync(join(dataDir, 'evenwatch.db'))).toBe(false);
  });

  it('gives one JSON document, and shows as many records as asked for', async () => {
    const { code, out } = await run(['formats', 'test', '-', '--limit', '1', '--json'], eve.repeat(3));
    expect(code).toBe(0);
    const answer = JSON.parse(out);
    expect(answer.records.length).toBe(1);
    expect(answer.total.alerts).toBe(3);
    const title = answer.records[0].fields.find((field: { name: string }) => field.name === 'title');
    expect(title.from).toEqual(['alert.signature']);
  });

  it('says why records were refused, and is no success then', async () => {
    const { code, out } = await run(['formats', 'test', '-'], `{"a": 1}\n{"a": \u001b[2J}\n`);
    expect(code).toBe(1);
    expect(out).toContain('line 1: refused');
    expect(out).toContain('line 2, column 12: refused');
    expect(out).toContain('\\u{1b}[2J');
    expect(out).not.toContain('\u001b');
  });

  it('tries a mapping file before it is put in its folder', async () => {
    const before = await run(['formats', 'test', '-'], ACME_ALERT);
    expect(before.code).toBe(1);
    const { code, out } = await run(['formats', 'test', '-', '--mapping', mapping], ACME_ALERT);
    expect(code).toBe(0);
    expect(out).toMatch(/^line 1: alert, acme$/m);
    expect(out).toMatch(/^ {2}time +2026-11-02T10:00:00\.000Z +at$/m);
    expect((await run(['formats', 'test', '-', '--mapping', mapping, '--format', 'acme'], eve)).out).toContain(
      'no usable time',
    );
  });

  it('says with line and column what is wrong with a mapping', async () => {
    const broken = file('broken.yml', ACME.replace('title: acme', 'titl: acme'));
    const { code, out } = await run(['formats', 'test', '-', '--mapping', broken], ACME_ALERT);
    expect(code).toBe(1);
    expect(out).toContain(`${broken}:4:21 error: The key "titl" is not known here. Did you mean "title"?`);
  });

  it.each([
    [['formats', 'test'], 2, 'Name the file to try'],
    [['formats', 'test', 'a', 'b'], 2, 'one file at a time'],
    [['formats', 'test', 'x.json', '--format', 'wazhu'], 2, 'no known format'],
    [['formats', 'test', '/nowhere/x.json'], 1, 'there is no such file'],
    [['formats'], 2, 'formats list, formats test'],
  ] as const)('%j answers %i', async (args, expected, said) => {
    const { code, err } = await run(args);
    expect([code, err.includes(said)]).toEqual([expected, true]);
  });
});
