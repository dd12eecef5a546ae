import { expect, it } from 'vitest';
import { type PlantDeps, plantDue } from '../../../engine/assurance/plant-library.ts';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { appendMachineDecision } from '../../../engine/ledger/machine-decision.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import { loadTriagePolicies } from '../../../engine/triage/policies.ts';
import { loadPriors } from '../../../engine/triage/priors.ts';
import { loadTriageState } from '../../../engine/triage/triage-state.ts';
import { ChangeNews, makeTransact } from '../../../engine/writer.ts';
import { DEFAULT_ASSURANCE_POLICY } from '../../../shared/domain/assurance/assurance-policy.ts';
import { fixedRandom } from '../../fixtures/random.ts';
import { describeOnBothStores, quiet } from '../../store/databases.ts';
import { CYD, listOpen, RESOURCES } from '../engine-setting.ts';
import { type AssuranceSetting, address, openAssurance, RULE, RULE_ID } from './assurance-setting.ts';

const WEEK_MS = 7 * 86_400_000;

/** Does what the hourly look does, with the switch on. */
async function look(setting: AssuranceSetting, plantsItself = true): Promise<boolean> {
  const ports = {
    clock: setting.clock,
    random: fixedRandom(1),
    log: quiet,
    secrets: { get: async () => null, set: async () => {} },
  };
  const policies = loadTriagePolicies(`${RESOURCES}policies`);
  const context = { policies, sla: loadPolicies().sla, priors: loadPriors(RESOURCES), nowMs: setting.clock.atMs };
  const { state } = await setting.store.read((db) => loadTriageState(db, context));
  const deps: PlantDeps = {
    policy: { ...DEFAULT_ASSURANCE_POLICY, canary: { perFamilyPerWeek: 1, plantsItself } },
    seed: 'secret',
    triage: () => state,
    append: appendMachineDecision,
    formats: BUILT_IN,
  };
  const transact = makeTransact(setting.store, ports, new ChangeNews());
  return transact({ kind: 'system', id: 'assurance' }, (command) => plantDue(command, deps));
}

const planted = (setting: AssuranceSetting) =>
  setting.store.read((db) => db.selectFrom('canary').selectAll().orderBy('planted_at_ms').execute());

/** A past with three true positives and a rule that closes. The look at the end of a week finds everything due. */
async function withPast(target: Parameters<typeof openAssurance>[0], rule = RULE): Promise<AssuranceSetting> {
  const setting = await openAssurance(target, rule);
  await setting.closeByPerson(3, 'true_positive', 2000);
  await setting.closeByRule(4);
  await setting.tick();
  setting.clock.atMs = Math.ceil(setting.clock.atMs / WEEK_MS) * WEEK_MS - 60_000;
  return setting;
}

describeOnBothStores('planting from the past', (open) => {
  it('sends one true positive a week, made anew for what the rule closes, as any other alert', async () => {
    const setting = await withPast((await open()).target);
    expect(await look(setting, false)).toBe(false);
    expect(await planted(setting)).toEqual([]);
    expect(await look(setting)).toBe(false);
    const [canary, ...more] = await planted(setting);
    expect(more).toEqual([]);
    expect(canary).toMatchObject({ rule_id: RULE_ID, outcome: 'shown', closing_rule_id: null });
    expect(canary?.from_group_id).toBeGreaterThan(0);
    await look(setting);
    expect(await planted(setting)).toHaveLength(1);

    const { items } = await listOpen(setting, CYD);
    expect(items).toHaveLength(1);
    expect(items[0]?.title).toMatch(/^ET TEST/);
    expect(Math.abs((items[0]?.lastObservedAtMs ?? 0) - setting.clock.atMs)).toBeLessThan(3_600_000);
    const closed = await setting.store.read((db) =>
      db.selectFrom('alert_group').select('entity_value').where('closed_by', '=', RULE_ID).execute(),
    );
    expect(closed.map(({ entity_value }) => entity_value)).toContain(items[0]?.entity.value);
    // Nothing that an analyst can see says so.
    const detail = await setting.engine.handlers.queue.get(setting.as(CYD), { id: items[0]?.id ?? 0 });
    expect(JSON.stringify(detail)).not.toMatch(/plant|canary|replay/i);
    const runs = await setting.store.read((db) => db.selectFrom('ingest_run').select('origin').execute());
    expect(runs.every(({ origin }) => origin !== 'replayed')).toBe(true);

    setting.clock.atMs += WEEK_MS;
    await look(setting);
    const all = await planted(setting);
    expect(new Set(all.map(({ from_group_id }) => from_group_id)).size).toBe(2);
    await setting.close();
  });

  it('stops a rule that would close it, and people get it instead', async () => {
    // Whatever is said of these hosts: what it closes there may as well be an attack on them.
    const hosts = [0, 1, 2, 3].map(address).join(', ');
    const wide = RULE.replace('rule.name|startswith: "ET NOISE"', `source.ip: [${hosts}]`);
    const setting = await withPast((await open()).target, wide);
    expect(await look(setting)).toBe(true);
    expect(await planted(setting)).toMatchObject([{ outcome: 'closed', closing_rule_id: RULE_ID }]);
    expect((await setting.board()).rules[0]).toMatchObject({ state: 'suspended', suspension: { cause: 'canary' } });
    const { items } = await listOpen(setting, CYD);
    expect(items.map(({ title }) => title)).toEqual([expect.stringMatching(/^ET TEST/)]);
    await setting.close();
  });

  it('puts no name of a host where an address belongs', async () => {
    const setting = await withPast((await open()).target);
    const about = (entity_kind: string) =>
      setting.store.write(async (tx) => {
        await tx.updateTable('alert_group').set({ entity_kind }).where('disposition', '=', 'true_positive').execute();
      });
    await about('host');
    await look(setting);
    expect(await planted(setting)).toEqual([]);
    await about('ip');
    await look(setting);
    expect(await planted(setting)).toHaveLength(1);
    await setting.close();
  });

  it('plants nothing where no true positive is known, and before its hour of the week', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(4);
    await setting.tick();
    setting.clock.atMs = Math.ceil(setting.clock.atMs / WEEK_MS) * WEEK_MS - 60_000;
    expect(await look(setting)).toBe(false);
    expect(await planted(setting)).toEqual([]);
    await setting.close();
    const early = await withPast((await open()).target);
    early.clock.atMs = Math.ceil(early.clock.atMs / WEEK_MS) * WEEK_MS + 1_000;
    await look(early);
    expect(await planted(early)).toEqual([]);
    await early.close();
  });
});
