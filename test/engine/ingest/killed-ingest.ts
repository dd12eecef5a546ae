import { readFileSync } from 'node:fs';
import { createIngest } from '../../../engine/ingest/pipeline.ts';
import { readRecords } from '../../../engine/ingest/records.ts';
import { openStore } from '../../../engine/store/open.ts';
import { quiet, systemTriage } from './killed-setting.ts';

/** A process to be killed: ingests a file in small transactions and says so after each. */
const [database = '', file = ''] = process.argv.slice(2);
const clock = { nowMs: () => Date.UTC(2026, 2, 2, 9) };
const store = await openStore({ target: { kind: 'sqlite', path: database }, log: quiet, clock });
const { ingest } = createIngest({
  store,
  ports: { clock, log: quiet },
  triage: () => systemTriage,
  append: async () => {},
});
async function* bytes(): AsyncGenerator<Uint8Array> {
  yield readFileSync(file);
}
await ingest(readRecords(bytes()), {
  origin: file,
  format: 'auto',
  isHistory: false,
  yieldToOthers: () => true,
  onProgress: (report) => process.stdout.write(`${report.stored}\n`),
});
await store.close();
