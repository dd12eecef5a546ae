import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AlertFormat } from '../../../../engine/ingest/format.ts';
import { noticeRecord } from '../../../../engine/ingest/formats/evenwatch.ts';
import type { FormatCatalogue } from '../../../../engine/ingest/formats/index.ts';
import { loadCatalogue } from '../../../../engine/ingest/mapping/mapping-files.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { SAMPLES } from '../../../fixtures/format-samples.ts';
import { RESOURCES } from '../../engine-setting.ts';
import { changed, changes } from './hostile.ts';
import { faultOf } from './sound-alert.ts';

const NOW_MS = Date.UTC(2026, 10, 3);

/** The formats of the program and the shipped mappings. */
export const CATALOGUE: FormatCatalogue = loadCatalogue({ own: null, program: join(RESOURCES, 'mappings') }).catalogue;

const NOTICE = noticeRecord({
  id: 'silent:fw-1:2026-11-02',
  observedAtMs: Date.UTC(2026, 10, 2),
  rule: 'source-silent',
  ruleName: 'A source fell silent',
  title: 'Firewall has sent nothing for three hours',
  description: 'It sends every minute otherwise.',
  about: 'source/Firewall',
});
const GATEWAY: JsonObject = JSON.parse(readFileSync(join(import.meta.dirname, 'gateway-record.json'), 'utf8'));

/** A record of each shape that the program reads. */
export const SHAPES: readonly (readonly [string, JsonObject])[] = [
  ...SAMPLES,
  ['syslog', { line: '<34>1 2026-11-02T09:50:00.003Z gw-2 sshd 411 ID47 - Failed password for root' }],
  ['evenwatch', NOTICE],
  ['llm-gateway', GATEWAY],
];

export function formatOf(name: string): AlertFormat {
  const format = CATALOGUE.named(name);
  if (format === null) throw new Error(`no format ${name}`);
  return format;
}

/** Reads records of one shape with hostile values in the places of their own: each answer must be sound, and the same twice. */
export function fuzzShape(name: string, record: JsonObject, numRuns: number, seed?: number): void {
  const format = formatOf(name);
  const property = fc.property(changes, (all) => {
    const strange = changed(record, all);
    CATALOGUE.recognise(strange);
    CATALOGUE.isToldByKeys(strange, format);
    const result = format.read(strange, NOW_MS);
    expect(faultOf(result)).toBeNull();
    expect(format.read(strange, NOW_MS)).toEqual(result);
  });
  fc.assert(property, { numRuns, ...(seed === undefined ? {} : { seed }) });
}
