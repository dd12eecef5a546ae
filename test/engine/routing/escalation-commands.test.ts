import { expect, test } from 'vitest';
import { loadPolicies } from '../../../engine/policies.ts';
import { acceptEscalation, answerEscalation, returnEscalation } from '../../../engine/routing/escalation-commands.ts';
import { recount } from '../../../engine/store/counts.ts';
import { escalationsOf, listEscalations } from '../../../engine/store/escalations.ts';
import { reserveIds } from '../../../engine/store/ids.ts';
import { replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import type { Store, Write } from '../../../engine/store/store.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Person } from '../../../shared/model/people.ts';
import type { Tier } from '../../../shared/model/vocabulary.ts';
import { rota } from '../../shared/domain/roster/rota.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { recordingContext, statement } from '../command-context.ts';
import { person, type SeedGroup, seedGroup } from '../seed.ts';

const policies = loadPolicies();
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const ana = person('ana', 'tier1');
const ben = person('ben', 'tier2');
const cho = person('cho', 'tier2');
const dee = person('dee', 'lead');

async function seedTeam(store: Store): Promise<void> {
  await store.write(async (tx) => {
    await replacePeople(tx, [ana, ben, cho, dee]);
    await replaceDuties(tx, rota(['shift 2026-11-21T08:00 16:00'], 'ana'), 0);
  });
}

async function escalated(tx: Write, group: SeedGroup = {}, to: Tier = 'tier2', dueAtMs = NOW + 30 * MINUTE) {
  const at = NOW - 10 * MINUTE;
  const groupId = await seedGroup(tx, { severity: 'high', tier: to, due_at_ms: dueAtMs, ...group }, at);
  const id = await reserveIds(tx, 'escalation', 1);
  await tx
    .insertInto('escalation')
    .values({
      id,
      group_id: groupId,
      from_tier: 'tier1',
      to_tier: to,
      question: 'Is this host allowed to do that?',
      asked_by: 'ana',
      asked_at_ms: at,
      due_at_ms: dueAtMs,
      status: 'open',
      accepted_by: null,
      backup_id: 'cho',
      answer: null,
      answered_by: null,
      answered_at_ms: null,
      decision_seq: 1,
    })
    .execute();
  return { id, groupId };
}

const groupOf = (store: Store, id: number) =>
  store.read((db) => db.selectFrom('alert_group').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
const accept = (store: Store, id: number, who: Person) =>
  store.write((tx) =>
    acceptEscalation(recordingContext(tx, who, NOW), { id, statement: statement('escalation.accept') }),
  );
const answer = (store: Store, id: number, who: Person, text = 'Yes, it is the backup host.') =>
  store.write((tx) =>
    answerEscalation(recordingContext(tx, who, NOW), { id, answer: text, statement: statement('escalation.answer') }),
  );
const giveBack = (store: Store, id: number, who: Person, reason = 'Nothing to add: close it.') =>
  store.write((tx) =>
    returnEscalation(
      recordingContext(tx, who, NOW),
      { id, reason, statement: statement('escalation.return') },
      policies,
    ),
  );

async function refusal(work: Promise<unknown>): Promise<EngineError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof EngineError)) throw new Error(`Expected a refusal, got ${String(thrown)}`);
  return thrown;
}

