import { expect, test } from 'vitest';
import { deadLetterCommands, MENDED_TAG } from '../../../engine/ingest/dead-letter-commands.ts';
import { deadLetterHandlers } from '../../../engine/ingest/dead-letter-handlers.ts';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { appendMachineDecision } from '../../../engine/ledger/machine-decision.ts';
import { keepDeadLetters } from '../../../engine/store/ingest-rows.ts';
import { insertSource } from '../../../engine/store/live-sources.ts';
import { replacePeople } from '../../../engine/store/people.ts';
import { countDeadLetters, deadLettersBelow, EVERY_DEAD_LETTER } from '../../../engine/store/sources.ts';
import type { Store } from '../../../engine/store/store.ts';
import type { DeadLetter } from '../../../shared/model/ingest.ts';
import { sourceDraftSchema } from '../../../shared/model/source.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { statement } from '../command-context.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person } from '../seed.ts';
import { eve, NOW_MS, settingOn, testTriage } from './pipeline-setting.ts';

const EVERY = { ...EVERY_DEAD_LETTER, mayReadNow: false };
const ANA = person('ana', 'tier1');
const LEA = person('lea', 'lead', { roles: ['lead'] });
const ALL = { ids: null, filter: EVERY, format: 'auto', text: null };

function letter(text: string, more: Partial<DeadLetter> = {}): Omit<DeadLetter, 'id'> {
  const place = { origin: 'eve.json', line: null, column: null, atMs: NOW_MS - 60_000 };
  return {
    ...place,
    reason: 'unknown_format',
    message: 'No known product',
    text,
    bytes: Buffer.byteLength(text),
    ...more,
  };
}

const good = (flow: number) => letter(JSON.stringify(eve({ flow })));

async function setUp(store: Store, letters: readonly Omit<DeadLetter, 'id'>[]) {
  await store.write(async (tx) => {
    await replacePeople(tx, [ANA, LEA]);
    await keepDeadLetters(tx, letters);
  });
  const parts = { triage: () => testTriage(), append: appendMachineDecision, formats: BUILT_IN };
  const { deps } = benchFor(store, NOW_MS, [deadLetterCommands(parts)]);
  const handlers = deadLetterHandlers(deps);
  const left = () => store.read((db) => deadLettersBelow(db, EVERY_DEAD_LETTER, null, 1_000));
  const rows = (table: 'alert' | 'decision' | 'change_feed') =>
    store.read((db) => db.selectFrom(table).selectAll().execute());
  return {
    left,
    rows,
    readAgain: (more: Partial<Parameters<typeof handlers.readAgain>[1]> = {}) =>
      handlers.readAgain(callBy(ANA), { ...ALL, statement: statement('letters.read_again'), ...more }),
    discard: (more: Partial<Parameters<typeof handlers.discard>[1]> = {}) =>
      handlers.discard(callBy(LEA), { ...ALL, statement: statement('letters.discard'), ...more }),
  };
}

