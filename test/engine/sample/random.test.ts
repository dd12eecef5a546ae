import { describe, expect, it } from 'vitest';
import { generateEveLines } from '../../../engine/sample/generate-eve.ts';
import { seededRandom } from '../../../engine/sample/random.ts';

describe('seeded random', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const draw = (seed: string) => Array.from({ length: 50 }, seededRandom(seed).next);
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('is even enough: ten bins of 100,000 draws lie within 3 % of each other', () => {
    const random = seededRandom(7);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const bin = Math.floor(random.next() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(Math.max(...bins) - Math.min(...bins)).toBeLessThan(600);
  });

  it('keeps forks apart from what the parent draws', () => {
    const untouched = seededRandom('x').fork('part').next();
    const parent = seededRandom('x');
    parent.next();
    expect(parent.fork('part').next()).toBe(untouched);
  });

  it('keeps integers inside their bounds and weights in proportion', () => {
    const random = seededRandom('bounds');
    const counts = { a: 0, b: 0 };
    for (let draw = 0; draw < 4000; draw += 1) {
      expect([1, 2, 3]).toContain(random.int(1, 3));
      counts[
        random.weighted([
          ['a', 3],
          ['b', 1],
        ] as const)
      ] += 1;
    }
    expect(counts.a / counts.b).toBeGreaterThan(2.5);
    expect(counts.a / counts.b).toBeLessThan(3.5);
  });
});

describe('generated EVE lines', () => {
  it('are JSON in the order of time, about 900 bytes, as many as asked, and the same again', () => {
    const options = { records: 2000, seed: 3, endsAtMs: Date.UTC(2026, 10, 21), rules: 20, entities: 100, days: 2 };
    const lines = [...generateEveLines(options)];
    expect(lines).toEqual([...generateEveLines(options)]);
    const records = lines.map((line) => JSON.parse(line) as { timestamp: string; alert: { signature_id: number } });
    expect(records).toHaveLength(2000);
    const times = records.map((record) => record.timestamp);
    expect(times).toEqual([...times].sort());
    expect(times[0]?.slice(0, 10)).toBe('2026-11-19');
    expect(new Set(records.map((record) => record.alert.signature_id)).size).toBe(20);
    const mean = lines.join('\n').length / 2000;
    expect(mean).toBeGreaterThan(820);
    expect(mean).toBeLessThan(980);
  });
});
