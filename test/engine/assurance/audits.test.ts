import { expect, it } from 'vitest';
import { insertLinks } from '../../../engine/store/group-links.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, CYD, LEA, listOpen, statementOf } from '../engine-setting.ts';
import { type AssuranceSetting, openAssurance, RULE_ID } from './assurance-setting.ts';

async function readAll(setting: AssuranceSetting, who: typeof ANA): Promise<string[]> {
  const kinds: string[] = [];
  for (let audit = await setting.take(who); audit !== null; audit = await setting.take(who)) {
    const kind = await setting.kindOf(audit.id);
    kinds.push(kind);
    await setting.answer(who, audit.id, kind === 'known' ? 'true_positive' : 'benign_true_positive', 'beaconing');
  }
  return kinds;
}

describeOnBothStores('audits', (open) => {
  it('mix closures by the rule with those of people and known true positives, and the board adds up', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(40);
    await setting.closeByPerson(30, 'false_positive', 1000);
    await setting.closeByPerson(8, 'true_positive', 2000);
    await setting.tick();
    const kinds = [...(await readAll(setting, BEN)), ...(await readAll(setting, CYD))];
    expect(kinds.filter((kind) => kind === 'rule').length).toBeGreaterThanOrEqual(40);
    expect(new Set(kinds)).toEqual(new Set(['rule', 'person', 'known']));
    expect(kinds.slice(0, 20).some((kind) => kind !== 'rule')).toBe(true);
    await setting.tick();
    const board = await setting.board();
    expect(board.rules).toHaveLength(1);
    expect(board.rules[0]).toMatchObject({
      ruleId: RULE_ID,
      state: 'provisional',
      family: 'scanner',
      closed: 40,
      audited: 40,
      misses: 0,
      maxFalseCloseRate: 0.005,
    });
    expect(board.rules[0]?.bound).toBeLessThan(0.12);
    expect(board.rules[0]?.history.at(-1)).toMatchObject({ audited: 40, misses: 0 });
    expect(board.rules[0]?.rates.falseCloseRate.sentence).toContain('0 of 40 audits');
    expect(board.overall.missShare.n).toBe(40);
    expect(board.sensitivity.shown).toBeGreaterThan(2);
    expect(board.waiting).toBe(0);
    expect(board.budget.isAssumed).toBe(true);
    const named = await setting.store.read((db) =>
      db.selectFrom('audit_item').select(['reader_id', 'second_reader_id', 'excluded_id']).execute(),
    );
    expect(named.every((row) => row.reader_id === null && row.second_reader_id === null)).toBe(true);
    const quiet = await setting.engine.changes.latestSeq();
    await setting.tick();
    expect(await setting.engine.changes.latestSeq()).toBe(quiet);
    await setting.close();
  });

  it('give nothing away, and are not for who closed the item', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(5);
    await setting.closeByPerson(5, 'false_positive', 1000);
    await setting.tick();
    const audit = await setting.take(BEN);
    const text = JSON.stringify(audit);
    expect(audit?.alerts[0]?.fields.length).toBeGreaterThan(3);
    expect(text).toContain('do not act');
    for (const word of ['Scanner noise', RULE_ID, 'false_positive', 'looked at it', 'closed', 'grp_', 'alr_']) {
      expect(text).not.toContain(word);
    }
    expect((await setting.take(BEN))?.id).toBe(audit?.id);
    const kinds = await readAll(setting, ANA);
    expect(kinds.every((kind) => kind === 'rule')).toBe(true);
    await setting.close();
  });

  it('are void for who looks the original up, and go to somebody else', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(1);
    await setting.tick();
    const audit = await setting.take(BEN);
    const [group] = await setting.store.read((db) => db.selectFrom('alert_group').select('id').execute());
    await setting.engine.handlers.queue.get(setting.as(ANA), { id: group?.id ?? 0 });
    expect((await setting.board()).voided).toBe(0);
    await setting.engine.handlers.queue.get(setting.as(BEN), { id: group?.id ?? 0 });
    expect((await setting.board()).voided).toBe(1);
    await expect(setting.answer(BEN, audit?.id ?? 0, 'false_positive')).rejects.toThrow('void');
    expect(await setting.take(BEN)).toBeNull();
    expect((await setting.take(CYD))?.id).toBe(audit?.id);
    await setting.close();
  });

  it('that look like a true positive become a live question at once', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(30);
    await setting.tick();
    const audit = await setting.take(BEN);
    await expect(setting.answer(BEN, audit?.id ?? 0, 'true_positive')).rejects.toThrow('Say what');
    await setting.answer(BEN, audit?.id ?? 0, 'true_positive', 'talks to a known bad address');
    const { items } = await listOpen(setting, CYD);
    expect(items.map(({ title, tier }) => [title, tier])).toMatchObject([
      [expect.stringMatching(/^ET NOISE/), 'tier2'],
    ]);
    const detail = await setting.engine.handlers.queue.get(setting.as(CYD), { id: items[0]?.id ?? 0 });
    expect(detail.escalations[0]?.question).toContain('talks to a known bad address');
    expect((await setting.board()).rules[0]).toMatchObject({
      misses: 1,
      rates: { falseCloseRate: { misses: 1, n: 1 } },
    });
    await setting.engine.handlers.decisions.dispose(setting.as(CYD), {
      statement: statementOf('group.dispose'),
      selection: { kind: 'items', items: [{ id: items[0]?.id ?? 0, version: items[0]?.version ?? 0 }] },
      disposition: 'benign_true_positive',
      reason: 'the address is ours',
    });
    await setting.tick();
    expect((await setting.board()).rules[0]).toMatchObject({
      audited: 1,
      misses: 0,
      rates: { falseCloseRate: { misses: 0, n: 1 } },
      state: 'provisional',
    });
    await setting.close();
  });
});

