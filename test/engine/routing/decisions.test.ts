import { expect, it } from 'vitest';
import { verifyLane } from '../../../engine/ledger/verify.ts';
import { recount } from '../../../engine/store/counts.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import {
  ANA,
  allThatMatch,
  BEN,
  CYD,
  itemsOf,
  LEA,
  listOpen,
  NOW_MS,
  openSetting,
  type Setting,
  statementOf,
} from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';

/** Four groups: one rule on three hosts, and a more severe one. */
const FOUR = [
  eve({ flow: 1, sid: 1, source: '10.0.0.11' }),
  eve({ flow: 2, sid: 1, source: '10.0.0.12' }),
  eve({ flow: 3, sid: 1, source: '10.0.0.13' }),
  eve({ flow: 4, sid: 2, signature: 'ET MALWARE beacon', priority: 1, source: '10.0.0.14' }),
];

describeOnBothStores('decisions of people', (open) => {
  async function start(): Promise<Setting> {
    const { target } = await open();
    const setting = await openSetting(target);
    await setting.ingestEve(FOUR);
    return setting;
  }

  async function counts(setting: Setting) {
    const order = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    const kept = await setting.store.read((db) => db.selectFrom('group_count').selectAll().execute());
    expect(order(kept)).toEqual(order(await setting.store.read(recount)));
  }

  it('closes with a reason, remembers it for the rule, and takes it back exactly', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const { items } = await listOpen(setting, ANA);
    expect(items.length).toBe(4);
    const [first] = items;
    if (first === undefined) throw new Error('an empty queue');
    setting.clock.atMs += 60_000;
    const acknowledged = await handlers.decisions.acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge', [first.id]),
      selection: itemsOf(first),
    });
    expect(acknowledged).toMatchObject({ changed: 1, summary: 'Acknowledged 1 item' });
    setting.clock.atMs += 600_000;
    const closed = await handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf({ id: first.id, version: first.version + 1 }),
      disposition: 'false_positive',
      reason: 'scanner in its window',
    });
    expect(closed.summary).toBe('Closed 1 item as false positive');
    const after = await handlers.queue.get(setting.as(BEN), { id: first.id });
    expect(after.item).toMatchObject({ status: 'closed', disposition: 'false_positive', assigneeId: 'ana' });
    expect(after.item.closedBy).toEqual({ kind: 'person', id: 'ana', name: 'Ana Example', ruleVersion: null });
    expect(after.why).toBe('It is no longer in the queue: Ana Example closed it as false positive.');
    expect(after.earlier.counts).toEqual([{ disposition: 'false_positive', n: 1 }]);
    const samples = () => setting.store.read((db) => db.selectFrom('handling_sample').selectAll().execute());
    expect((await samples()).map(({ class: name, minutes }) => [name, minutes])).toEqual([
      [`${first.severity}:suricata`, 10],
    ]);
    await counts(setting);

    const undone = await handlers.decisions.undo(setting.as(ANA), {
      statement: statementOf('decision.undo'),
      decisionId: closed.decisionId ?? 0,
    });
    const back = await handlers.queue.get(setting.as(BEN), { id: first.id });
    expect(back.item).toMatchObject({ status: 'acknowledged', disposition: null, closedBy: null });
    expect(back.earlier.n).toBe(0);
    expect(await samples()).toEqual([]);
    expect(back.timeline.map(({ kind, undone: isUndone }) => [kind, isUndone])).toEqual([
      ['alert.received', false],
      ['group.acknowledge', false],
      ['group.dispose', true],
      ['decision.undo', false],
    ]);
    await handlers.decisions.undo(setting.as(ANA), {
      statement: statementOf('decision.redo'),
      decisionId: undone.decisionId ?? 0,
    });
    const again = await handlers.queue.get(setting.as(BEN), { id: first.id });
    expect(again.item).toMatchObject({
      status: 'closed',
      disposition: 'false_positive',
      closeReason: 'scanner in its window',
    });
    expect(again.earlier.n).toBe(1);
    expect((await samples()).length).toBe(1);
    await counts(setting);
    expect(await setting.store.read((db) => verifyLane(db, 'main'))).toMatchObject({ kind: 'intact', entries: 4 });
    await setting.close();
  });

  it('decides on everything that matches as one decision with one undo', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const { items } = await listOpen(setting, ANA);
    const rule = items.at(-1)?.sourceRuleId ?? '';
    const filter = { sourceRuleId: rule };
    const wrong = handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: allThatMatch(filter, 30),
      disposition: 'benign_true_positive',
      reason: 'known scanner',
    });
    await expect(wrong).rejects.toMatchObject({ code: 'conflict', message: /3 items match now, 30 did/ });
    const closed = await handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: allThatMatch(filter, 3),
      disposition: 'benign_true_positive',
      reason: 'known scanner',
    });
    expect(closed).toMatchObject({ changed: 3, summary: 'Closed 3 items as benign true positive' });
    expect((await listOpen(setting, ANA)).total).toBe(1);
    await counts(setting);
    const [one] = (await listOpen(setting, ANA, { state: 'closed' })).items;
    if (one === undefined) throw new Error('nothing closed');
    await handlers.decisions.reopen(setting.as(BEN), {
      statement: statementOf('group.reopen'),
      selection: itemsOf(one),
      reason: 'the window was over',
    });
    const undone = await handlers.decisions.undo(setting.as(ANA), {
      statement: statementOf('decision.undo'),
      decisionId: closed.decisionId ?? 0,
    });
    expect(undone.changed).toBe(2);
    expect(undone.skipped).toEqual([{ id: one.id, reason: 'was opened again by Ben Example meanwhile' }]);
    expect((await listOpen(setting, ANA)).total).toBe(4);
    await counts(setting);
    await setting.close();
  });

  it('tells who was faster, and lets nobody decide on what has moved on', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const [first, second] = (await listOpen(setting, ANA)).items;
    if (first === undefined || second === undefined) throw new Error('an empty queue');
    await handlers.decisions.dispose(setting.as(BEN), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(first),
      disposition: 'true_positive',
      reason: 'beacon confirmed',
    });
    const late = handlers.decisions.acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge'),
      selection: itemsOf(first),
    });
    await expect(late).rejects.toMatchObject({ code: 'conflict', message: /was closed by Ben Example meanwhile/ });
    const both = await handlers.decisions.acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge'),
      selection: itemsOf(first, second),
    });
    expect(both.changed).toBe(1);
    expect(both.skipped).toEqual([{ id: first.id, reason: 'was closed by Ben Example meanwhile' }]);
    await setting.close();
  });

  it('answers a command that is sent again with its first answer, and refuses another under its id', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const input = {
      statement: statementOf('note.add', [first.id]),
      selection: itemsOf(first),
      text: 'asked the owner',
    };
    const answer = await handlers.decisions.note(setting.as(ANA), input);
    expect(await handlers.decisions.note(setting.as(ANA), input)).toEqual(answer);
    expect((await handlers.queue.get(setting.as(ANA), { id: first.id })).notes).toEqual([answer.note]);
    const other = handlers.decisions.note(setting.as(ANA), { ...input, text: 'something else' });
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
    // Ids are each person's own.
    await handlers.decisions.note(setting.as(BEN), { ...input, text: 'I asked too' });
    const notes = (await handlers.queue.get(setting.as(ANA), { id: first.id })).notes;
    expect(notes.map((note) => note.authorId)).toEqual(['ana', 'ben']);
    await setting.close();
  });

  it('checks that a statement says what its command does', async () => {
    const setting = await start();
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const acknowledge = setting.engine.handlers.decisions.acknowledge;
    const kind = acknowledge(setting.as(ANA), { statement: statementOf('group.dispose'), selection: itemsOf(first) });
    await expect(kind).rejects.toMatchObject({ code: 'invalid_input' });
    const subjects = acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge', [first.id + 1]),
      selection: itemsOf(first),
    });
    await expect(subjects).rejects.toMatchObject({ code: 'invalid_input' });
    await setting.close();
  });

  it('decides on the set that the statement stands for, and on no other', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const matching = allThatMatch({}, 4);
    if (matching.kind !== 'matching') throw new Error('not a filter');
    const { digest } = await handlers.queue.prepare(setting.as(ANA), { filter: matching.filter, exceptIds: [] });
    const tagAll = () => {
      const statement = { ...statementOf('group.tag'), subjectsDigest: digest };
      return handlers.decisions.tag(setting.as(ANA), { statement, selection: matching, tag: 'swept', remove: false });
    };
    expect(await tagAll()).toMatchObject({ changed: 4 });
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    await handlers.decisions.dispose(setting.as(BEN), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(first),
      disposition: 'false_positive',
      reason: 'a test of ours',
    });
    await setting.ingestEve([eve({ flow: 77, sid: 77, source: '10.0.0.77' })]);
    // As many as before, and yet others.
    expect((await listOpen(setting, ANA)).total).toBe(4);
    await expect(tagAll()).rejects.toMatchObject({ code: 'conflict' });

    const [second] = (await listOpen(setting, ANA)).items;
    if (second === undefined) throw new Error('an empty queue');
    const basedOn = (version: number) =>
      handlers.decisions.acknowledge(setting.as(ANA), {
        statement: { ...statementOf('group.acknowledge', [second.id]), basedOn: [version] },
        selection: itemsOf(second),
      });
    await expect(basedOn(second.version + 1)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await basedOn(second.version)).toMatchObject({ changed: 1 });
    await setting.close();
  });

  it('takes a tag back and leaves those that alerts brought meanwhile', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const tagged = await handlers.decisions.tag(setting.as(ANA), {
      statement: statementOf('group.tag', [first.id]),
      selection: itemsOf(first),
      tag: 'mine',
      remove: false,
    });
    // What a rule's tag on a new alert of the group does: ingest unites, and no version moves.
    await setting.store.write((tx) =>
      tx.updateTable('alert_group').set({ tags_json: '["by-a-rule","mine"]' }).where('id', '=', first.id).execute(),
    );
    const undo = (decisionId: number | null) =>
      handlers.decisions.undo(setting.as(ANA), {
        statement: statementOf('decision.undo'),
        decisionId: decisionId ?? 0,
      });
    const tags = async () => (await handlers.queue.get(setting.as(ANA), { id: first.id })).item.tags;
    const undone = await undo(tagged.decisionId);
    expect(await tags()).toEqual(['by-a-rule']);
    await undo(undone.decisionId);
    expect(await tags()).toEqual(['by-a-rule', 'mine']);
    await setting.close();
  });

  it('escalates with a question and a clock, and takes the question back with the undo', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const sent = await handlers.decisions.escalate(setting.as(ANA), {
      statement: statementOf('group.escalate'),
      id: first.id,
      version: first.version,
      toTier: null,
      question: 'Is this beacon ours?',
    });
    const detail = await handlers.queue.get(setting.as(CYD), { id: first.id });
    expect(detail.item).toMatchObject({ tier: 'tier2', assigneeId: null, status: 'acknowledged' });
    expect(detail.escalations).toMatchObject([{ question: 'Is this beacon ours?', status: 'open', toTier: 'tier2' }]);
    expect(detail.item.dueAtMs).toBe(detail.escalations[0]?.dueAtMs);
    const undo = { statement: statementOf('decision.undo'), decisionId: sent.decisionId ?? 0 };
    const byBen = handlers.decisions.undo(setting.as(BEN), undo);
    await expect(byBen).rejects.toMatchObject({ code: 'forbidden', message: /decided by Ana Example/ });
    const undone = await handlers.decisions.undo(setting.as(LEA), undo);
    const back = await handlers.queue.get(setting.as(ANA), { id: first.id });
    expect(back.item).toMatchObject({ tier: first.tier, status: 'new', dueAtMs: first.dueAtMs });
    expect(back.escalations[0]?.status).toBe('withdrawn');
    await handlers.decisions.undo(setting.as(LEA), {
      statement: statementOf('decision.undo'),
      decisionId: undone.decisionId ?? 0,
    });
    expect((await handlers.queue.get(setting.as(ANA), { id: first.id })).escalations[0]?.status).toBe('open');
    const { version } = (await handlers.queue.get(setting.as(CYD), { id: first.id })).item;
    const closed = await handlers.decisions.dispose(setting.as(CYD), {
      statement: statementOf('group.dispose'),
      selection: itemsOf({ id: first.id, version }),
      disposition: 'true_positive',
      reason: 'confirmed',
    });
    const answered = (await handlers.queue.get(setting.as(ANA), { id: first.id })).escalations[0];
    expect(answered).toMatchObject({
      status: 'answered',
      answer: 'Closed as true positive: confirmed',
      answeredBy: 'cyd',
    });
    await handlers.decisions.undo(setting.as(CYD), {
      statement: statementOf('decision.undo'),
      decisionId: closed.decisionId ?? 0,
    });
    expect((await handlers.queue.get(setting.as(ANA), { id: first.id })).escalations[0]).toMatchObject({
      status: 'open',
      answer: null,
    });
    await setting.close();
  });

  it('puts off, and sends up at the third time without noting by whom in any count', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const next = await handlers.queue.next(setting.as(ANA), {});
    const id = next.item?.id ?? 0;
    expect(next.why).toMatch(/^Highest priority for tier 1 \(P\d, \d+ points\), and nobody owns it\.$/);
    for (const [n, who] of [ANA, BEN, LEA].entries()) {
      const { item } = await handlers.queue.get(setting.as(who), { id });
      const answer = await handlers.decisions.notNow(setting.as(who), {
        statement: statementOf('group.not_now'),
        id,
        version: item.version,
      });
      expect(answer.summary).toMatch(
        n < 2 ? /^Put back for later$/ : /^Put back for the third time: tier 2 has it now$/,
      );
      if (n === 0) expect((await handlers.queue.next(setting.as(ANA), {})).item?.id).not.toBe(id);
    }
    expect((await handlers.queue.get(setting.as(CYD), { id })).item).toMatchObject({ tier: 'tier2', assigneeId: null });
    expect((await handlers.queue.next(setting.as(CYD), {})).item?.id).toBe(id);
    await setting.close();
  });

  it('holds until a time, and brings it back when the time has come', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const hold = (untilMs: number, version: number) =>
      handlers.decisions.hold(setting.as(ANA), {
        statement: statementOf('group.hold'),
        selection: itemsOf({ id: first.id, version }),
        untilMs,
      });
    await expect(hold(NOW_MS - 1, first.version)).rejects.toMatchObject({ code: 'invalid_input' });
    await hold(NOW_MS + 3_600_000, first.version);
    expect((await listOpen(setting, ANA, { statuses: ['on_hold'] })).total).toBe(1);
    await setting.engine.tick();
    expect((await listOpen(setting, ANA, { statuses: ['on_hold'] })).total).toBe(1);
    setting.clock.atMs = NOW_MS + 3_600_000;
    await setting.engine.tick();
    const back = await handlers.queue.get(setting.as(ANA), { id: first.id });
    expect(back.item).toMatchObject({ status: 'new', holdUntilMs: null });
    expect(back.item.dueAtMs).toBeGreaterThan(NOW_MS + 3_600_000);
    await counts(setting);
    await setting.close();
  });

  it('lets a lead give work and anybody take it, and nobody else give it away', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const assign = (who: typeof ANA, personId: string | null, version: number) =>
      handlers.decisions.assign(setting.as(who), {
        statement: statementOf(personId === null ? 'group.release' : 'group.take'),
        selection: itemsOf({ id: first.id, version }),
        personId,
      });
    await expect(assign(ANA, 'ben', first.version)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(assign(LEA, 'nobody', first.version)).rejects.toMatchObject({ code: 'not_found' });
    await assign(LEA, 'ben', first.version);
    expect((await listOpen(setting, BEN, { assignee: 'me' })).total).toBe(1);
    const refused = await assign(ANA, null, first.version + 1);
    expect(refused).toMatchObject({ decisionId: null, changed: 0 });
    await assign(BEN, null, first.version + 1);
    expect((await listOpen(setting, BEN, { assignee: 'none' })).total).toBe(4);
    await counts(setting);
    await setting.close();
  });

  it('takes an alert that a person enters the way of every other', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const before = await setting.engine.changes.latestSeq();
    const answer = await handlers.alert.create(setting.as(ANA), {
      statement: statementOf('alert.create'),
      title: 'A user phoned about a strange login window',
      description: 'asks for the password twice',
      severity: 'high',
      observedAtMs: NOW_MS - 60_000,
      host: 'pc-17',
      user: 'jo',
      sourceIp: null,
      reportedBy: 'Jo',
    });
    expect(answer.seq).toBe(before + 1);
    const detail = await handlers.queue.get(setting.as(BEN), { id: answer.groupId });
    expect(detail.item).toMatchObject({ product: 'manual', severity: 'high', status: 'new' });
    expect(detail.alerts.length).toBe(1);
    const original = await handlers.alert.original(setting.as(BEN), {
      id: detail.alerts[0]?.id ?? 0,
      revision: null,
      limit: 1000,
    });
    expect(JSON.parse(original.text)).toMatchObject({ title: 'A user phoned about a strange login window' });
    await counts(setting);
    await setting.close();
  });

  it('keeps views of one’s own and shared ones', async () => {
    const setting = await start();
    const { handlers } = setting.engine;
    const filter = { ...allThatMatch({ severities: ['high'] }, 0) };
    if (filter.kind !== 'matching') throw new Error('a filter');
    const save = (who: typeof ANA, id: number | null, name: string, isShared: boolean) =>
      handlers.queue.saveView(setting.as(who), {
        statement: statementOf('view.save'),
        id,
        name,
        filter: filter.filter,
        sort: 'newest',
        isShared,
      });
    const mine = await save(ANA, null, 'High ones', false);
    const shared = await save(ANA, null, 'For all', true);
    expect((await handlers.queue.views(setting.as(BEN), {})).map((view) => view.name)).toEqual(['For all']);
    await expect(save(BEN, shared.id, 'Taken over', true)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(save(BEN, mine.id, 'Taken over', true)).rejects.toMatchObject({ code: 'not_found' });
    await handlers.queue.deleteView(setting.as(ANA), { statement: statementOf('view.delete'), id: mine.id });
    expect((await handlers.queue.views(setting.as(ANA), {})).map((view) => view.name)).toEqual(['For all']);
    await setting.close();
  });
});
