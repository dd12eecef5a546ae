import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { queueFilterSchema } from '../../shared/model/queue.ts';
import { BUILT_IN } from '../ingest/formats/index.ts';
import { searchTextBy } from '../ingest/pipeline-search.ts';
import { resolveFilter } from '../routing/resolve-filter.ts';
import { generateEveFile } from '../sample/generate-eve.ts';
import { bareInserts } from '../store/bare-inserts.ts';
import { openStore } from '../store/open.ts';
import { itemsOf } from '../store/queue-items.ts';
import { readPage } from '../store/queue-page.ts';
import { openSearch } from '../store/search/open-search.ts';
import type { Store } from '../store/store.ts';
import { WorkerWriter } from '../writer-client.ts';
import { FORMAT_SAMPLES, writeSampleFile } from './format-samples.ts';
import { benchRuleTexts, type IngestSetting, openIngest, percentile, READER_URL, rounded } from './ingest-run.ts';

const MINUTE_SHARE_OF_DAY = 1 / 1_440;

/** Alerts of one rule on 5,000 machines within a minute. */
export async function measureStorm(folder: string, alerts: number, setting: IngestSetting): Promise<number> {
  const path = join(folder, 'storm.json');
  const shape = { days: MINUTE_SHARE_OF_DAY, entities: 5_000, rules: 1 };
  await generateEveFile(path, { records: alerts, seed: setting.seed, endsAtMs: setting.clock.nowMs(), ...shape });
  const { store, take } = await openIngest(join(folder, 'storm.db'), setting);
  try {
    const { stored, elapsedMs } = await take(path);
    return Math.round(stored / (elapsedMs / 1_000));
  } finally {
    await store.close();
    rmSync(path);
  }
}

/** Ingest of each format, against bare inserts of the same lines. */
export async function measureFormats(
  folder: string,
  alerts: number,
  setting: IngestSetting,
): Promise<Record<string, { alertsPerSecond: number; ratioToBareInserts: number }>> {
  const perFormat: Record<string, { alertsPerSecond: number; ratioToBareInserts: number }> = {};
  for (const [name, sample] of Object.entries(FORMAT_SAMPLES)) {
    const path = join(folder, `${name}.log`);
    await writeSampleFile(path, sample, alerts);
    const bare = await bareInserts(path, join(folder, `${name}-bare.db`), setting.clock);
    const { store, take } = await openIngest(join(folder, `${name}.db`), setting);
    try {
      const { stored, elapsedMs } = await take(path, sample.format);
      if (stored !== alerts) throw new Error(`Of ${alerts} alerts of ${name}, ${stored} were stored`);
      const perSecond = stored / (elapsedMs / 1_000);
      const ratio = perSecond / (bare.rows / (bare.elapsedMs / 1_000));
      perFormat[name] = { alertsPerSecond: Math.round(perSecond), ratioToBareInserts: rounded(ratio, 4) };
    } finally {
      await store.close();
    }
    for (const file of [path, join(folder, `${name}.db`), join(folder, `${name}-bare.db`)]) rmSync(file);
  }
  return perFormat;
}

/** How long searching lags behind when a file has been taken in, and what taking in and indexing cost together. */
export async function measureIndexing(
  path: string,
  folder: string,
  setting: IngestSetting,
): Promise<{ searchLagSeconds: number; elapsedMs: number; stored: number }> {
  const { clock, log } = setting;
  const target = { kind: 'sqlite', path: join(folder, 'indexed.db') } as const;
  const { store, take } = await openIngest(target.path, setting);
  const search = await openSearch({ store, target, textOf: searchTextBy(BUILT_IN), log });
  try {
    const { stored, elapsedMs } = await take(path);
    const startedAtMs = clock.nowMs();
    while ((await search.catchUp(2_000)) > 0);
    const lagMs = clock.nowMs() - startedAtMs;
    return { searchLagSeconds: rounded(lagMs / 1_000, 2), elapsedMs: elapsedMs + lagMs, stored };
  } finally {
    await search.close();
    await store.close();
  }
}

const PAGE_ROWS = 200;
/** A person who turns pages as fast as this is in a hurry. */
const PAGE_EVERY_MS = 25;

/** Milliseconds of the queue's first page (p95), from readers of this thread, while the writer's thread takes a file in. */
export async function measurePages(
  path: string,
  folder: string,
  setting: IngestSetting,
): Promise<{ p95Ms: number; pages: number }> {
  const { clock, log, resourcesDir } = setting;
  const rulesDir = join(folder, 'rules');
  mkdirSync(rulesDir);
  for (const [index, text] of benchRuleTexts(setting).entries()) writeFileSync(join(rulesDir, `${index}.yml`), text);
  const target = { kind: 'sqlite', path: join(folder, 'pages.db') } as const;
  const options = { target, resourcesDir, rulesDirs: [rulesDir], readerUrl: READER_URL.href };
  const workerUrl = new URL('../writer-worker.ts', import.meta.url);
  const writer = await WorkerWriter.open({ options, workerUrl, log });
  const store = await openStore({ target, log, clock, readOnly: true });
  try {
    let isDone = false;
    const request = { paths: [path], format: 'auto', isHistory: false, site: null };
    const ingest = writer.ingest(request).finally(() => {
      isDone = true;
    });
    const times: number[] = [];
    while (!isDone) {
      const startedAt = performance.now();
      await readFirstPage(store);
      times.push(performance.now() - startedAt);
      await sleep(PAGE_EVERY_MS);
    }
    await ingest;
    return { p95Ms: percentile(times, 0.95), pages: times.length };
  } finally {
    await store.close();
    await writer.close();
  }
}

function readFirstPage(store: Store): Promise<void> {
  return store.read(async (db) => {
    const filter = await resolveFilter(db, queueFilterSchema.parse({}), null, async () => []);
    const page = await readPage(db, filter, { sort: 'priority', cursor: null, limit: PAGE_ROWS });
    await itemsOf(db, page.rows);
  });
}
