import { expect, it } from 'vitest';
import { BUILT_IN } from '../../../../engine/ingest/formats/index.ts';
import { catalogueOfMappings } from '../../../../engine/ingest/mapping/mapping-catalogue.ts';
import { createIngest } from '../../../../engine/ingest/pipeline.ts';
import { backtestById } from '../../../../engine/store/rule-life.ts';
import { makeHeavyReads } from '../../../../engine/triage/history/heavy-reads.ts';
import type { Disposition } from '../../../../shared/model/vocabulary.ts';
import { describeOnBothStores, quiet } from '../../../store/databases.ts';
import { ANA, itemsOf, listOpen, openSetting, RESOURCES, type Setting, statementOf } from '../../engine-setting.ts';
import { batchesOf, eve, recordOf, testTriage } from '../../ingest/pipeline-setting.ts';

const DAY_MS = 86_400_000;
const RULE_ID = '7d8f4a1e-0c3b-4d8a-9a55-0e8f0a4f7c11';

const rule = (detection: string, actions = '  - close: benign_true_positive', id = RULE_ID) => `title: Scanner noise
id: ${id}
rationale: The scanner runs nightly.
owner: detection-lead
status: draft
expires: 2026-06-30
detection:
${detection}
actions:
${actions}
`;
const SCAN = rule('  scan:\n    rule.name|startswith: ET SCAN\n  condition: scan');

/** Three weeks: a scanner on two hosts, one of which was an intruder, and other things. */
async function withHistory(setting: Setting): Promise<void> {
  const at = (day: number) => setting.clock.atMs - day * DAY_MS;
  const scan = (flow: number, day: number, source: string) =>
    eve({ flow, at: at(day), signature: 'ET SCAN Nmap', priority: 3, source });
  await setting.ingestEve([
    scan(1, 15, '10.1.0.5'),
    scan(2, 15, '10.1.0.5'),
    scan(3, 8, '10.1.0.6'),
    scan(4, 1, '10.1.0.7'),
    eve({ flow: 5, at: at(1), signature: 'ET POLICY Something else', priority: 2, source: '10.1.0.8' }),
    eve({ flow: 6, at: at(1), signature: 'ET SCAN with a high severity', priority: 1, source: '10.1.0.9' }),
  ]);
}

async function dispose(setting: Setting, entity: string, disposition: Disposition): Promise<number> {
  const page = await listOpen(setting, ANA);
  const item = page.items.find((each) => each.entity.value === entity);
  if (item === undefined) throw new Error(`There is no item about ${entity}`);
  await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
    statement: statementOf('group.dispose', [item.id]),
    selection: itemsOf(item),
    disposition,
    reason: 'Looked at it.',
  });
  return item.id;
}

function readsOf(setting: Setting) {
  const { store, clock } = setting;
  return makeHeavyReads({ store, clock, log: quiet, resourcesDir: RESOURCES, formats: BUILT_IN });
}

const never = new AbortController().signal;