const MINUTE_MS = 60_000;
const undo = (setting: AssuranceSetting, who: typeof ANA, decisionId: number) =>
  setting.engine.handlers.decisions.undo(setting.as(who), { statement: statementOf('decision.undo'), decisionId });
const read = async (
  setting: AssuranceSetting,
  who: typeof ANA,
  verdict: 'false_positive' | 'true_positive' | 'undetermined',
) => {
  const audit = await setting.take(who);
  const given = await setting.engine.handlers.assurance.answer(setting.as(who), {
    statement: statementOf('audit.answer'),
    id: audit?.id ?? 0,
    verdict,
    evidence: 'talks to a known bad address',
  });
  return { id: audit?.id ?? 0, decisionId: given.decisionId ?? 0 };
};
const rowOf = async (setting: AssuranceSetting, id: number) =>
  setting.store.read((db) => db.selectFrom('audit_item').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
const kept = (setting: AssuranceSetting) =>
  setting.store.read((db) => db.selectFrom('audit_undo').selectAll().execute());

describeOnBothStores('a reading that was a slip', (open) => {
  it('is taken back by its reader within ten minutes, and read again', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(5);
    await setting.tick();
    const { id, decisionId } = await read(setting, BEN, 'undetermined');
    expect(await rowOf(setting, id)).toMatchObject({ state: 'second', verdict: 'undetermined' });
    for (const who of [CYD, LEA])
      await expect(undo(setting, who, decisionId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await undo(setting, BEN, decisionId)).toMatchObject({
      decisionId: null,
      summary: expect.stringContaining('Took the reading back'),
    });
    expect(await rowOf(setting, id)).toMatchObject({ state: 'open', verdict: null, reader_id: 'ben' });
    await expect(undo(setting, BEN, decisionId)).rejects.toThrow('undone already');
    expect((await setting.take(BEN))?.id).toBe(id);
    await setting.answer(BEN, id, 'false_positive');
    const ledger = await setting.store.read((db) =>
      db.selectFrom('decision').select(['kind', 'undo_of']).where('kind', 'like', 'decision.%').execute(),
    );
    expect(ledger).toEqual([{ kind: 'decision.undo', undo_of: decisionId }]);
    expect(await kept(setting)).toHaveLength(1);
    setting.clock.atMs += 11 * MINUTE_MS;
    await setting.tick();
    expect(await kept(setting)).toEqual([]);
    await setting.close();
  });

  it('that asked a live question closes the item again as it was, with the question withdrawn', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(30);
    await setting.tick();
    const { id, decisionId } = await read(setting, BEN, 'true_positive');
    const { group_id } = await rowOf(setting, id);
    expect((await listOpen(setting, CYD)).items).toHaveLength(1);
    expect((await setting.board()).rules[0]).toMatchObject({ misses: 1 });
    await undo(setting, BEN, decisionId);
    expect((await listOpen(setting, CYD)).items).toHaveLength(0);
    const group = await setting.store.read((db) =>
      db.selectFrom('alert_group').selectAll().where('id', '=', group_id).executeTakeFirstOrThrow(),
    );
    expect(group).toMatchObject({ is_open: 0, closed_by: RULE_ID, closed_by_kind: 'rule' });
    const asked = await setting.store.read((db) => db.selectFrom('escalation').select('status').execute());
    expect(asked).toEqual([{ status: 'withdrawn' }]);
    await setting.tick();
    expect((await setting.board()).rules[0]).toMatchObject({ misses: 0, audited: 0, state: 'provisional' });
    expect(await rowOf(setting, id)).toMatchObject({ state: 'open', outcome: null, truth: null, settled_seq: null });
    await setting.close();
  });

  it('stands once something followed from it, the time is over, or the original was looked up', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(30);
    await setting.tick();
    const late = await read(setting, BEN, 'false_positive');
    setting.clock.atMs += 11 * MINUTE_MS;
    await expect(undo(setting, BEN, late.decisionId)).rejects.toThrow('ten minutes');

    const seconded = await read(setting, BEN, 'undetermined');
    let taken = await setting.take(CYD);
    while (taken !== null && taken.id !== seconded.id) {
      await setting.answer(CYD, taken.id, 'false_positive');
      taken = await setting.take(CYD);
    }
    await expect(undo(setting, BEN, seconded.decisionId)).rejects.toThrow('second person');
    await setting.close();
  });

  it('stands once the live question was taken on, the rule was stopped on it, or its reader saw the original', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(30);
    await setting.tick();
    const looked = await read(setting, BEN, 'false_positive');
    const { group_id } = await rowOf(setting, looked.id);
    await setting.engine.handlers.queue.get(setting.as(ANA), { id: group_id });
    expect(await kept(setting)).toHaveLength(1);
    await setting.engine.handlers.queue.get(setting.as(BEN), { id: group_id });
    await expect(undo(setting, BEN, looked.decisionId)).rejects.toThrow('ten minutes');

    // By the address of an item that was joined to it, too.
    const joined = await read(setting, BEN, 'false_positive');
    const home = (await rowOf(setting, joined.id)).group_id;
    const from_id = 900_000;
    await setting.store.write((tx) =>
      insertLinks(tx, [{ from_id, to_id: home, kind: 'joined', window_start_ms: null, key: null }]),
    );
    await setting.engine.handlers.queue.get(setting.as(BEN), { id: from_id });
    await expect(undo(setting, BEN, joined.decisionId)).rejects.toThrow('ten minutes');

    const doubt = await read(setting, BEN, 'true_positive');
    const [item] = (await listOpen(setting, CYD)).items;
    await setting.engine.handlers.decisions.assign(setting.as(CYD), {
      statement: statementOf('group.take'),
      selection: { kind: 'items', items: [{ id: item?.id ?? 0, version: item?.version ?? 0 }] },
      personId: 'cyd',
    });
    await expect(undo(setting, BEN, doubt.decisionId)).rejects.toThrow('cannot be undone any more');
    const fatal = await read(setting, BEN, 'true_positive');
    expect((await setting.board()).rules[0]).toMatchObject({ state: 'suspended' });
    await expect(undo(setting, BEN, fatal.decisionId)).rejects.toThrow('cannot be taken back any more');
    await setting.close();
  });
});
