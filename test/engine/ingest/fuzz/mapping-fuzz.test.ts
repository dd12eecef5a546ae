import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../../../engine/ingest/mapping/compile-mapping.ts';
import { parseMapping } from '../../../../shared/domain/mapping/parse-mapping.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { RESOURCES } from '../../engine-setting.ts';
import { SHAPES } from './format-fuzz.ts';
import { changed, changes } from './hostile.ts';
import { mutated, seeded } from './mutate.ts';
import { faultOf } from './sound-alert.ts';

const NOW_MS = Date.UTC(2026, 10, 3);
const SHIPPED = readFileSync(join(RESOURCES, 'mappings', 'llm-gateway.yml'));
const RECORDS: readonly JsonObject[] = SHAPES.map(([, record]) => record);

/** Reads records by a mapping, when there is one; what comes out must be sound whatever the mapping says. */
function tryMapping(text: string): boolean {
  const { mapping, problems } = parseMapping(text);
  for (const { line, column, message } of problems) {
    expect(line >= 1 && column >= 1 && message.length > 5).toBe(true);
  }
  if (mapping === null) {
    expect(problems.some(({ level }) => level === 'error')).toBe(true);
    return false;
  }
  const format = compileMapping(mapping);
  for (const record of RECORDS) {
    const claim = format.recognises(record);
    if (claim === 1) expect(format.mayClaim?.(record)).toBe(true);
    expect(faultOf(format.read(record, NOW_MS))).toBeNull();
  }
  return true;
}

describe('mapping files and damage', () => {
  it('gives a mapping that reads soundly or a problem with its place, never a throw', () => {
    let usable = 0;
    for (let seed = 1; seed <= 300; seed++) {
      if (tryMapping(mutated(SHIPPED, seeded(seed)).toString('utf8'))) usable++;
    }
    expect(usable).toBeGreaterThan(20);
  });

  it('reads soundly with every transform on hostile values', () => {
    const transforms = [
      'lower',
      'upper',
      'trim',
      '{ split: " " }',
      '{ replace: { text: a, by: bbbb } }',
      `{ regex: '(a|b|ab)*c?(.*)' }`,
      '{ map: { x: y, "*": z } }',
      '{ multiply: 1e200 }',
      '{ add: -1e308 }',
      '{ epoch: ns }',
      '{ time: "dd.MM.yyyy HH:mm" }',
    ];
    const chains = fc.array(fc.constantFrom(...transforms), { maxLength: 5 });
    const fields = [
      'severity',
      'ruleId',
      'tags',
      'hosts',
      'sourceIp',
      'sourcePort',
      'hashes',
      'urls',
      'techniques',
      'cves',
    ];
    fc.assert(
      fc.property(chains, changes, fc.constantFrom(...RECORDS), (chain, all, record) => {
        const strange = changed(record, all);
        const path = Object.keys(record)[0] ?? 'a';
        const value = `{ from: "${path}", transforms: [${['trim', ...chain].join(', ')}] }`;
        const text = `name: fuzz\nrecognise: { has: x }\nid: [${value}]\nfields:\n  time: { const: '2026-11-02T10:00:00Z' }\n  title: { firstOf: [${value}], default: Title }\n${fields.map((field) => `  ${field}: ${value}\n`).join('')}`;
        const { mapping } = parseMapping(text);
        if (mapping === null) throw new Error(text);
        expect(faultOf(compileMapping(mapping).read(strange, NOW_MS))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
