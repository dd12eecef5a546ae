import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFiles } from '../../../../engine/ingest/ahead/open-files.ts';
import { readAhead } from '../../../../engine/ingest/ahead/read-ahead.ts';
import { BUILT_IN } from '../../../../engine/ingest/formats/index.ts';
import { createIngest } from '../../../../engine/ingest/pipeline.ts';
import type { IngestBatch } from '../../../../engine/ingest/pipeline-slices.ts';
import { readRecords } from '../../../../engine/ingest/records.ts';
import { openAlertFile } from '../../../../engine/ingest/sources/file.ts';
import { loadPolicies } from '../../../../engine/policies.ts';
import { generateEveLines } from '../../../../engine/sample/generate-eve.ts';
import { openStore } from '../../../../engine/store/open.ts';
import { loadTriagePolicies } from '../../../../engine/triage/policies.ts';
import { loadPriors } from '../../../../engine/triage/priors.ts';
import { makeTriageState } from '../../../../engine/triage/triage-state.ts';
import { parseRule } from '../../../../shared/domain/rules/parse-rule.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import * as alertRecords from '../../../fixtures/alert-records.ts';
import * as cloudRecords from '../../../fixtures/cloud-records.ts';
import * as sensorRecords from '../../../fixtures/sensor-records.ts';
import { quiet, stillClock } from '../../../store/databases.ts';
import { eve, NOW_MS } from '../pipeline-setting.ts';

const RESOURCES = join(import.meta.dirname, '../../../../resources');
const workerUrl = new URL('../../../../engine/ingest/ahead/reader-worker.ts', import.meta.url);
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenwatch-ahead-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rule = (id: number, body: string) => {
  const text = `title: Rule ${id}\nid: 00000000-0000-4000-8000-00000000000${id}\nrationale: For trying.\nowner: lead\napprovedBy: second\nexpires: 2027-01-01\n${body}`;
  const { rule: parsed, problems } = parseRule(text);
  if (parsed === null) throw new Error(JSON.stringify(problems));
  return parsed;
};
const RULES = [
  rule(
    1,
    'status: certified\ndetection: { a: { rule.id: "1:2001:1" }, condition: a }\nactions: [{ close: false_positive }]',
  ),
  rule(
    2,
    'status: certified\ndetection: { a: { rule.id: "1:2002:1" }, condition: a }\nactions: [{ suppress: { forMinutes: 60, by: [source.ip, raw.dest_ip] } }]',
  ),
  rule(
    3,
    'status: certified\ndetection: { a: { source.ip|cidr: 10.0.0.0/24 }, condition: a }\nactions: [{ tag: inside }, { priority: up }]',
  ),
  rule(
    4,
    'status: shadow\ndetection: { a: { host.criticality: low }, condition: a }\nactions: [{ close: false_positive }]',
  ),
];

function triageWith(documents: typeof RULES) {
  return makeTriageState({
    documents,
    assets: [
      { key: '10.0.0.7', kind: 'ip', criticality: 'crown_jewel', internetFacing: true, owner: 'ana', note: null },
    ],
    identities: [{ key: 'eva', tier0: true, criticality: null, owner: null, note: null }],
    lookups: new Map(),
    isPaused: false,
    policies: loadTriagePolicies(join(RESOURCES, 'policies')),
    sla: loadPolicies(join(RESOURCES, 'policies')).sla,
    priors: loadPriors(RESOURCES),
    closedToday: new Map(),
    nowMs: NOW_MS,
  });
}

/** Everything at once: noise, what rules act on, known things, repeats, changed contents, every format of ours, and faults. */
function mixedLines(): string[] {
  const lines = [
    ...generateEveLines({ records: 2_500, seed: 'ahead', endsAtMs: NOW_MS, days: 1, entities: 60, rules: 20 }),
  ];
  for (let i = 0; i < 600; i += 1) {
    const parts = {
      flow: 10_000 + i,
      sid: 2_000 + (i % 4),
      source: `10.0.0.${i % 9}`,
      destination: `192.0.2.${i % 3}`,
    };
    const at = NOW_MS - (i % 50) * 60_000;
    lines.push(
      JSON.stringify(eve({ ...parts, at, priority: 2 + (i % 2), tactic: i % 7 === 0 ? 'Discovery' : 'Execution' })),
    );
    if (i % 20 === 0) lines.push(lines.at(-1) ?? '');
    if (i % 25 === 0)
      lines.push(JSON.stringify(eve({ ...parts, at, priority: 1, signature: 'ET POLICY changed \u{1F600}' })));
  }
  for (const make of Object.values({ ...alertRecords, ...cloudRecords, ...sensorRecords })) {
    if (typeof make === 'function' && make.length === 0) lines.push(JSON.stringify((make as () => JsonObject)()));
  }
  lines.push('{"broken": ', '{"event_type":"flow","timestamp":"2026-03-01T00:00:00Z","flow_id":1}', '{"no":"product"}');
  return lines;
}

