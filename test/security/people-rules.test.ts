import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resolveFilter } from '../../engine/routing/resolve-filter.ts';
import { openStore } from '../../engine/store/open.ts';
import type { ProcedureMeta } from '../../shared/contract/base.ts';
import { contract } from '../../shared/contract/index.ts';
import { queueFilterSchema } from '../../shared/model/queue.ts';
import { freshSqlitePath, quiet, stillClock } from '../store/databases.ts';

/**
 * What the product promises about people, as tests: the inputs that it may use, that nothing about a person is a
 * number, that nobody can ask for somebody by time, and what its screens may not say.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Procedure {
  name: string;
  kind: ProcedureMeta['kind'];
  /** Names of all fields of the input, those of objects inside too. */
  fields: string[];
}

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own =
    'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

function procedures(): Procedure[] {
  return Object.entries(contract).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, procedure]) => {
      const { meta, inputSchema } = procedure['~orpc'];
      const json =
        inputSchema === undefined ? {} : z.toJSONSchema(inputSchema as z.ZodType, { unrepresentable: 'any' });
      return { name: `${noun}.${verb}`, kind: (meta as ProcedureMeta).kind, fields: fieldsOf(json) };
    }),
  );
}

const PERSON = /person|assignee|actor|author|viewer|analyst|owner|user/i;
const TIME = /atms$|ms$|since|until|from|day|date|hour|week/i;

describe('what can be asked', () => {
  const all = procedures();

  test('the contract was read', () => {
    expect(all.length).toBeGreaterThan(40);
    expect(all.find((each) => each.name === 'team.rota')?.fields).toEqual(['fromMs', 'toMs']);
  });

  test('no query takes a person and a time', () => {
    const both = all.filter(
      (each) =>
        each.kind === 'query' &&
        each.fields.some((field) => PERSON.test(field)) &&
        each.fields.some((field) => TIME.test(field)),
    );
    expect(both.map((each) => each.name)).toEqual([]);
  });

  test('nothing about people can be sorted, filtered or exported', () => {
    const ofPeople = all.filter((each) => /^(team|myWatch)\./.test(each.name));
    const fields = ofPeople.filter((each) => each.kind === 'query').flatMap((each) => each.fields);
    expect(fields.toSorted()).toEqual(['fromMs', 'toMs']);
    expect(all.map((each) => each.name).filter((name) => /export|top|bottom|rank|leaderboard/i.test(name))).toEqual([]);
  });

  test.each([
    ['zoe', 'open', true],
    ['zoe', 'closed', false],
    ['zoe', 'all', false],
    ['me', 'closed', true],
    ['ana', 'closed', true],
    ['none', 'all', true],
  ] as const)('ana may list what %s has, %s: %s', async (assignee, state, isAllowed) => {
    const cleanUps: (() => void)[] = [];
    const path = freshSqlitePath(cleanUps);
    const store = await openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });
    const filter = queueFilterSchema.parse({ assignee, state });
    const asked = store.read((db) => resolveFilter(db, filter, 'ana', async () => []));
    if (isAllowed) await expect(asked).resolves.toMatchObject({ state });
    else await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
    await store.close();
    for (const cleanUp of cleanUps) cleanUp();
  });

  test('one’s own watch takes no person, whatever is asked or decided there', () => {
    const own = all.filter((each) => each.name.startsWith('myWatch.'));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((each) => each.fields.some((field) => PERSON.test(field)))).toEqual([]);
    for (const each of own.filter(({ kind }) => kind === 'query')) expect(each.fields, each.name).toEqual([]);
  });
});

/** Every number that stands beside a person in the database, and why it is no measure of them. */
const NUMBERS_BESIDE_PEOPLE: Record<string, string[]> = {
  person: ['is_active', 'item_limit', 'roster_order'],
  duty: ['ends_at_ms', 'id', 'starts_at_ms'],
  strain_band: ['since_ms'],
  band_access: ['at_ms', 'id'],
  own_remark: ['answered_at_ms', 'at_ms', 'duty_ends_at_ms', 'duty_starts_at_ms', 'id'],
  indicator_pause: ['since_ms'],
};

describe('what is stored', () => {
  test('no table has a number for a person, and handling times have no person', async () => {
    const cleanUps: (() => void)[] = [];
    const path = freshSqlitePath(cleanUps);
    const store = await openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });
    await store.close();
    const db = new Database(path, { readonly: true });
    const tables = db.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[];
    const numbers: Record<string, string[]> = {};
    for (const table of tables) {
      const columns = db.prepare(`select name, type from pragma_table_info('${table}')`).all() as {
        name: string;
        type: string;
      }[];
      const names = columns.map((column) => column.name);
      expect(names.filter((name) => /burnout|idle|keystroke|productiv|performance/i.test(name))).toEqual([]);
      if (table === 'handling_sample') expect(names.toSorted()).toEqual(['class', 'day', 'id', 'minutes']);
      if (table !== 'person' && !names.includes('person_id')) continue;
      numbers[table] = columns
        .filter((column) => /int|real/i.test(column.type))
        .map((column) => column.name)
        .toSorted();
    }
    db.close();
    for (const cleanUp of cleanUps) cleanUp();
    expect(numbers).toEqual(NUMBERS_BESIDE_PEOPLE);
  });
});

function sources(folder: string): { path: string; text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
}

function linesWith(folders: readonly string[], pattern: RegExp): string[] {
  return folders
    .flatMap(sources)
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line) => (pattern.test(line) ? [`${path}: ${line.trim()}`] : [])),
    );
}

describe('what is read', () => {
  test('the sources were found', () => {
    expect(linesWith(['engine', 'shared', 'renderer', 'electron'], /^import /).length).toBeGreaterThan(200);
  });

  test('no keystrokes, idle or lock state, pointer, camera or microphone', () => {
    const inputs =
      /powerMonitor|IdleDetector|getSystemIdle|keylog|keystroke|mousemove|getUserMedia|mediaDevices|lock-screen/i;
    expect(linesWith(['engine', 'shared', 'renderer', 'electron'], inputs)).toEqual([]);
  });

  test('the sample opens no gate: nobody sees bands of its made-up people', () => {
    expect(linesWith(['engine/sample'], /recordGate|writeGate|gate\.record|strain\.gate/)).toEqual([]);
  });

  test('load, rest and routing know no outcome of anybody’s work and no time that they took', () => {
    const outcome = /disposition|accuracy|falsePositive|false_positive|closedBy|closed_by|tookMs|durationOf/i;
    const folders = ['strain', 'routing', 'capacity', 'roster'].map((folder) => `shared/domain/${folder}`);
    expect(linesWith(folders, outcome)).toEqual([]);
  });
});

describe('what is said', () => {
  const folders = [
    'renderer/features/team',
    'renderer/features/my-watch',
    'engine/workload',
    'shared/domain/strain',
    'shared/domain/roster',
  ];

  test('nobody is a score, a rank or a risk', () => {
    const words =
      /burnout risk|\brisk of burnout|people at risk|person at risk|is at risk|\bscores?\b|\brank(ed|ing|s)?\b|leaderboard|top performer|productivity/i;
    expect(linesWith(folders, words)).toEqual([]);
  });

  test('burnout is named only to say that it is not measured', () => {
    const lines = linesWith(folders, /burnout/i);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toContain('Not a medical or burnout measurement');
  });
});
