import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUILT_IN, recogniseFormat } from '../../../../engine/ingest/formats/index.ts';
import { readRecords } from '../../../../engine/ingest/records.ts';
import { listAlertFiles, openAlertFile } from '../../../../engine/ingest/sources/file.ts';
import { readStoredAlert } from '../../../../engine/ingest/stored-alert.ts';
import { RecordCheck } from '../../../../engine/triage/history/record-check.ts';
import { ECS_FIELDS, type FieldSubject, fieldValues } from '../../../../shared/domain/alert/ecs-fields.ts';
import type { Condition, Detection, DetectionItem, ValueTest } from '../../../../shared/domain/rules/detection.ts';
import { compileRules, evaluateRule } from '../../../../shared/domain/rules/rule-set.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/model/json.ts';
import { SAMPLES } from '../../../fixtures/format-samples.ts';
import { NO_REAL_ALERTS, realAlertsDir } from '../../../fixtures/real-alerts.ts';
import { NOTHING_KNOWN, ruleOf } from '../../../fixtures/rule-subjects.ts';

const NEAR_MS = Date.UTC(2026, 10, 2);
const SAMPLED: readonly (readonly [format: string, record: JsonObject])[] = SAMPLES;

/** What one record becomes: some of its texts are others, some of its members are gone. */
const EDITS = fc.array(
  fc.tuple(
    fc.nat(200),
    fc.oneof(
      fc.constantFrom(
        '\u212aernel\u017fcan',
        'SI\u0130LENT',
        'a\\b "c" d/e',
        'x&amp;y',
        ' 12 ',
        '1e3',
        'two\nlines\there',
        '::ffff:0a28:0703',
        '2001:0DB8:0::000a',
        '10.40.7.3',
        'CORP\\ana',
        'name with \u00e9 and \ud83d\ude00',
        'https://App.Example:8443/Path?q=1',
        '',
        null,
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(1e21, 1000, 0.5, true),
    ),
  ),
  { maxLength: 6 },
);

function edited(record: JsonObject, edits: readonly (readonly [number, Json])[]): JsonObject {
  const copy = structuredClone(record);
  const leaves: { holder: Record<string, Json> | Json[]; key: string | number }[] = [];
  const walk = (node: Json): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      const holder = node as Record<string, Json>;
      if (typeof holder[key] === 'object') walk(holder[key] ?? null);
      else leaves.push({ holder, key });
    }
  };
  walk(copy);
  for (const [place, value] of edits) {
    const leaf = leaves[place % leaves.length];
    if (leaf === undefined) continue;
    const before = (leaf.holder as Record<string, Json>)[leaf.key];
    // A long text is kept around what is put into it: a line of text is its whole record.
    const isInto = typeof before === 'string' && before.length > 60 && typeof value === 'string';
    const at = isInto ? (place * 7) % before.length : 0;
    const after = isInto ? `${before.slice(0, at)}${value}${before.slice(at)}` : value;
    Object.assign(leaf.holder, { [leaf.key]: after });
  }
  return copy;
}

