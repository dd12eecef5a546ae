import { expect, it } from 'vitest';
import { createIngest } from '../../../engine/ingest/pipeline.ts';
import type { MachineDecision, TriageState } from '../../../engine/ingest/pipeline-input.ts';
import { appendMachineDecision } from '../../../engine/ledger/machine-decision.ts';
import { recount } from '../../../engine/store/counts.ts';
import type { Store } from '../../../engine/store/store.ts';
import type { TriageOutcome } from '../../../shared/domain/triage/triage-outcome.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import { describeOnBothStores, quiet, stillClock } from '../../store/databases.ts';
import { batchesOf, closeScanner, eve, NOW_MS, recordOf, settingOn, testTriage } from './pipeline-setting.ts';

const SCAN = { signature: 'ET SCAN nmap', sid: 9 };

const groupsOf = (store: Store) => store.read((db) => db.selectFrom('alert_group').selectAll().orderBy('id').execute());

async function expectKeptCounts(store: Store): Promise<void> {
  const order = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  const kept = await store.read((db) => db.selectFrom('group_count').selectAll().execute());
  expect(order(kept)).toEqual(order(await store.read(recount)));
}

/** What a person's reopening or closing leaves, with its kept count. */
async function setState(store: Store, state: 'reopened' | 'closed by a person'): Promise<void> {
  const isOpen = state === 'reopened' ? 1 : 0;
  const columns = {
    status: isOpen === 1 ? 'new' : 'closed',
    is_open: isOpen,
    disposition: isOpen === 1 ? null : 'false_positive',
    closed_by_kind: isOpen === 1 ? null : 'person',
    closed_by: isOpen === 1 ? null : 'ana',
    closed_at_ms: isOpen === 1 ? null : 5,
    closing_rule_version: null,
    version: 2,
  };
  await store.write(async (tx) => {
    await tx.updateTable('alert_group').set(columns).execute();
    const { status, is_open, closed_by_kind } = columns;
    await tx
      .updateTable('group_count')
      .set({ status, is_open, closed_by_kind: closed_by_kind ?? '' })
      .execute();
  });
}

/** Rules of the test by what they say of an alert now; `at` is replaced between two files. */
function changingTriage(first: (alert: NormalisedAlert) => TriageOutcome) {
  const rules = { decide: first };
  const triage: TriageState = { ...testTriage(), decide: ({ alert }) => rules.decide(alert) };
  return { rules, triage };
}

const withheld = (alert: NormalisedAlert): TriageOutcome => {
  const outcome = closeScanner(alert);
  return { ...outcome, close: null, hits: outcome.hits.map((hit) => ({ ...hit, mode: 'withheld' as const })) };
};

describeOnBothStores('what a machine had closed', (open) => {
  it('opens with a clock when one of its alerts becomes more severe', async () => {
    const { store } = await open();
    const { rules, triage } = changingTriage(closeScanner);
    const { take } = settingOn(store, triage);
    await take([eve({ ...SCAN, flow: 1, priority: 3 })]);
    expect(await groupsOf(store)).toMatchObject([{ is_open: 0, lane: 'closed:scanner', due_at_ms: null }]);
    rules.decide = withheld;
    await take([eve({ ...SCAN, flow: 1, priority: 1 })]);
    const [group] = await groupsOf(store);
    expect(group).toMatchObject({ is_open: 1, status: 'new', severity: 4 });
    expect(group?.due_at_ms).toBe(NOW_MS + (triage.sla.acknowledgeMinutes.high ?? Number.NaN) * 60_000);
    await expectKeptCounts(store);
  });

  it('starts no clock when that is history', async () => {
    const { store } = await open();
    const { rules, triage } = changingTriage(closeScanner);
    const { take } = settingOn(store, triage);
    await take([eve({ ...SCAN, flow: 1, priority: 3 })], { isHistory: true });
    rules.decide = withheld;
    await take([eve({ ...SCAN, flow: 1, priority: 1 })], { isHistory: true });
    expect(await groupsOf(store)).toMatchObject([{ is_open: 1, due_at_ms: null }]);
  });

  it('opens when its rule is kept from one of its alerts, though another in it was as severe', async () => {
    const { store } = await open();
    const { rules, triage } = changingTriage(closeScanner);
    const { take, decisions } = settingOn(store, triage);
    await take([eve({ ...SCAN, flow: 1, priority: 1 }), eve({ ...SCAN, flow: 2, priority: 1 })]);
    rules.decide = withheld;
    await take([eve({ ...SCAN, flow: 2, priority: 1, extra: { app_proto: 'http' } })]);
    expect(await groupsOf(store)).toMatchObject([{ is_open: 1, status: 'new' }]);
    expect(decisions.map(({ kind }) => kind)).toContain('group.reopen');
  });

  it('stays closed when a rule that is not in force any more is all that changed', async () => {
    const { store } = await open();
    const { rules, triage } = changingTriage(closeScanner);
    const { take } = settingOn(store, triage);
    await take([eve({ ...SCAN, flow: 1 })]);
    rules.decide = (alert) => ({ ...closeScanner(alert), close: null, hits: [] });
    await take([eve({ ...SCAN, flow: 1, extra: { app_proto: 'http' } })]);
    expect(await groupsOf(store)).toMatchObject([{ is_open: 0 }]);
  });

  it('counts as queued what joins it after somebody opened it, and tells no closure of it', async () => {
    const { store } = await open();
    const { take, decisions } = settingOn(store);
    await take([eve({ ...SCAN, flow: 1 })]);
    decisions.length = 0;
    await setState(store, 'reopened');
    expect(await take([eve({ ...SCAN, flow: 2 })])).toMatchObject({ stored: 1, queued: 1, autoClosed: 0 });
    expect(await groupsOf(store)).toMatchObject([{ is_open: 1, count: 2, closing_rule_version: null }]);
    expect(decisions).toEqual([]);
    await expectKeptCounts(store);
  });

  it('opens when it was a person who closed it last, and something more severe comes in', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    await take([eve({ ...SCAN, flow: 1, priority: 3 })]);
    await setState(store, 'closed by a person');
    expect(await take([eve({ ...SCAN, flow: 2, priority: 3 })])).toMatchObject({ autoClosed: 1, queued: 0 });
    expect(await groupsOf(store)).toMatchObject([{ is_open: 0, closing_rule_version: null }]);
    expect(await take([eve({ ...SCAN, flow: 3, priority: 1 })])).toMatchObject({ autoClosed: 0, queued: 1 });
    expect(await groupsOf(store)).toMatchObject([{ is_open: 1, status: 'new', closed_by: null }]);
    await expectKeptCounts(store);
  });
});

