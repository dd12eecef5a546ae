import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import { setMeta } from '../store/meta.ts';
import { buildSample, sampleStartsAtMs } from './build.ts';
import { COMPANY } from './company.ts';
import { openSampleEngine } from './open-engine.ts';
import { writeSampleRules } from './rules.ts';

export interface MakeSampleOptions {
  /** The folder that is to hold the sample. It appears at once and whole, or not at all. */
  folder: string;
  resourcesDir: string;
  endsAtMs: number;
  seed?: string;
  /** Share of the usual noise: tests make a small one. */
  volume?: number;
}

/**
 * Makes the sample workspace beside its place and moves it there when it is done, so that a process that is killed
 * meanwhile leaves nothing that looks like a workspace, and the next start begins anew.
 */
export async function makeSample(
  { folder, resourcesDir, endsAtMs, seed, volume }: MakeSampleOptions,
  ports: Pick<Ports, 'log' | 'random' | 'secrets'>,
  onProgress?: (share: number) => void,
): Promise<void> {
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true, mode: 0o700 });
  const rulesDir = join(making, 'rules');
  await writeSampleRules(join(resourcesDir, 'sample', 'rules'), rulesDir, endsAtMs);
  const path = join(making, 'evenwatch.db');
  const startsAtMs = sampleStartsAtMs(endsAtMs);
  const engine = await openSampleEngine({ path, rulesDir, resourcesDir, startsAtMs }, ports);
  try {
    await buildSample({ engine, endsAtMs, seed, volume, onProgress });
    await engine.store.write(async (tx) => {
      await setMeta(tx, 'workspace_name', COMPANY.name);
      await setMeta(tx, 'is_sample', '1');
      await setMeta(tx, 'sample_ends_at_ms', String(endsAtMs));
    });
  } finally {
    await engine.close();
  }
  for (const name of ['evenwatch.db', 'search.db']) await syncToDisk(join(making, name));
  await rm(folder, { recursive: true, force: true });
  await rename(making, folder);
}

/** No commit waited for the disk while it was made; before it counts as made, the whole file does. */
async function syncToDisk(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
