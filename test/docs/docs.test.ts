import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EVENWATCH } from '../../engine/bin/called-by-npm.ts';
import { runCommandLine } from '../../engine/bin/run-command-line.ts';
import type { Terminal } from '../../engine/bin/terminal.ts';
import { FORMATS } from '../../engine/ingest/formats/index.ts';
import { checkRuleFiles } from '../../engine/triage/check-rules.ts';
import { readAssets, readIdentities, readLookup } from '../../engine/triage/lists-csv.ts';
import { loadTriagePolicies } from '../../engine/triage/policies.ts';
import { readPeople, readRota } from '../../engine/workload/roster-import.ts';
import { KEY_ACTIONS } from '../../renderer/keys/key-map.ts';
import { SHOTS } from '../../scripts/screenshot-list.ts';

/** What documents promise, held against what there is: links, commands, options, keys, pictures and examples. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['docs', 'engine', 'resources', 'shared', 'renderer', 'electron', 'test'];

interface Document {
  path: string;
  text: string;
}

const DOCUMENTS: readonly Document[] = [
  ...readdirSync(ROOT),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, String(name))),
  ),
]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
const GUIDE = DOCUMENTS.filter(({ path }) => /^(README\.md|docs\/(guide\/|command-line))/.test(path));

function textOf(path: string): string {
  const found = DOCUMENTS.find((document) => document.path === path);
  if (found === undefined) throw new Error(`There is no ${path}`);
  return found.text;
}

/** The anchor that GitHub and others give a heading. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the documents were found', () => {
  expect(DOCUMENTS.length).toBeGreaterThan(20);
  expect(GUIDE.length).toBeGreaterThan(10);
});

describe.each(DOCUMENTS.map((document) => [document.path, document] as const))('%s', (_name, { path, text }) => {
  test('has no link that leads nowhere', () => {
    const targets = [
      ...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
      ...[...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, target = '']) => target),
    ].filter((target) => !/^[a-z]+:/.test(target));
    const broken = targets.filter((target) => {
      const [file = '', anchor] = target.split('#', 2);
      const absolute = file === '' ? join(ROOT, path) : join(ROOT, dirname(path), file);
      const isInside = !relative(ROOT, absolute).startsWith('..');
      if (!isInside || !existsSync(absolute)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(absolute, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names no place outside the project', () => {
    const outside = /(^|[\s"'`(])(?:\/(?:work|tmp|root|home)\/|\.\.\/shared\/|[A-Z]:\\)/gm;
    expect([...text.matchAll(outside)].map(([found]) => found)).toEqual([]);
  });
});

/** Runs the command line as a person would, without a process. */
async function say(...argv: string[]): Promise<{ out: string; code: number }> {
  let out = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      out += text;
    },
    isWatched: false,
    columns: null,
  };
  const code = await runCommandLine(argv, terminal, Readable.from([]));
  return { out, code };
}

async function commandNames(): Promise<string[]> {
  const { out, code } = await say('help');
  if (code !== 0) throw new Error(out);
  const names = [...out.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?)(?= |$)/gm)].map(([, name = '']) => name);
  return names.filter((name) => !name.startsWith('-'));
}

