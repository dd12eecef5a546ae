import { expect, it } from 'vitest';
import { type Delivery, emptyDelivery, packFrames, storeDelivery } from '../../../engine/ingest/delivery.ts';
import { OrdinaryLines } from '../../../engine/ingest/frame-records.ts';
import {
  insertSource,
  removeSource,
  sourceById,
  sourceCursor,
  sourceCursors,
  sourceHealth,
  sourceHours,
} from '../../../engine/store/live-sources.ts';
import { deadLettersBelow, EVERY_DEAD_LETTER } from '../../../engine/store/sources.ts';
import type { Store } from '../../../engine/store/store.ts';
import { sourceDraftSchema } from '../../../shared/model/source.ts';
import { describeOnBothStores, stillClock } from '../../store/databases.ts';
import { eve, NOW_MS, settingOn } from './pipeline-setting.ts';

const draft = sourceDraftSchema.parse({ name: 'Firewall', settings: { kind: 'syslog', transport: 'tcp', port: 0 } });
const line = (flow: number) => `${JSON.stringify(eve({ flow }))}\n`;
const text = (lines: string): Delivery['records'] => ({
  kind: 'text',
  bytes: Buffer.from(lines),
  head: null,
  firstLine: 41,
});

async function setUp(store: Store, of = draft) {
  const { ingest } = settingOn(store);
  const id = await store.write((tx) => insertSource(tx, of, NOW_MS));
  const ordinaryLines = new OrdinaryLines(stillClock);
  const parts = {
    pipeline: ingest,
    ordinaryLines,
    readSource: (of: number) => store.read((db) => sourceById(db, of)),
    readCursor: (of: number, name: string) => store.read((db) => sourceCursor(db, of, name)),
  };
  const deliver = (delivery: Partial<Delivery>) => storeDelivery(parts, { ...emptyDelivery(id), ...delivery });
  const health = async () => (await store.read(sourceHealth)).get(id);
  const cursors = () => store.read((db) => sourceCursors(db, id));
  return { id, deliver, health, cursors };
}

describeOnBothStores('a delivery', (open) => {
  it('stores records and how far the source was read together, and counts them', async () => {
    const store = (await open()).store;
    const { id, deliver, health, cursors } = await setUp(store);
    const report = await deliver({
      records: text(line(1) + line(2)),
      cursors: [{ name: 'file', position: { offset: 120 } }],
      dropped: 3,
    });
    expect(report).toMatchObject({ read: 2, stored: 2 });
    expect(await cursors()).toEqual(new Map([['file', { offset: 120 }]]));
    expect(await health()).toMatchObject({ read: 2, stored: 2, dropped: 3, last_alert_at_ms: NOW_MS });
    const hours = await store.read((db) => sourceHours(db, 0));
    expect(hours.filter((hour) => hour.source_id === id)).toMatchObject([{ records: 2 }]);
  });

  it('keeps neither records nor cursor when the transaction fails', async () => {
    const store = (await open()).store;
    const { deliver, health, cursors } = await setUp(store);
    const unstorable = {
      toJSON: () => {
        throw new Error('The disk is full');
      },
    };
    // A cursor that cannot be written is the last thing of the transaction.
    const cursor = { name: 'file', position: unstorable as unknown as string };
    await expect(deliver({ records: text(line(7)), cursors: [cursor] })).rejects.toThrow('The disk is full');
    expect(await cursors()).toEqual(new Map());
    expect(await health()).toMatchObject({ read: 0, stored: 0 });
    expect(await deliver({ records: text(line(7)) })).toMatchObject({ stored: 1, duplicates: 0 });
  });

  it('takes frames as one record each, with line breaks inside or at the end', async () => {
    const store = (await open()).store;
    const { deliver } = await setUp(store);
    const printed = JSON.stringify(eve({ flow: 11 }), null, 2);
    const frames = [line(12), printed, '', JSON.stringify(eve({ flow: 13 }))].map((each) => Buffer.from(each));
    expect(await deliver({ records: packFrames(frames) })).toMatchObject({ read: 3, stored: 3, rejected: 0 });
  });

  it('keeps news of a source whose format is gone', async () => {
    const store = (await open()).store;
    const settings = { kind: 'file', path: '/var/log/doors.json' };
    const gone = await setUp(store, sourceDraftSchema.parse({ name: 'Doors', settings, format: 'acme-doors' }));
    await gone.deliver({ problem: 'Nobody reads this format.' });
    expect(await gone.health()).toMatchObject({ problem: 'Nobody reads this format.' });
    await expect(gone.deliver({ records: text(line(1)) })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('takes any line of a followed file where its format is that of syslog messages', async () => {
    const store = (await open()).store;
    const settings = { kind: 'file', path: '/var/log/mail.log' };
    const lines =
      'Nov 21 08:00:01 mx filter[12]: held back one\n<13>Nov 21 08:00:02 mx filter[12]: held back another\n';
    const records = { kind: 'text', bytes: Buffer.from(lines), head: null, firstLine: 1, isCut: true } as const;
    const named = await setUp(store, sourceDraftSchema.parse({ name: 'Mail', settings, format: 'syslog' }));
    expect(await named.deliver({ records })).toMatchObject({ stored: 2, rejected: 0 });
    const byContent = await setUp(store, sourceDraftSchema.parse({ name: 'By content', settings }));
    expect(await byContent.deliver({ records })).toMatchObject({ stored: 0, rejected: 2 });
  });

  it('says the line in the file of what could not be read, and none for frames', async () => {
    const store = (await open()).store;
    const { deliver } = await setUp(store);
    await deliver({ records: text(`${line(21)}no alert\n`) });
    await deliver({ records: packFrames([Buffer.from('no frame')]) });
    const letters = await store.read((db) => deadLettersBelow(db, EVERY_DEAD_LETTER, null, 10));
    expect(letters.map(({ origin, text, line }) => ({ origin, text, line }))).toEqual([
      { origin: 'Firewall', text: 'no frame', line: null },
      { origin: 'Firewall', text: 'no alert', line: 42 },
    ]);
  });

  it('keeps what is wrong until it is well again, and takes nothing for a source that was removed', async () => {
    const store = (await open()).store;
    const { id, deliver, health } = await setUp(store);
    await deliver({ problem: 'The port is taken.' });
    await deliver({ records: text(line(31)) });
    expect(await health()).toMatchObject({ problem: 'The port is taken.', problem_at_ms: NOW_MS });
    await deliver({ problem: null });
    expect(await health()).toMatchObject({ problem: null, problem_at_ms: null });
    await store.write((tx) => removeSource(tx, id, NOW_MS));
    await expect(deliver({ records: text(line(32)) })).rejects.toMatchObject({ code: 'not_found' });
  });
});
