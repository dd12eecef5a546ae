import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newLine } from '../../../engine/assurance/assured-rules.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import { replaceAssets, replaceIdentities, replaceLookup } from '../../../engine/store/entity-lists.ts';
import { countRules } from '../../../engine/store/ingest-rows.ts';
import { setMeta } from '../../../engine/store/meta.ts';
import { saveRuleAssurance } from '../../../engine/store/rule-assurance.ts';
import { setRuleStatus } from '../../../engine/store/rule-life.ts';
import { currentRuleVersions, versionsOfRule } from '../../../engine/store/rule-versions.ts';
import { loadTriagePolicies } from '../../../engine/triage/policies.ts';
import { loadPriors } from '../../../engine/triage/priors.ts';
import { loadStoredRules, storeRules } from '../../../engine/triage/store-rules.ts';
import { AUTOMATION_PAUSED, loadTriageState } from '../../../engine/triage/triage-state.ts';
import { parseRule } from '../../../shared/domain/rules/parse-rule.ts';
import type { RuleDocument } from '../../../shared/domain/rules/rule-document.ts';
import { DEFAULT_TRIAGE_POLICY } from '../../../shared/domain/triage/triage-policy.ts';
import { ruleText, subjectWith } from '../../fixtures/rule-subjects.ts';
import { describeOnBothStores } from '../../store/databases.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const RESOURCES = fileURLToPath(new URL('../../../resources/', import.meta.url));
const CERTIFIED = 'status: certified\napprovedBy: second\nexpires: 2027-02-28\nactions:\n  - close: false_positive\n';

function document(value = '1:2000001', rest = CERTIFIED): RuleDocument {
  const { rule, problems } = parseRule(ruleText(`  s:\n    rule.id: "${value}"\n  condition: s\n`, rest));
  if (rule === null) throw new Error(JSON.stringify(problems));
  return rule;
}

const options = { policy: DEFAULT_TRIAGE_POLICY, nowMs: NOW_MS, replaceAll: false };
const ID = document().id;

