import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { busiestMinute, readArrivals } from '../../../engine/bench/ingest-year.ts';

it('reads arrivals in their order and finds the calendar minute that has most of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-arrivals-'));
  try {
    const lines = [
      'arrived_at_utc',
      '2019-07-19 00:02:59',
      '2019-07-19 00:02:01',
      '2019-07-19 00:01:59',
      '2019-07-19 00:03:00',
    ];
    const path = join(folder, 'arrivals.csv.gz');
    writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
    const times = await readArrivals(path);
    expect(times).toHaveLength(4);
    const start = Date.UTC(2019, 6, 19, 0, 2);
    expect([...busiestMinute(times)]).toEqual([start + 1_000, start + 59_000]);
    expect(busiestMinute(new Float64Array())).toHaveLength(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