describe('commands', () => {
  test('every one that a document names is one', async () => {
    const names = await commandNames();
    expect(names.length).toBeGreaterThan(8);
    const called = GUIDE.flatMap(({ path, text }) =>
      [...text.replaceAll(EVENWATCH, 'evenwatch').matchAll(/(?:^|`|\| )evenwatch ([a-z]+)(?: ([a-z-]+))?/gm)].map(
        ([, first = '', second = '']) => ({ path, first, second }),
      ),
    );
    expect(called.length).toBeGreaterThan(20);
    const unknown = called.filter(
      ({ first, second }) => first !== 'help' && !names.includes(`${first} ${second}`) && !names.includes(first),
    );
    expect(unknown).toEqual([]);
  });

  test('every command and each of its options stands on the page of the command line', async () => {
    const page = textOf('docs/command-line.md');
    for (const name of await commandNames()) {
      expect(page, name).toContain(`evenwatch ${name}`);
      const { out, code } = await say('help', ...name.split(' '));
      expect(code).toBe(0);
      for (const [, option = ''] of out.matchAll(/^ {2}(--[a-z-]+)/gm)) {
        expect(page, `${name} ${option}`).toMatch(new RegExp(`${option}(?![a-z-])`));
      }
    }
  });

  test('every option that a document gives a command exists', async () => {
    const helps = await Promise.all((await commandNames()).map((name) => say('help', ...name.split(' '))));
    const known = new Set(helps.flatMap(({ out }) => [...out.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option)));
    for (const option of ['--no-open', '--port', '--prefix']) known.add(option);
    const named = GUIDE.flatMap(({ text }) =>
      [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option),
    );
    expect(named.filter((option) => !known.has(option))).toEqual([]);
  });

  test('every npm script that a document names is in the package', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const named = DOCUMENTS.flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name),
    );
    expect(named.filter((name) => !Object.keys(scripts).includes(name ?? ''))).toEqual([]);
  });
});

test('every key is in the table of the guide', () => {
  const [, table = ''] = textOf('docs/guide/queue.md').split('## All keys');
  const shown = new Set([...table.matchAll(/`([^`]+)`/g)].map(([, key]) => key));
  const WORDS: Record<string, string> = { ' ': 'Space', ArrowDown: '↓', ArrowUp: '↑' };
  const missing = Object.values(KEY_ACTIONS)
    .flatMap((action) => action.keys)
    .filter((chord) => !/^Shift\+(?:J|K|Arrow)/.test(chord))
    .map(
      (chord) => WORDS[chord] ?? chord.replace(/Ctrl\+(.)/, (_all, letter: string) => `Ctrl+${letter.toUpperCase()}`),
    )
    .flatMap((chord) => (chord.startsWith('g ') ? ['g', chord.slice(2)] : [chord]))
    .filter((chord) => !shown.has(chord));
  expect(missing).toEqual([]);
});

test('every format is on the page of formats', () => {
  const page = textOf('docs/formats.md');
  expect(FORMATS.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('every picture is one that the script takes, and is there in light and dark', () => {
  const wanted = SHOTS.flatMap(({ name }) => [`${name}-dark.png`, `${name}-light.png`]);
  const there = readdirSync(join(ROOT, 'docs', 'screenshots'));
  expect(there.toSorted()).toEqual(wanted.toSorted());
});

/** Blocks such as ```csv assets, by their second word. */
function blocks(path: string, language: string): Map<string, string> {
  const found = [...textOf(path).matchAll(new RegExp(`^\`\`\`${language} ?(\\w*)\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  return new Map(found.map(([, name = '', body = '']) => [name, body]));
}

describe('examples', () => {
  const csv = blocks('docs/guide/lists.md', 'csv');
  const example = (name: string) => csv.get(name) ?? '';

  test('every list of the guide can be imported as it stands', () => {
    const people = readPeople(example('people'));
    const rota = readRota(example('roster'), people.values);
    const read = [
      readAssets(example('assets')),
      readIdentities(example('identities')),
      readLookup(example('lookup')),
      { rows: people.values, problems: people.problems },
      { rows: rota.values, problems: rota.problems },
    ];
    expect(read.map(({ rows, problems }) => ({ rows: rows.length, problems }))).toEqual(
      [4, 3, 2, 3, 4].map((rows) => ({ rows, problems: [] })),
    );
    expect(people.values.some(({ roles }) => roles.includes('admin'))).toBe(true);
  });

  test('the rule of the guide passes the check with its examples', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenwatch-docs-'));
    const path = join(folder, 'rule.yml');
    writeFileSync(path, blocks('docs/guide/automation.md', 'yaml').get('') ?? '');
    const { triage } = loadTriagePolicies(join(ROOT, 'resources', 'policies'));
    const nowMs = Date.parse('2026-12-01T00:00:00Z');
    const check = checkRuleFiles([path], { policy: triage, lists: new Map(), nowMs });
    rmSync(folder, { recursive: true });
    expect(check.problems).toEqual([]);
    expect(check.rules.map(({ tests, passed }) => ({ tests, passed }))).toEqual([{ tests: 2, passed: 2 }]);
  });
});