describeOnBothStores('a backtest', (open) => {
  it('says what a rule would have closed, what guards held, and each true positive among it', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await withHistory(setting);
    const bad = await dispose(setting, '10.1.0.7', 'true_positive');
    await dispose(setting, '10.1.0.5', 'false_positive');
    const shares: number[] = [];
    const { report, hits } = await readsOf(setting).backtest(SCAN, (share) => shares.push(share), never);
    expect(report).toMatchObject({
      alerts: 6,
      matchedAlerts: 5,
      wouldCloseAlerts: 4,
      wouldCloseGroups: 3,
      notDecided: 1,
      withheld: [{ guard: expect.stringContaining('unknown asset'), groups: 1 }],
      unknown: [],
      overlap: [],
      blocks: [],
    });
    expect(report.dispositions.toSorted((a, b) => (a.disposition < b.disposition ? -1 : 1))).toEqual([
      { disposition: 'false_positive', groups: 1 },
      { disposition: 'true_positive', groups: 1 },
    ]);
    expect(report.minutesSaved).toBeGreaterThan(0);
    expect(report.weeks.map(({ alerts, wouldCloseGroups }) => [alerts, wouldCloseGroups])).toEqual([
      [2, 1],
      [1, 1],
      [3, 1],
    ]);
    expect(hits).toMatchObject([{ groupId: bad, matched: [{ field: 'rule.name', value: 'ET SCAN Nmap' }] }]);
    expect(shares.at(-1)).toBe(1);
    await setting.close();
  });

  it('says the same of a rule that bytes can rule out and of its twin that needs every record parsed', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await withHistory(setting);
    await dispose(setting, '10.1.0.7', 'true_positive');
    const asked = [
      '  scan:\n    rule.name|contains: Nmap',
      '  scan:\n    source.ip|cidr: 10.1.0.6/31',
      '  scan:\n    - Something else\n    - Nmap',
      '  scan:\n    rule.name: ET nothing of the kind',
    ];
    for (const lines of asked) {
      const reads = readsOf(setting);
      const ruled = await reads.backtest(rule(`${lines}\n  condition: scan`), () => {}, never);
      const twin = '  never:\n    event.severity|lt: -1';
      const parsed = await reads.backtest(rule(`${lines}\n${twin}\n  condition: scan or never`), () => {}, never);
      expect({ ...ruled.report, elapsedMs: 0 }).toEqual({ ...parsed.report, elapsedMs: 0 });
      expect(ruled.hits).toEqual(parsed.hits);
    }
    await setting.close();
  });

  it('asks by the rule and the product that a changed mapping reads now, as a preview does', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const { store, clock } = setting;
    const mapping = (from: string) => `name: acme
label: Acme IDS
recognise: { has: acme.id }
product: { const: acme-${from} }
id: acme.id
fields:
  time: at
  title: acme.name
  severity: { const: low }
  ruleId: acme.${from}
`;
    const [before, after] = [mapping('old'), mapping('new')];
    const by = catalogueOfMappings({ inForce: [before], earlier: [] });
    const ingest = createIngest({
      store,
      ports: { clock, log: quiet },
      triage: () => testTriage(),
      append: async () => {},
      formats: by,
    });
    const at = new Date(clock.atMs).toISOString();
    const record = recordOf({ acme: { id: 'a1', name: 'Scan', old: 'r-1', new: 'r-2' }, at });
    const options = { origin: 'acme.json', format: 'auto', isHistory: false };
    expect(await ingest.ingest(batchesOf([record]), options)).toMatchObject({ stored: 1 });
    const formats = catalogueOfMappings({ inForce: [after], earlier: [before] });
    const reads = makeHeavyReads({ store, clock, log: quiet, resourcesDir: RESOURCES, formats });
    for (const asked of ['rule.id: r-2', 'event.provider: acme-new']) {
      const text = rule(`  scan:\n    ${asked}\n  condition: scan`);
      const { report } = await reads.backtest(text, () => {}, never);
      expect([asked, report.matchedAlerts]).toEqual([asked, 1]);
      expect([asked, (await reads.preview(text))?.matched]).toEqual([asked, 1]);
    }
    await setting.close();
  });

  it('counts what nobody knows and closes none of it', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await withHistory(setting);
    const unknown = rule(
      '  scan:\n    rule.name|startswith: ET SCAN\n  jewel:\n    host.criticality: crown_jewel\n  condition: scan and not jewel',
    );
    const { report } = await readsOf(setting).backtest(unknown, () => {}, never);
    expect(report).toMatchObject({
      matchedAlerts: 0,
      wouldCloseAlerts: 0,
      unknown: [{ field: 'host.criticality', alerts: 5 }],
    });
    await setting.close();
  });

  it('refuses a rule that would close most of history, and one that says the contrary of a rule in force', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const lines = Array.from({ length: 600 }, (_, flow) =>
      eve({ flow, signature: flow < 400 ? 'ET SCAN Nmap' : 'ET OTHER', priority: 3, source: '10.1.0.5' }),
    );
    await setting.ingestEve(lines);
    const { report } = await readsOf(setting).backtest(SCAN, () => {}, never);
    expect(report.blocks).toEqual(['It would have closed 67 % of 600 alerts; at most 25 % is allowed. Narrow it.']);

    const { rules } = setting.engine.handlers;
    const other = rule(
      '  other:\n    rule.name|startswith: ET OTHER\n  condition: other',
      '  - priority: up',
      '11111111-1111-4111-8111-111111111111',
    );
    const saved = await rules.save(setting.as(ANA), {
      statement: statementOf('rule.save'),
      id: null,
      basedOn: null,
      document: other,
    });
    const version = { id: saved.id, version: 1, reason: 'To see it' };
    await rules.setStatus(setting.as(ANA), { statement: statementOf('rule.status'), ...version, to: 'shadow' });
    const ours = rule('  other:\n    rule.id|startswith: "1:"\n    rule.name: ET OTHER\n  condition: other');
    const against = await readsOf(setting).backtest(ours, () => {}, never);
    expect(against.report.overlap).toMatchObject([{ ruleId: saved.id, contradicts: true }]);
    expect(against.report.blocks.some((block) => block.includes('says the contrary'))).toBe(true);
    await setting.close();
  });

  it('runs when it is asked for, can be read, cancelled, and begun anew by the next process', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await withHistory(setting);
    const { rules } = setting.engine.handlers;
    const saved = await rules.save(setting.as(ANA), {
      statement: statementOf('rule.save'),
      id: null,
      basedOn: null,
      document: SCAN,
    });
    const version = { id: saved.id, version: 1 };
    const ask = () => rules.backtest(setting.as(ANA), { statement: statementOf('rule.backtest'), ...version });
    const { backtestId } = await ask();
    await expect.poll(async () => (await rules.backtestOf(setting.as(ANA), { backtestId })).state).toBe('done');
    expect(await rules.newestBacktest(setting.as(ANA), version)).toMatchObject({ progress: 1, report: { alerts: 6 } });

    const second = await ask();
    await rules.cancelBacktest(setting.as(ANA), {
      statement: statementOf('rule.backtest'),
      backtestId: second.backtestId,
    });
    const { state } = await rules.backtestOf(setting.as(ANA), { backtestId: second.backtestId });
    expect(['cancelled', 'done']).toContain(state);
    await setting.close();
    // What was cut off is still asked for.
    const again = await openSetting(target);
    await again.store.write((tx) =>
      tx.updateTable('backtest').set({ state: 'running' }).where('id', '=', backtestId).execute(),
    );
    await again.close();
    const third = await openSetting(target, { tickEveryMs: 3_600_000 });
    await expect.poll(async () => (await third.store.read((db) => backtestById(db, backtestId)))?.state).toBe('done');
    await third.close();
  });
});

