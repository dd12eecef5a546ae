import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FORMAT_SAMPLES } from '../../../engine/bench/format-samples.ts';
import { benchIngest } from '../../../engine/bench/ingest.ts';
import { quiet } from '../../store/databases.ts';

it('measures all that it says it measures, and says what it leaves out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-bench-test-'));
  try {
    const arrivals = join(folder, 'arrivals.csv');
    writeFileSync(
      arrivals,
      'arrived_at_utc\n2019-07-19 00:00:01\n2019-07-19 00:00:01\n2019-07-19 00:00:02\n2019-07-20 10:00:00\n',
    );
    const left: string[] = [];
    const { metrics } = await benchIngest({
      clock: { nowMs: () => Date.now() },
      log: quiet,
      resourcesDir: join(import.meta.dirname, '../../../resources'),
      records: 2_000,
      recordsOfFormat: 20,
      arrivals,
      say: (text) => left.push(text),
    });
    const { perFormat, costRatio1mTo100k, costRatio10mTo100k, cpuRatio1mTo100k, cpuRatio10mTo100k, ...figures } =
      metrics;
    expect(Object.keys(perFormat ?? {})).toEqual(Object.keys(FORMAT_SAMPLES));
    expect([costRatio1mTo100k, costRatio10mTo100k, cpuRatio1mTo100k, cpuRatio10mTo100k]).toEqual(Array(4).fill(null));
    expect(figures).toMatchObject({ rules: 500, yearAlerts: 4, busiestMinuteAlerts: 3 });
    for (const [key, value] of Object.entries(figures)) expect([key, typeof value]).toEqual([key, 'number']);
    expect(left).toEqual([expect.stringContaining('--full')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
