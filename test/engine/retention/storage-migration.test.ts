import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { readAlertList } from '../../../engine/store/alert-list.ts';
import { columnTypes } from '../../../engine/store/dialect.ts';
import { retention } from '../../../engine/store/migrations/0005-retention.ts';
import type { Store } from '../../../engine/store/store.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { eve } from '../ingest/pipeline-setting.ts';
import { openStorageSetting } from './storage-setting.ts';

async function index(store: Store) {
  const rows = await store.read((db) => db.selectFrom('original_index').selectAll().orderBy('block_id').execute());
  return rows.map((row) => ({ ...row, alerts: readAlertList(row.alerts).sort((a, b) => a - b) }));
}

describeOnBothStores('the step that adds retention', (open) => {
  it('knows of the blocks that were there before it what it would have known of new ones', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target);
    for (const priority of [1, 2, 3]) {
      await setting.ingestEve(Array.from({ length: 100 }, (_, i) => eve({ flow: 1_000 * priority + i, priority })));
    }
    await setting.ingestEve([eve({ flow: 2_005, priority: 2, extra: { app_proto: 'tls' } })]);
    const written = await index(setting.store);
    expect(written.length).toBeGreaterThan(5);
    await setting.store.write(async (tx) => {
      for (const table of ['original_index', 'dropped_block', 'kept_original']) {
        await sql`drop table ${sql.table(table)}`.execute(tx);
      }
      for (const statement of retention.statements(columnTypes(target.kind))) await sql.raw(statement).execute(tx);
    });
    expect(await index(setting.store)).toEqual(written);
    await setting.close();
  });
});
