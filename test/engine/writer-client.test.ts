import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeOnBothStores } from '../store/databases.ts';
import { ANA, itemsOf, listOpen, openSetting, statementOf } from './engine-setting.ts';
import { eve } from './ingest/pipeline-setting.ts';

const workerUrl = new URL('../../engine/writer-worker.ts', import.meta.url);

describeOnBothStores('a writer on its own thread', (open) => {
  it('takes files in, decides, and tells the readers of it', async () => {
    expect(fileURLToPath(workerUrl)).toMatch(/engine[\\/]writer-worker\.ts$/);
    const { target } = await open();
    const setting = await openSetting(target, { writer: { kind: 'worker', workerUrl } });
    const { engine } = setting;
    const seen: number[] = [];
    engine.changes.onChange((seq) => seen.push(seq));
    const report = await setting.ingestEve([
      eve({ flow: 1, source: '10.0.0.1' }),
      eve({ flow: 2, source: '10.0.0.2' }),
    ]);
    expect(report).toMatchObject({ read: 2, stored: 2, queued: 2 });
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const closed = await engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose', [first.id]),
      selection: itemsOf(first),
      disposition: 'false_positive',
      reason: 'a test',
    });
    expect((await listOpen(setting, ANA)).total).toBe(1);
    expect(seen).toContain(closed.seq);
    const again = engine.handlers.decisions.acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge'),
      selection: itemsOf(first),
    });
    await expect(again).rejects.toMatchObject({ name: 'EngineError', code: 'conflict' });
    await engine.tick();
    const found = await engine.search.query('10.0.0.2', { limit: 10 });
    expect(found.length).toBe(1);
    await setting.close();
  });

  it('lets a command in between the slices of a large file', async () => {
    const { target } = await open();
    const setting = await openSetting(target, { writer: { kind: 'worker', workerUrl } });
    await setting.ingestEve([eve({ flow: 1, sid: 77, source: '10.9.9.9' })]);
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const lines = Array.from({ length: 20_000 }, (_, i) => eve({ flow: 10 + i, source: `10.1.${i % 200}.${i % 250}` }));
    let isDone = false;
    const ingest = setting.ingestEve(lines).then((report) => {
      isDone = true;
      return report;
    });
    await new Promise<void>((resolve) => {
      const stop = setting.engine.changes.onChange(() => {
        stop();
        resolve();
      });
    });
    await setting.engine.handlers.decisions.acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge', [first.id]),
      selection: itemsOf(first),
    });
    expect(isDone).toBe(false);
    expect(await ingest).toMatchObject({ read: 20_000, stored: 20_000 });
    await setting.close();
  });
});
