import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const MEBIBYTE = 1024 * 1024;

it('streams 300 MB without holding it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-memory-'));
  try {
    const script = join(import.meta.dirname, 'streaming-ingest.ts');
    const child = spawnSync(process.execPath, [script, join(folder, 'evenwatch.db'), '330000'], { encoding: 'utf8' });
    expect(child.stderr).not.toMatch(/Error/);
    const { stored, bytes, rssAtTenthBytes, peakRssBytes } = JSON.parse(child.stdout);
    expect(stored).toBe(330_000);
    expect(bytes).toBeGreaterThan(280 * MEBIBYTE);
    expect(peakRssBytes).toBeLessThan(300 * MEBIBYTE);
    // Nine tenths more of the stream must not cost memory in their proportion.
    expect(peakRssBytes - rssAtTenthBytes).toBeLessThan(80 * MEBIBYTE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