describeOnBothStores('a priority that a rule lowered', (open) => {
  it('is not lowered by a milder content of an alert that was severe', async () => {
    const { store } = await open();
    const lower = (alert: NormalisedAlert): TriageOutcome => ({
      ...closeScanner(alert),
      close: null,
      hits: [],
      priorityStep: alert.severity === 'high' ? 0 : -1,
    });
    const { take } = settingOn(store, testTriage(lower));
    await take([eve({ flow: 1, priority: 1 })]);
    await take([eve({ flow: 1, priority: 3 })]);
    expect(await groupsOf(store)).toMatchObject([{ severity: 4, rule_priority_step: 0 }]);
    await take([eve({ flow: 2, sid: 5, priority: 3 })]);
    expect((await groupsOf(store)).at(-1)).toMatchObject({ severity: 2, rule_priority_step: -1 });
  });
});

describeOnBothStores('a source that breaks in the middle', (open) => {
  it('gives what was read before, counted', async () => {
    const { store } = await open();
    async function* breaking() {
      yield [recordOf(eve({ flow: 1 })), recordOf(eve({ flow: 2 }))];
      throw Object.assign(new Error('input/output error'), { code: 'EIO', syscall: 'read' });
    }
    let counted = 0;
    const taking = settingOn(store).ingest.ingest(breaking(), {
      origin: 'x',
      format: 'auto',
      isHistory: false,
      onProgress: ({ stored }) => {
        counted = stored;
      },
    });
    await expect(taking).rejects.toThrow('input/output error');
    expect(counted).toBe(2);
    expect(await groupsOf(store)).toMatchObject([{ count: 2 }]);
  });
});

describeOnBothStores('a transaction that fails', (open) => {
  it('leaves nothing behind in what triage remembers', async () => {
    const { store } = await open();
    const remembered: string[] = [];
    const triage: TriageState = {
      ...testTriage(),
      decide: ({ alert }) => {
        remembered.push(alert.title);
        return closeScanner(alert);
      },
      mark: () => {
        const from = remembered.length;
        return () => void remembered.splice(from);
      },
    };
    let isBroken = true;
    const append = async (tx: Parameters<typeof appendMachineDecision>[0], decision: MachineDecision) => {
      if (isBroken) throw new Error('the ledger is broken');
      await appendMachineDecision(tx, decision);
    };
    const ports = { clock: stillClock, log: quiet };
    const ingest = createIngest({ store, ports, triage: () => triage, append });
    const options = { origin: 'x', format: 'auto', isHistory: false };
    await expect(ingest.ingest(batchesOf([recordOf(eve(SCAN))]), options)).rejects.toThrow('broken');
    expect(remembered).toEqual([]);
    isBroken = false;
    expect(await ingest.ingest(batchesOf([recordOf(eve(SCAN))]), options)).toMatchObject({ stored: 1 });
    expect(remembered).toEqual(['ET SCAN nmap']);
  });
});
