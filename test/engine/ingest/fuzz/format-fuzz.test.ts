import { describe, expect, it } from 'vitest';
import { CATALOGUE, formatOf, fuzzShape, SHAPES } from './format-fuzz.ts';
import { HOSTILE, placesIn, replaced } from './hostile.ts';
import { faultOf } from './sound-alert.ts';

const NOW_MS = Date.UTC(2026, 10, 3);

describe('formats and hostile records', () => {
  it('has a record of every format', () => {
    const names = new Set(SHAPES.map(([name]) => name));
    expect(CATALOGUE.formats.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(SHAPES)('%s is sound with each hostile value in each place', (name, record) => {
    const format = formatOf(name);
    for (let place = 1; place < placesIn(record); place++) {
      for (const value of [undefined, ...HOSTILE]) {
        const result = format.read(replaced(record, place, value), NOW_MS);
        const fault = faultOf(result);
        if (fault !== null) expect.fail(`place ${place}, ${JSON.stringify(value)?.slice(0, 80)}: ${fault}`);
      }
    }
  });

  it.each(SHAPES)('%s is sound with several at once', (name, record) => {
    fuzzShape(name, record, 150);
  });

  it('is sound with records of another format, or of none', () => {
    for (const { name } of CATALOGUE.formats) {
      for (const record of [{}, ...SHAPES.map(([, shape]) => shape)]) {
        const fault = faultOf(formatOf(name).read(record, NOW_MS));
        if (fault !== null) expect.fail(`${name}: ${fault} in ${JSON.stringify(record).slice(0, 100)}`);
      }
    }
  });
});
