import { createIngest } from '../../../engine/ingest/pipeline.ts';
import { readRecords } from '../../../engine/ingest/records.ts';
import { generateEveLines } from '../../../engine/sample/generate-eve.ts';
import { openStore } from '../../../engine/store/open.ts';
import { quiet, systemTriage } from './killed-setting.ts';

/** Ingests a stream that exists nowhere, and prints what memory it took. */
const [database = '', count = '1000'] = process.argv.slice(2);
const records = Number(count);
const clock = { nowMs: () => Date.UTC(2026, 2, 2, 9) };
let bytes = 0;
async function* stream(): AsyncGenerator<Uint8Array> {
  let lines: string[] = [];
  for (const line of generateEveLines({ records, seed: 'stream', endsAtMs: clock.nowMs(), days: 1, entities: 200 })) {
    lines.push(line);
    if (lines.length < 70) continue;
    const chunk = Buffer.from(`${lines.join('\n')}\n`);
    bytes += chunk.byteLength;
    lines = [];
    yield chunk;
  }
  yield Buffer.from(lines.join('\n'));
}
const store = await openStore({ target: { kind: 'sqlite', path: database }, log: quiet, clock });
const { ingest } = createIngest({
  store,
  ports: { clock, log: quiet },
  triage: () => systemTriage,
  append: async () => {},
});
let peakRssBytes = 0;
let rssAtTenthBytes = 0;
const report = await ingest(readRecords(stream()), {
  origin: 'a stream',
  format: 'auto',
  isHistory: false,
  onProgress: ({ stored }) => {
    const rss = process.memoryUsage.rss();
    peakRssBytes = Math.max(peakRssBytes, rss);
    if (stored <= records / 10) rssAtTenthBytes = Math.max(rssAtTenthBytes, rss);
  },
});
await store.close();
process.stdout.write(JSON.stringify({ stored: report.stored, bytes, rssAtTenthBytes, peakRssBytes }));