describeOnBothStores('a preview', (open) => {
  it('counts each alert once when several are asked for at once, and after one that failed', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await withHistory(setting);
    const { store, clock } = setting;
    let isBroken = false;
    const read: typeof store.read = async (work) => {
      const answer = await store.read(work);
      if (isBroken) throw new Error('the connection was lost');
      return answer;
    };
    const reads = makeHeavyReads({ store: { read }, clock, log: quiet, resourcesDir: RESOURCES, formats: BUILT_IN });
    const found = { alerts: 6, matched: 5 };
    expect(await Promise.all([reads.preview(SCAN), reads.preview(SCAN)])).toMatchObject([found, found]);
    await setting.ingestEve([eve({ flow: 78, signature: 'ET SCAN once more', priority: 3, source: '10.1.0.11' })]);
    isBroken = true;
    await expect(Promise.all([reads.preview(SCAN), reads.preview(SCAN)])).rejects.toThrow('lost');
    isBroken = false;
    expect(await reads.preview(SCAN)).toMatchObject({ alerts: 7, matched: 6 });
    await setting.close();
  });

  it('says what a text would do on the newest alerts, with what came since the last one', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await withHistory(setting);
    const reads = readsOf(setting);
    expect(await reads.preview('title: [')).toBeNull();
    expect(await reads.preview(SCAN)).toMatchObject({
      alerts: 6,
      matched: 5,
      wouldClose: 4,
      withheld: 1,
      truePositives: 0,
    });
    await dispose(setting, '10.1.0.7', 'true_positive');
    await setting.ingestEve([eve({ flow: 77, signature: 'ET SCAN once more', priority: 3, source: '10.1.0.10' })]);
    const preview = await reads.preview(SCAN);
    expect(preview).toMatchObject({ alerts: 7, matched: 6, wouldClose: 5, truePositives: 1 });
    expect(preview?.samples[0]).toMatchObject({ disposition: 'true_positive' });
    expect(await reads.preview(SCAN.replace('startswith: ET SCAN', 'startswith: ET POLICY'))).toMatchObject({
      matched: 1,
    });
    await setting.close();
  });
});
