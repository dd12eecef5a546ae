import { expect, it } from 'vitest';
import type { DecisionEntry } from '../../../engine/handlers.ts';
import { appendAutomationEntry, appendDecision, LANE } from '../../../engine/ledger/append.ts';
import { verifyLane } from '../../../engine/ledger/verify.ts';
import type { Store, Write } from '../../../engine/store/store.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, statementOf } from '../engine-setting.ts';

const actor = { kind: 'person', id: ANA.id, name: ANA.name, roles: ANA.roles } as const;

const entry = (n: number): DecisionEntry => ({
  kind: 'group.tag',
  statement: statementOf('group.tag', [n]),
  summary: `Tagged “é${n}”`,
  subjects: [
    { groupId: n + 9, before: { tags_json: '[]' }, after: { tags_json: '["x"]' }, versionAfter: 2 },
    { groupId: n, before: { tags_json: '[]' }, after: { tags_json: '["x"]' }, versionAfter: 2 },
  ],
});

describeOnBothStores('the ledger', (open) => {
  async function chain(): Promise<Store> {
    const { store } = await open();
    for (let n = 1; n <= 4; n += 1) await store.write((tx) => appendDecision(tx, actor, entry(n), 1_000 * n));
    await store.write((tx) => appendAutomationEntry(tx, { id: 'rule', version: 3 }, [7, 5], 'closed 2', 9_000));
    return store;
  }
  const verify = (store: Store) => store.read((db) => verifyLane(db, LANE));

  it('is intact as it was written', async () => {
    expect(await verify(await chain())).toMatchObject({ kind: 'intact', entries: 5 });
  });

  it('gives back the number of an entry that was rolled back, so that the chain has no gap', async () => {
    const store = await chain();
    const failed = store.write(async (tx) => {
      await appendDecision(tx, actor, entry(8), 10_000);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await store.write((tx) => appendDecision(tx, actor, entry(9), 11_000))).toBe(6);
    expect(await verify(store)).toMatchObject({ kind: 'intact', entries: 6 });
  });

  const tampered: [string, number, (tx: Write) => Promise<unknown>][] = [
    ['a changed reason', 2, (tx) => tx.updateTable('decision').set({ summary: 'else' }).where('seq', '=', 2).execute()],
    ['another actor', 3, (tx) => tx.updateTable('decision').set({ actor_id: 'ben' }).where('seq', '=', 3).execute()],
    [
      'another rule version',
      5,
      (tx) => tx.updateTable('decision').set({ actor_id: 'rule@4' }).where('seq', '=', 5).execute(),
    ],
    ['a changed time', 1, (tx) => tx.updateTable('decision').set({ at_ms: 1 }).where('seq', '=', 1).execute()],
    ['a removed entry', 3, (tx) => tx.deleteFrom('decision').where('seq', '=', 2).execute()],
    [
      'a changed state',
      4,
      (tx) =>
        tx
          .updateTable('decision_subject')
          .set({ before_json: '{}' })
          .where('decision_seq', '=', 4)
          .where('group_id', '=', 4)
          .execute(),
    ],
    [
      'a removed subject',
      1,
      (tx) => tx.deleteFrom('decision_subject').where('decision_seq', '=', 1).where('group_id', '=', 1).execute(),
    ],
    [
      'a statement that says something else',
      2,
      (tx) => tx.updateTable('decision').set({ statement_json: '{"a":1}' }).where('seq', '=', 2).execute(),
    ],
  ];
  it.each(tampered)('shows %s', async (_what, seq, tamper) => {
    const store = await chain();
    await store.write(async (tx) => {
      await tamper(tx);
    });
    expect(await verify(store)).toMatchObject({ kind: 'broken', seq });
  });
});