/** JSON in which some characters stand as escapes, as other programs write them. `every` is how many are left alone. */
function written(record: JsonObject, every: number): Buffer {
  let count = 0;
  const text = JSON.stringify(record).replace(/[a-zA-Z0-9/. \u0080-\uffff]/g, (char) => {
    if (every === 0 || ++count % every !== 0) return char;
    return char === '/' ? '\\/' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return Buffer.from(text, 'utf8');
}

/** Escapes stand only within strings, which the expression above does not know: what is no JSON is written plainly. */
function original(record: JsonObject, every: number): Buffer {
  const isLine = typeof record.line === 'string' && !record.line.includes('\n');
  if (isLine && every !== 1) return Buffer.from(String(record.line), 'utf8');
  const bytes = written(record, every);
  try {
    JSON.parse(bytes.toString('utf8'));
    return bytes;
  } catch {
    return Buffer.from(JSON.stringify(record), 'utf8');
  }
}

const FIELD_NAMES: readonly (string | null)[] = [null, ...ECS_FIELDS.map(({ name }) => name)];

/** A test that a value of the field meets, or nearly; made from a part of the value. */
function testOf(text: string, kind: number, from: number, length: number): ValueTest {
  const part = text.slice(from % (text.length + 1)).slice(0, 1 + (length % 30));
  const cased = kind % 2 === 0 ? part : part.toUpperCase();
  const source = cased;
  const piece = { kind: 'text', text: cased } as const;
  const any = { kind: 'any' } as const;
  if (kind < 4) return { kind: 'pattern', source, pattern: [any, piece, any], isCased: kind === 2 };
  if (kind < 6)
    return { kind: 'pattern', source, pattern: [{ ...piece, text: text.slice(0, 12) }, any], isCased: false };
  if (kind < 8) return { kind: 'pattern', source, pattern: [{ ...piece, text }], isCased: false };
  if (kind === 8) {
    return { kind: 'regex', source: cased.replace(/[^A-Za-z0-9]/g, '.'), flags: { i: true, m: false, s: true } };
  }
  if (kind === 9 && /^\d+\.\d+\.\d+\.\d+$/.test(text)) return { kind: 'cidr', source: `${text}/${8 + (length % 25)}` };
  if (kind === 10)
    return { kind: 'fieldref', source: 'rule.name', field: 'rule.name', how: 'contains', isCased: false };
  if (kind === 11) return { kind: 'exists', source: 'true', value: true };
  return { kind: 'pattern', source, pattern: [any, piece, { kind: 'one' }, any], isCased: false };
}

const TESTS = fc.array(fc.tuple(fc.nat(FIELD_NAMES.length + 4), fc.nat(12), fc.nat(60), fc.nat(60), fc.nat(9)), {
  minLength: 1,
  maxLength: 4,
});

function textsOf(subject: FieldSubject, field: string | null): string[] {
  if (field !== null) {
    const found = fieldValues(subject, field);
    return found.state === 'values' ? found.values.map(String) : ['nothing'];
  }
  return [subject.alert.title, subject.alert.ruleName, ...Object.values(subject.raw).map(String)];
}

/** Members of the record, so that `raw.` is asked about what is there. */
function rawField(raw: JsonObject, place: number): string {
  const keys = Object.keys(raw);
  const key = keys[place % keys.length] ?? 'line';
  const inner = raw[key];
  if (!isJsonObject(inner)) return `raw.${key}`;
  const below = Object.keys(inner);
  return `raw.${key}.${below[place % Math.max(1, below.length)] ?? ''}`;
}

function detectionOf(
  subject: FieldSubject,
  tests: readonly (readonly [number, number, number, number, number])[],
): Detection {
  const selections = new Map<string, { kind: 'items'; items: DetectionItem[] }>();
  const of: Condition[] = tests.map(([place, kind, from, length, shape], index) => {
    const field = place < FIELD_NAMES.length ? (FIELD_NAMES[place] ?? null) : rawField(subject.raw, from);
    const texts = textsOf(subject, field);
    const values = texts.slice(0, 1 + (shape % 2)).map((text) => [testOf(text, kind, from, length)]);
    const item: DetectionItem = {
      field,
      modifiers: '',
      values,
      needsAll: shape === 8,
      isNegated: shape === 9,
      place: { line: 1, column: 1 },
    };
    const name = `s${index}`;
    selections.set(name, { kind: 'items', items: [item] });
    const selection: Condition = { kind: 'selection', name };
    return shape === 7 ? { kind: 'not', of: selection } : selection;
  });
  const first = tests[0]?.[4] ?? 0;
  const joined: Condition = { kind: first % 3 === 0 ? 'or' : 'and', of };
  return {
    selections,
    condition: first === 6 ? { kind: 'not', of: { kind: 'not', of: joined } } : joined,
  };
}

const RULE = ruleOf('  s:\n    rule.name: a\n  condition: s\n');

test('what the bytes of a record rule out is never something that a rule says of its alert', () => {
  const seen = { asked: 0, ruledOut: 0, matched: 0 };
  fc.assert(
    fc.property(
      fc.nat(SAMPLED.length - 1),
      EDITS,
      fc.constantFrom(0, 0, 1, 7, 40),
      TESTS,
      (at, edits, every, tests) => {
        const [format, sample] = SAMPLED[at] ?? ['', {}];
        const bytes = original(edited(sample, edits), every);
        const stored = readStoredAlert(BUILT_IN, format, bytes, NEAR_MS);
        if (stored === null) return;
        const subject: FieldSubject = { alert: stored.alert, raw: stored.raw, enrichment: NOTHING_KNOWN };
        const detection = detectionOf(subject, tests);
        const ruleSet = compileRules([{ ...RULE, detection }]);
        const rule = ruleSet.rules[0];
        if (rule === undefined) throw new Error('the rule was not compiled');
        const { result } = evaluateRule(ruleSet, rule, subject);
        const mayHold = new RecordCheck(detection, new Map(), BUILT_IN).mayHold(format, bytes);
        seen.asked += 1;
        if (!mayHold) seen.ruledOut += 1;
        if (result === 'match') seen.matched += 1;
        if (result !== 'no_match') expect(mayHold).toBe(true);
      },
    ),
    { numRuns: Number(process.env.RECORD_CHECK_RUNS ?? 3_000) },
  );
  expect(seen.matched).toBeGreaterThan(seen.asked / 10);
  expect(seen.ruledOut).toBeGreaterThan(0);
});

const SELECTIVE = [
  'rule.name|contains: Cobalt',
  'rule.name: ET SCAN Nmap 9',
  'rule.name|re: (?i)cobalt[ _-]?strike',
  'url.domain: [app1.example, app2.example]',
  'host.name: ws-not-there-01',
  'user.name|endswith: "\\\\nobody.there"',
  'process.command_line|contains|all: ["-enc", "Lumma7"]',
  'process.executable|endswith: \\notthere.exe',
  'source.ip|cidr: 10.233.0.0/16',
  'source.ip: 10.233.7.3',
  'file.hash.sha256: aabbccddeeff00112233445566778899aabbccddeeff00112233445566778800',
  'raw.http.http_user_agent|contains: sqlmap',
];

test('ordinary rules about other things need not have a record parsed', () => {
  for (const line of SELECTIVE) {
    const { detection } = ruleOf(`  s:\n    ${line}\n  condition: s\n`);
    const check = new RecordCheck(detection, new Map(), BUILT_IN);
    for (const [format, record] of SAMPLED) {
      if (BUILT_IN.named(format)?.taken === undefined) continue;
      // They put the names of their rules together.
      if (['proofpoint', 'leef'].includes(format) && line.startsWith('rule.name')) continue;
      expect([line, format, check.mayHold(format, original(record, 0))]).toEqual([line, format, false]);
    }
  }
});

const IN_DOUBT: readonly (readonly [line: string, text: string])[] = [
  ['rule.name|contains: Cobalt', '{"event_type":"alert","alert":{"signature":"\\u0043obalt"}}'],
  ['rule.name|contains: kernel', '{"event_type":"alert","alert":{"signature":"\u212aernel"}}'],
  ['rule.name|re: (?i)scan', '{"event_type":"alert","alert":{"signature":"\u017fcan"}}'],
  ['source.ip|cidr: 10.40.0.0/16', '{"src_ip":"::FFFF:0a28:0703"}'],
  ['rule.name|contains: Cobalt', '{"event_type":"alert","inner":"{\\"signature\\":\\"\\\\u0043obalt\\"}"}'],
  ['rule.name|contains: Cobalt', '{"event_type":"alert","inner":"{\\"signature\\":\\"\\u005cu0043obalt\\"}"}'],
  ['source.ip|cidr: 192.168.1.0/24', '{"src_ip":"::ffff:192.168.001.001"}'],
  ['source.ip: 192.168.1.1', '{"src_ip":"::ffff:0xc0.168.1.1"}'],
  ['rule.name|startswith: Suricata rule', '{"event_type":"alert","alert":{"signature_id":7}}'],
  ['event.severity|gte: 70', '{}'],
  ['rule.name|contains: "12"', '{}'],
  ['raw.port: 1000', '{"port":1e3}'],
  ['host.criticality: low', '{}'],
  ['rule.name|contains: Cobalt', 'timestamp,signature\n2026,Co'],
];

test('in doubt a record is parsed', () => {
  for (const [line, text] of IN_DOUBT) {
    const { detection } = ruleOf(`  s:\n    ${line}\n  condition: s\n`);
    const check = new RecordCheck(detection, new Map(), BUILT_IN);
    expect([line, check.mayHold('suricata-eve', Buffer.from(text))]).toEqual([line, true]);
  }
});

const directory = realAlertsDir();
if (directory === null) console.log(`skipped: ${NO_REAL_ALERTS}`);
const PER_FILE = 200;

test.skipIf(directory === null)(
  'no value of a real alert is ruled out by the bytes that it was read from',
  async () => {
    const { files } = await listAlertFiles(
      [
        'aws-securityhub',
        'cef',
        'crowdstrike',
        'elastic',
        'falco',
        'guardduty',
        'leef',
        'msgraph',
        'ocsf',
        'okta',
        'proofpoint',
        'sentinel',
        'sentinelone',
        'suricata',
        'wazuh',
        'zeek',
      ].map((name) => join(directory ?? '', name)),
    );
    const asked = new Map<string, number>();
    for (const file of files) {
      let records = 0;
      for await (const batch of readRecords(openAlertFile(file))) {
        for (const record of batch) {
          if (record.kind !== 'record' || records++ > PER_FILE) continue;
          const format = recogniseFormat(record.value);
          const bytes = Buffer.from(record.bytes);
          const stored = format === null ? null : readStoredAlert(BUILT_IN, format.name, bytes, NEAR_MS);
          if (format === null || stored === null) continue;
          const subject = { alert: stored.alert, raw: stored.raw, enrichment: NOTHING_KNOWN };
          for (const { name } of ECS_FIELDS) {
            const found = fieldValues(subject, name);
            for (const value of found.state === 'values' ? found.values.slice(0, 20) : []) {
              const check = new RecordCheck(isText(name, String(value)), new Map(), BUILT_IN);
              if (!check.mayHold(format.name, bytes)) expect.fail(`${file}: ${name} ${value}`);
              asked.set(format.name, (asked.get(format.name) ?? 0) + 1);
            }
          }
        }
      }
    }
    expect(asked.size).toBeGreaterThan(12);
  },
);

function isText(field: string, text: string): Detection {
  const pattern = [{ kind: 'text', text }] as const;
  const item: DetectionItem = {
    field,
    modifiers: '',
    values: [[{ kind: 'pattern', source: text, pattern, isCased: false }]],
    needsAll: false,
    isNegated: false,
    place: { line: 1, column: 1 },
  };
  return {
    selections: new Map([['s', { kind: 'items', items: [item] }]]),
    condition: { kind: 'selection', name: 's' },
  };
}
