import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStoragePolicy } from '../../../engine/policies.ts';
import type { StoreTarget } from '../../../engine/store/open.ts';
import { readOriginals } from '../../../engine/store/originals.ts';
import type { Store } from '../../../engine/store/store.ts';
import type { StoragePolicy } from '../../../shared/model/storage.ts';
import { openSetting, type Setting } from '../engine-setting.ts';

export const DAY_MS = 86_400_000;

export interface StorageSetting extends Setting {
  /** Tidies until there is nothing left to do; answers the sums. */
  tidyAll(): Promise<Awaited<ReturnType<Setting['engine']['writer']['tidy']>>>;
}

/** An engine whose storage policy is the default one with these changes. */
export async function openStorageSetting(
  target: StoreTarget,
  change: (policy: StoragePolicy) => void = () => {},
): Promise<StorageSetting> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-storage-'));
  const policy = structuredClone(loadStoragePolicy());
  change(policy);
  mkdirSync(join(dataDir, 'policies'));
  writeFileSync(join(dataDir, 'policies', 'storage.json'), JSON.stringify(policy));
  const setting = await openSetting(target, { dataDir });
  return {
    ...setting,
    tidyAll: async () => {
      const sum = await setting.engine.writer.tidy({ kind: 'system', id: 'test' });
      for (let calls = 0; !sum.isDone && calls < 100; calls += 1) {
        const more = await setting.engine.writer.tidy({ kind: 'system', id: 'test' });
        for (const key of ['droppedBlocks', 'droppedRecords', 'droppedBytes', 'keptOriginals'] as const) {
          sum[key] += more[key];
        }
        sum.heldBlocks += more.heldBlocks;
        sum.mergedBlocks += more.mergedBlocks;
        sum.freedBytes += more.freedBytes;
        sum.isDone = more.isDone;
      }
      return sum;
    },
    close: async () => {
      await setting.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The text of every content of every alert, as readers get it; null where it is gone. */
export function everyOriginal(store: Store): Promise<Map<string, string | null>> {
  return store.read(async (db) => {
    const now = await db.selectFrom('alert').select(['id', 'revision', 'block_id', 'slot']).orderBy('id').execute();
    const earlier = await db
      .selectFrom('alert_revision')
      .select(['alert_id as id', 'revision', 'block_id', 'slot'])
      .orderBy('alert_id')
      .execute();
    const rows = [...now, ...earlier];
    const bytes = await readOriginals(
      db,
      rows.map(({ block_id, slot }) => ({ blockId: block_id, slot })),
    );
    return new Map(
      rows.map(({ id, revision }, i) => {
        const original = bytes[i];
        return [`${id}/${revision}`, original ? Buffer.from(original).toString('utf8') : null];
      }),
    );
  });
}

/** What must be true of blocks and their index at any time. */
export async function indexProblems(store: Store): Promise<string[]> {
  return store.read(async (db) => {
    const blocks = await db.selectFrom('original_block').selectAll().execute();
    const index = await db.selectFrom('original_index').selectAll().execute();
    const byId = new Map(index.map((row) => [row.block_id, row]));
    const problems: string[] = [];
    if (blocks.length !== index.length) problems.push(`${blocks.length} blocks, ${index.length} in the index`);
    for (const block of blocks) {
      const row = byId.get(block.id);
      if (
        row?.day !== block.day ||
        row.severity !== block.severity ||
        row.records !== block.records ||
        row.raw_bytes !== block.raw_bytes ||
        row.stored_bytes !== block.body.byteLength
      ) {
        problems.push(`block ${block.id} and its row in the index differ`);
      }
    }
    return problems;
  });
}