describeOnBothStores('rules in the store', (open) => {
  test('a changed text is a new version, an old text comes back as what it was, nothing is overwritten', async () => {
    const { store } = await open();
    const load = (...rules: RuleDocument[]) => store.write((tx) => storeRules(tx, rules, options));
    expect(await load(document('a'))).toMatchObject({ added: [ID], unchanged: [] });
    expect(await load(document('a'))).toMatchObject({ added: [], unchanged: [ID] });
    expect(await load(document('b'))).toMatchObject({ added: [ID] });
    expect(await load(document('a'))).toMatchObject({ added: [ID] });
    const versions = await store.read((db) => versionsOfRule(db, ID));
    expect(versions.map((row) => [row.version, row.is_current])).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });

  test('a rule without an expiry is refused, and what was in force stays', async () => {
    const { store } = await open();
    await store.write((tx) => storeRules(tx, [document('a')], options));
    const endless = document('b', 'status: shadow\nactions:\n  - close: false_positive\n');
    const load = await store.write((tx) => storeRules(tx, [endless], { ...options, replaceAll: true }));
    expect(load.refused).toMatchObject([{ ruleId: ID }]);
    expect(load.removed).toEqual([]);
    expect(await store.read((db) => currentRuleVersions(db))).toMatchObject([{ version: 1 }]);
  });

  test('a rule that is offered no longer goes out of force and is kept', async () => {
    const { store } = await open();
    await store.write((tx) => storeRules(tx, [document('a')], options));
    const load = await store.write((tx) => storeRules(tx, [], { ...options, replaceAll: true }));
    expect(load.removed).toEqual([ID]);
    expect((await store.read((db) => loadStoredRules(db))).documents).toEqual([]);
    expect(await store.read((db) => versionsOfRule(db, ID))).toHaveLength(1);
  });

  test('a file that says certified begins on trial, and only its own audits make it certified', async () => {
    const { store } = await open();
    const load = (value: string) => store.write((tx) => storeRules(tx, [document(value)], options));
    const status = async () => (await store.read((db) => currentRuleVersions(db)))[0];
    await load('a');
    expect(await status()).toMatchObject({
      version: 1,
      status: 'provisional',
      status_reason: expect.stringContaining('without audits'),
    });
    expect((await store.read((db) => loadStoredRules(db))).documents).toMatchObject([{ status: 'provisional' }]);
    // Its bound holds: reading the same file again takes nothing away.
    await store.write(async (tx) => {
      await setRuleStatus(tx, ID, 1, { status: 'certified', reason: 'Its bound holds.' }, NOW_MS);
      await saveRuleAssurance(tx, { ...newLine(ID, 1, NOW_MS), state: 'certified', bound: 0.001 });
    });
    await load('a');
    expect(await status()).toMatchObject({ version: 1, status: 'certified' });
    // Another text, and then the first one again: what was shown was of another time.
    await load('b');
    expect(await status()).toMatchObject({ version: 2, status: 'provisional' });
    await store.write((tx) => saveRuleAssurance(tx, newLine(ID, 2, NOW_MS)));
    await load('a');
    expect(await status()).toMatchObject({ version: 1, status: 'provisional' });
  });

  test('state takes rules, lists, the pause and the count of today from the store', async () => {
    const { store } = await open();
    const policies = loadTriagePolicies(`${RESOURCES}policies`);
    const context = { policies, sla: loadPolicies().sla, priors: loadPriors(RESOURCES), nowMs: NOW_MS };
    const load = () => store.read((db) => loadTriageState(db, context));
    await store.write(async (tx) => {
      const provisional = document('1:2000001', CERTIFIED.replace('certified', 'provisional'));
      const listed = parseRule(
        ruleText("  s:\n    source.ip|expand: '%scanners%'\n  condition: s\n").replace('4333', '4334'),
      ).rule;
      await storeRules(tx, [provisional, ...(listed === null ? [] : [listed])], options);
      await replaceAssets(tx, [
        { key: 'web-1', kind: 'host', criticality: 'high', internetFacing: true, owner: null, note: null },
        { key: '10.0.0.0/8', kind: 'cidr', criticality: null, internetFacing: false, owner: 'Net', note: null },
      ]);
      await replaceIdentities(tx, [{ key: 'root', tier0: true, criticality: null, owner: null, note: null }]);
    });
    const first = await load();
    expect(first.problems).toMatchObject([{ message: expect.stringContaining('%scanners%') }]);
    const alert = subjectWith({ hosts: ['web-1'], users: ['CORP\\root'] }).alert;
    expect(first.state.enrich(alert)).toMatchObject({
      hostCriticality: 'high',
      hostInternetFacing: true,
      userTier0: true,
    });
    expect(first.state.decide(subjectWith(), NOW_MS).close).not.toBeNull();

    await store.write((tx) => replaceLookup(tx, 'scanners', [{ key: '192.0.2.10', value: '' }]));
    expect((await load()).problems).toEqual([]);
    const tally = { ruleId: ID, ruleVersion: 1, hits: 200, closed: 199, wouldClose: 0, withheld: 0 };
    await store.write((tx) => countRules(tx, [tally], NOW_MS));
    const { state } = await load();
    expect(state.decide(subjectWith(), NOW_MS).close).not.toBeNull();
    expect(state.decide(subjectWith(), NOW_MS).close).toBeNull();
    // The next day has a count of its own; a clock that goes back does not give this one back.
    expect(state.decide(subjectWith(), NOW_MS + 86_400_000).close).not.toBeNull();
    expect(state.decide(subjectWith(), NOW_MS).close).not.toBeNull();

    await store.write((tx) => setMeta(tx, AUTOMATION_PAUSED, 'ana'));
    const paused = (await load()).state.decide(subjectWith(), NOW_MS);
    expect(paused).toMatchObject({ close: null, hits: [{ mode: 'shadow' }] });
  });
});

test('techniques of the table have a factor within one doubling, sub-techniques fall back to theirs', () => {
  const priors = loadPriors(RESOURCES);
  const factors = [...priors.techniqueFactors.values()];
  expect(factors.length).toBeGreaterThan(400);
  expect(Math.min(...factors)).toBe(0.5);
  expect(Math.max(...factors)).toBe(2);
  expect(priors.techniqueNames.get('T1566.001')).toBe('Spearphishing Attachment');
  expect(priors.techniqueNames.get('AML.T0051')).toBe('LLM Prompt Injection');
  expect(priors.knownExploited.get('CVE-2021-44228')?.ransomware).toBe(true);
});
