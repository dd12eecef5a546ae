import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAssurancePolicy } from '../../engine/assurance/policy.ts';
import { loadPolicies, loadStoragePolicy, SOURCE_POLICIES_DIR } from '../../engine/policies.ts';
import { mergePolicy, OWN_POLICIES, readPolicyJson, unreadPolicies } from '../../engine/policy-files.ts';
import { loadTriagePolicies } from '../../engine/triage/policies.ts';
import { freshSqlitePath } from '../store/databases.ts';
import { ANA, listOpen, openSetting } from './engine-setting.ts';
import { eve, NOW_MS } from './ingest/pipeline-setting.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-own-policy-'));
const cleanUps: (() => void)[] = [];
afterAll(() => {
  rmSync(root, { recursive: true });
  for (const cleanUp of cleanUps) cleanUp();
});

let made = 0;
function folderWith(files: Record<string, unknown>): string {
  made += 1;
  const own = join(root, String(made), 'policies');
  mkdirSync(own, { recursive: true });
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(own, `${name}.json`), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return own;
}

describe('policies of a workspace', () => {
  it('say only what differs, and leave the rest as it comes with the program', () => {
    const own = folderWith({
      grouping: { products: { okta: { windowMinutes: 60 } } },
      storage: { originals: { keepDays: { low: null } } },
      sla: {},
      assurance: { budgetShare: 0.1 },
      triage: { ...(readPolicyJson(join(SOURCE_POLICIES_DIR, 'triage.json')) as object) },
    });
    const { grouping, triage } = loadTriagePolicies(SOURCE_POLICIES_DIR, own);
    expect(grouping).toMatchObject({ windowMinutes: 240, stormEntities: 25 });
    expect(grouping.products).toEqual({ evenwatch: { windowMinutes: 1 }, okta: { windowMinutes: 60 } });
    expect(triage).toEqual(loadTriagePolicies(SOURCE_POLICIES_DIR).triage);
    expect(loadStoragePolicy(SOURCE_POLICIES_DIR, own).originals.keepDays).toMatchObject({ low: null, medium: 365 });
    expect(loadPolicies(SOURCE_POLICIES_DIR, own)).toEqual(loadPolicies());
    expect(loadAssurancePolicy(SOURCE_POLICIES_DIR, own)).toEqual({
      ...loadAssurancePolicy(SOURCE_POLICIES_DIR),
      budgetShare: 0.1,
    });
  });

  it.each(OWN_POLICIES)('of %s are refused with file and place, whatever is wrong', (name) => {
    const load = (own: string) => {
      loadTriagePolicies(SOURCE_POLICIES_DIR, own);
      loadPolicies(SOURCE_POLICIES_DIR, own);
      loadStoragePolicy(SOURCE_POLICIES_DIR, own);
      loadAssurancePolicy(SOURCE_POLICIES_DIR, own);
    };
    const unknown = folderWith({ [name]: { nobodyKnows: 1 } });
    expect(() => load(unknown)).toThrow(join(unknown, `${name}.json`));
    expect(() => load(unknown)).toThrow(/nobodyKnows/);
    expect(() => load(folderWith({ [name]: '{ "version": 2,' }))).toThrow(/cannot be read: .*JSON/);
    expect(() => load(folderWith({ [name]: [1] }))).toThrow(/cannot be used/);
    expect(() => load(folderWith({ [name]: { version: 'two' } }))).toThrow(/version/);
  });

  it('are none where the file guards the team, or has another name', () => {
    const own = folderWith({ retention: {}, strain: {}, 'country-eu': {}, gruoping: {}, grouping: {} });
    expect(unreadPolicies(own).toSorted()).toEqual([
      'country-eu.json',
      'gruoping.json',
      'retention.json',
      'strain.json',
    ]);
    expect(unreadPolicies(join(own, 'nowhere'))).toEqual([]);
    expect(loadPolicies(SOURCE_POLICIES_DIR, own)).toEqual(loadPolicies());
  });

  it('replace lists and single values, and take null for a value', () => {
    const base = { a: { b: [1, 2], c: 1 }, d: 'x' };
    expect(mergePolicy(base, { a: { b: [3], c: null }, e: { f: 1 } })).toEqual({
      a: { b: [3], c: null },
      d: 'x',
      e: { f: 1 },
    });
    const named = mergePolicy(base, JSON.parse('{"__proto__": {"polluted": 1}, "a": 1}'));
    expect(named).toMatchObject({ a: 1, d: 'x' });
    expect((named as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.hasOwn(named as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(base).toEqual({ a: { b: [1, 2], c: 1 }, d: 'x' });
  });

  it('hold for what comes in after a start with them', async () => {
    const lines = [0, 2].map((minutes, flow) => eve({ flow, at: NOW_MS - 3_600_000 + minutes * 60_000 }));
    const items = async (files: Record<string, unknown>) => {
      const dataDir = join(folderWith(files), '..');
      const setting = await openSetting({ kind: 'sqlite', path: freshSqlitePath(cleanUps) }, { dataDir });
      try {
        await setting.ingestEve(lines);
        return (await listOpen(setting, ANA)).items.map(({ count }) => count);
      } finally {
        await setting.close();
      }
    };
    expect(await items({})).toEqual([2]);
    expect(await items({ grouping: { products: { suricata: { windowMinutes: 1 } } } })).toEqual([1, 1]);
    await expect(items({ grouping: { products: { suricata: { entity: ['host'] } } } })).rejects.toThrow(
      /grouping\.json cannot be used[\s\S]*An entity field is one of[\s\S]*products\.suricata\.entity/,
    );
  });
});