describeOnBothStores('reading dead letters again', (open) => {
  test('an ordinary line is read as what somebody says that it is', async () => {
    const { store } = await open();
    const { readAgain, left } = await setUp(store, [letter('Nov 21 08:00:01 mx filter[12]: held back one')]);
    expect(await readAgain()).toMatchObject({ changed: 0, left: 1 });
    expect(await readAgain({ format: 'syslog' })).toMatchObject({ changed: 1, left: 0, report: { stored: 1 } });
    expect(await left()).toEqual([]);
  });

  test('what reads now is stored and leaves the list, the rest stays with its reason', async () => {
    const { store } = await open();
    const { readAgain, left, rows } = await setUp(store, [good(1), letter('{"who":"knows"}'), good(2)]);
    const answer = await readAgain();
    expect(answer).toMatchObject({ changed: 2, left: 1, report: { read: 2, stored: 2, queued: 2, rejected: 0 } });
    expect(answer.skipped).toEqual([
      { id: (await left())[0]?.id, reason: expect.stringContaining('No known product') },
    ]);
    expect((await left()).map(({ text }) => text)).toEqual(['{"who":"knows"}']);
    expect(await rows('alert')).toHaveLength(2);
    const [entry, ...others] = await rows('decision');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: 'letters.read_again', actor_id: 'ana', seq: answer.decisionId });
    expect(await rows('change_feed')).toHaveLength(1);
  });

  test('nothing changes when nothing reads', async () => {
    const { store } = await open();
    const { readAgain, rows, left } = await setUp(store, [letter('{"who":"knows"}')]);
    expect(await readAgain()).toMatchObject({
      changed: 0,
      left: 1,
      decisionId: null,
      summary: 'It still cannot be read.',
    });
    expect(await rows('decision')).toEqual([]);
    expect(await rows('change_feed')).toEqual([]);
    expect(await left()).toHaveLength(1);
  });

  test('an alert that came in by another way is no second one', async () => {
    const { store } = await open();
    const { readAgain, rows, left } = await setUp(store, [good(1)]);
    await settingOn(store).take([eve({ flow: 1 })]);
    expect(await readAgain()).toMatchObject({ changed: 1, report: { duplicates: 1, stored: 0 } });
    expect(await rows('alert')).toHaveLength(1);
    expect(await left()).toEqual([]);
  });

  test('neither the alert nor the missing letter stays when the transaction fails', async () => {
    const { store } = await open();
    const { readAgain, rows, left } = await setUp(store, [good(1)]);
    const request = { statement: statement('letters.read_again') };
    // The entry of the ledger is the last thing written.
    await store.write((tx) => tx.schema.alterTable('decision').renameTo('decision_away').execute());
    await expect(readAgain(request)).rejects.toThrow();
    await store.write((tx) => tx.schema.alterTable('decision_away').renameTo('decision').execute());
    expect(await left()).toHaveLength(1);
    expect(await rows('alert')).toEqual([]);
    expect(await readAgain(request)).toMatchObject({ changed: 1, report: { stored: 1 } });
  });

  test('many go in slices; the same request sent again answers the same and does what was not done', async () => {
    const { store } = await open();
    const { readAgain, rows, left } = await setUp(
      store,
      Array.from({ length: 250 }, (_, i) => good(i + 1)),
    );
    const request = { statement: statement('letters.read_again') };
    const first = await readAgain(request);
    expect(first).toMatchObject({ changed: 250, left: 0, report: { stored: 250 } });
    expect(await rows('decision')).toHaveLength(3);
    await store.write((tx) => keepDeadLetters(tx, [good(999)]));
    expect(await readAgain(request)).toEqual(first);
    expect(await left()).toHaveLength(1);
    await expect(readAgain({ ...request, format: 'wazuh' })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a mended text is stored as it was mended, and the item says so and by whom', async () => {
    const { store } = await open();
    const broken = JSON.stringify(eve({ flow: 5 })).replace('"event_type"', 'event_type');
    const { readAgain, rows, left } = await setUp(store, [letter(broken, { reason: 'invalid_json' }), good(6)]);
    const target = (await left()).find(({ reason }) => reason === 'invalid_json')?.id ?? -1;
    const mended = JSON.stringify(eve({ flow: 5 }));
    expect(await readAgain({ ids: [target], text: 'still { broken' })).toMatchObject({ changed: 0, left: 1 });
    const answer = await readAgain({ ids: [target], text: mended });
    expect(answer).toMatchObject({ changed: 1, left: 0, report: { stored: 1 } });
    expect(await left()).toHaveLength(1);
    const [alert] = await rows('alert');
    const [group] = await store.read((db) => db.selectFrom('alert_group').selectAll().execute());
    expect(JSON.parse(group?.tags_json ?? '[]')).toContain(MENDED_TAG);
    const subjects = await store.read((db) => db.selectFrom('decision_subject').selectAll().execute());
    expect(subjects).toMatchObject([{ decision_seq: answer.decisionId, group_id: alert?.group_id }]);
    const [entry] = await rows('decision');
    expect(entry).toMatchObject({ actor_id: 'ana', summary: expect.stringContaining('Mended by hand') });
    await expect(readAgain({ ids: [target], text: mended })).rejects.toMatchObject({ code: 'not_found' });
    await expect(readAgain({ ids: null, text: mended })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('a letter that was cut, or was no text, is not read as if it were whole', async () => {
    const { store } = await open();
    const text = JSON.stringify(eve({ flow: 1 }));
    const { readAgain, rows } = await setUp(store, [letter(text, { bytes: 90_000 })]);
    expect(await readAgain()).toMatchObject({ changed: 0, left: 1 });
    expect(await rows('alert')).toEqual([]);
  });

  test('only what a filter says, by a named format, at the site of the source', async () => {
    const { store } = await open();
    const { readAgain, rows, left } = await setUp(store, [
      good(1),
      letter(JSON.stringify(eve({ flow: 2 })), { origin: 'Firewall' }),
    ]);
    const draft = sourceDraftSchema.parse({ name: 'Firewall', site: 'Graz', settings: { kind: 'http', port: 0 } });
    await store.write((tx) => insertSource(tx, draft, NOW_MS));
    const filter = { ...EVERY, origin: 'Firewall' };
    expect(await readAgain({ filter, format: 'guardduty' })).toMatchObject({ changed: 0, left: 1 });
    await expect(readAgain({ filter, format: 'nope' })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await readAgain({ filter, format: 'suricata-eve' })).toMatchObject({ changed: 1, left: 0 });
    expect(await left()).toMatchObject([{ origin: 'eve.json' }]);
    const [alert] = await rows('alert');
    const origin = await store.read((db) =>
      db
        .selectFrom('origin')
        .selectAll()
        .where('id', '=', alert?.origin_id ?? 0)
        .executeTakeFirst(),
    );
    expect(origin).toMatchObject({ name: 'Firewall', site: 'Graz' });
  });
});

describeOnBothStores('discarding dead letters', (open) => {
  test('takes off the list what was chosen, with an entry in the ledger', async () => {
    const { store } = await open();
    const { discard, left, rows } = await setUp(store, [letter('one'), letter('two'), letter('three')]);
    const [newest] = await left();
    expect(await discard({ ids: [newest?.id ?? 0] })).toMatchObject({ changed: 1, summary: 'Discarded 1 record' });
    expect(await discard({ filter: { ...EVERY, text: 'ON' } })).toMatchObject({ changed: 1 });
    expect((await left()).map(({ text }) => text)).toEqual(['two']);
    expect((await rows('decision')).map(({ kind }) => kind)).toEqual(['letters.discard', 'letters.discard']);
    expect(await store.read((db) => countDeadLetters(db))).toBe(1);
  });
});