const TABLES = [
  'alert',
  'alert_group',
  'dedupe',
  'alert_revision',
  'group_rule',
  'group_count',
  'dead_letter',
  'format_count',
  'original_block',
  'source_rule',
  'entity_tactic',
  'rule_window',
  'group_entity',
] as const;

async function storedBy(
  records: (state: ReturnType<typeof triageWith>) => AsyncIterable<IngestBatch>,
  documents = RULES,
) {
  const path = join(mkdtempSync(join(folder, 'db-')), 'evenwatch.db');
  const store = await openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });
  try {
    const state = triageWith(documents);
    const { ingest } = createIngest({
      store,
      ports: { clock: stillClock, log: quiet },
      triage: () => state,
      append: async () => {},
    });
    const report = await ingest(records(state), { origin: 'mixed.json', format: 'auto', isHistory: false });
    const rows: Record<string, unknown[]> = {};
    for (const table of TABLES) {
      const all = await store.read((db) => db.selectFrom(table).selectAll().execute());
      rows[table] = all.map((row) => JSON.stringify(row)).sort();
    }
    return { report: { ...report, elapsedMs: 0 }, rows };
  } finally {
    await store.close();
  }
}

const ahead = (path: string) => (state: ReturnType<typeof triageWith>) =>
  readAhead({ workerUrl, formats: BUILT_IN, triage: () => state }, { path, format: 'auto' });

it('stores what reading on one thread stores, row for row', async () => {
  const path = join(folder, 'mixed.json');
  writeFileSync(path, mixedLines().join('\n'));
  const expected = await storedBy(() => readRecords(openAlertFile(path)));
  expect(expected.report.autoClosed).toBeGreaterThan(100);
  expect(expected.report.updated).toBeGreaterThan(10);
  expect(expected.report.duplicates).toBeGreaterThan(10);
  expect(expected.report.rejected).toBe(2);
  expect(await storedBy(ahead(path))).toEqual(expected);
});

it('asks anew where the rules are others than those that the thread asked', async () => {
  const path = join(folder, 'mixed.json');
  writeFileSync(path, mixedLines().join('\n'));
  const expected = await storedBy(() => readRecords(openAlertFile(path)));
  const others = triageWith([]);
  expect(await storedBy(() => ahead(path)(others))).toEqual(expected);
});

it('keeps why a file cannot be read, as the writer would', async () => {
  const path = join(folder, 'missing.json');
  const expected = await storedBy(() => readRecords(openAlertFile(path)));
  expect(expected.report.rejected).toBe(1);
  expect(await storedBy(ahead(path))).toEqual(expected);
});

it('leaves small files to the thread that asks', async () => {
  const path = join(folder, 'small.json');
  writeFileSync(path, JSON.stringify(eve()));
  const state = triageWith([]);
  const open = openFiles({ formats: BUILT_IN, triage: () => state, readerUrl: 'file:///there/is/no/such/worker.ts' });
  let bytes = 0;
  const records = await open(path, 'auto', (read) => {
    bytes = read;
  });
  expect((await storedBy(() => records)).report.stored).toBe(1);
  expect(bytes).toBe(JSON.stringify(eve()).length);
});

it('refuses a format that nobody knows, as the writer does', async () => {
  const path = join(folder, 'small.json');
  writeFileSync(path, JSON.stringify(eve()));
  const state = triageWith([]);
  const parts = { workerUrl, formats: BUILT_IN, triage: () => state };
  await expect(storedBy(() => readAhead(parts, { path, format: 'nothing' }))).rejects.toMatchObject({
    code: 'invalid_input',
  });
});