describeOnBothStores('escalations', (open) => {
  test('accepting makes it that person’s, writes the ledger and keeps the counts', async () => {
    const { store } = await open();
    await seedTeam(store);
    const { id, groupId } = await store.write((tx) => escalated(tx));
    const entries = await store.write(async (tx) => {
      const context = recordingContext(tx, ben, NOW);
      const result = await acceptEscalation(context, { id, statement: statement('escalation.accept') });
      expect(result).toMatchObject({ changed: 1, summary: 'Escalation accepted by Ben Example' });
      expect(context.touched).toEqual(['escalation', 'group']);
      return context.entries;
    });
    expect(entries).toMatchObject([
      {
        kind: 'escalation.accept',
        subjects: [
          {
            groupId,
            before: { assignee_id: null, status: 'new' },
            after: { assignee_id: 'ben', status: 'in_progress' },
            versionAfter: 2,
          },
        ],
      },
    ]);
    expect(await groupOf(store, groupId)).toMatchObject({ assignee_id: 'ben', status: 'in_progress', version: 2 });
    expect((await store.read((db) => escalationsOf(db, groupId)))[0]).toMatchObject({
      status: 'accepted',
      acceptedBy: 'ben',
    });
    const kept = await store.read((db) => db.selectFrom('group_count').selectAll().execute());
    expect(kept).toEqual(await store.read(recount));
  });

  test('an answer stops the clock and leaves the item with the tier that answered', async () => {
    const { store } = await open();
    await seedTeam(store);
    const { id, groupId } = await store.write((tx) => escalated(tx));
    expect((await answer(store, id, ben)).summary).toBe('Escalation answered: Yes, it is the backup host.');
    expect(await groupOf(store, groupId)).toMatchObject({ tier: 'tier2', assignee_id: 'ben', due_at_ms: null });
    const [escalation] = await store.read((db) => listEscalations(db, { state: 'all', tier: null }));
    expect(escalation).toMatchObject({
      status: 'answered',
      acceptedBy: 'ben',
      answeredBy: 'ben',
      answeredAtMs: NOW,
      answer: 'Yes, it is the backup host.',
    });
  });

  test('a return gives it to who asked while they are on duty, with a new clock', async () => {
    const { store } = await open();
    await seedTeam(store);
    const { id, groupId } = await store.write((tx) => escalated(tx));
    expect((await giveBack(store, id, ben)).summary).toBe('Returned to tier 1: Nothing to add: close it.');
    expect(await groupOf(store, groupId)).toMatchObject({
      tier: 'tier1',
      assignee_id: 'ana',
      status: 'new',
      due_at_ms: NOW + 60 * MINUTE,
    });
  });

  test('and to the pool of the tier when they are not', async () => {
    const { store } = await open();
    await seedTeam(store);
    await store.write((tx) => replaceDuties(tx, [], 0));
    const { id, groupId } = await store.write((tx) => escalated(tx));
    await giveBack(store, id, ben);
    expect(await groupOf(store, groupId)).toMatchObject({ tier: 'tier1', assignee_id: null });
  });

  test('refuses the tier below, a second acceptance, and what is over', async () => {
    const { store } = await open();
    await seedTeam(store);
    const { id } = await store.write((tx) => escalated(tx));
    expect(await refusal(accept(store, id, ana))).toMatchObject({
      code: 'forbidden',
      message: 'This was asked of tier 2. They or a lead can accept it.',
    });
    expect(await refusal(accept(store, 999, ben))).toMatchObject({ code: 'not_found' });
    await accept(store, id, ben);
    expect((await refusal(accept(store, id, cho))).message).toBe('Somebody else accepted this meanwhile.');
    expect((await refusal(accept(store, id, ben))).message).toBe('You have accepted this already.');
    await answer(store, id, cho);
    expect((await refusal(giveBack(store, id, dee))).message).toBe(
      'This escalation is over: it was answered meanwhile.',
    );
    expect((await refusal(accept(store, id, person('gone', 'tier2')))).code).toBe('forbidden');
  });

  test('leaves alone an item that was closed or moved on meanwhile', async () => {
    const { store } = await open();
    await seedTeam(store);
    const closed = await store.write((tx) => escalated(tx, { is_open: 0, status: 'closed' }));
    expect((await refusal(answer(store, closed.id, ben))).code).toBe('conflict');
    const moved = await store.write((tx) => escalated(tx, { tier: 'tier3', assignee_id: 'dee' }));
    expect((await refusal(giveBack(store, moved.id, ben))).message).toBe(
      'The item has moved on: it is with tier 3 now.',
    );
    await answer(store, moved.id, ben);
    expect(await groupOf(store, moved.groupId)).toMatchObject({ tier: 'tier3', assignee_id: 'dee' });
  });

  test('are listed by deadline while open, with those that are over behind', async () => {
    const { store } = await open();
    await seedTeam(store);
    const ids = await store.write(async (tx) => {
      const late = await escalated(tx, {}, 'tier2', NOW + 60 * MINUTE);
      const soon = await escalated(tx, { title: 'Soon' }, 'lead', NOW + MINUTE);
      const over = await escalated(tx);
      return { late: late.id, soon: soon.id, over: over.id };
    });
    await answer(store, ids.over, ben);
    const closed = await store.write((tx) => escalated(tx, { is_open: 0, status: 'closed' }));
    const list = (state: 'open' | 'all', tier: Tier | null) =>
      store.read(async (db) => (await listEscalations(db, { state, tier })).map((each) => each.id));
    expect(await list('open', null)).toEqual([ids.soon, ids.late]);
    expect(await list('open', 'tier2')).toEqual([ids.late]);
    expect(await list('all', null)).toEqual([ids.soon, ids.late, closed.id, ids.over]);
    const [first] = await store.read((db) => listEscalations(db, { state: 'open', tier: 'lead' }));
    expect(first).toMatchObject({ groupTitle: 'Soon', severity: 'high', toTier: 'lead', backupId: 'cho' });
  });
});
