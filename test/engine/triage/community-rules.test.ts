import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { makeClassifier } from '../../../engine/ingest/pipeline-classify.ts';
import { readRecords } from '../../../engine/ingest/records.ts';
import { listAlertFiles, openAlertFile } from '../../../engine/ingest/sources/file.ts';
import type { FieldSubject } from '../../../shared/domain/alert/ecs-fields.ts';
import type { DetectionItem, SelectionBody } from '../../../shared/domain/rules/detection.ts';
import { itemsOf } from '../../../shared/domain/rules/detection.ts';
import { parseSigmaRules } from '../../../shared/domain/rules/parse-sigma-rule.ts';
import type { RuleDocument } from '../../../shared/domain/rules/rule-document.ts';
import { compileRules, evaluateRule, evaluateRules } from '../../../shared/domain/rules/rule-set.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { NO_REAL_ALERTS, realAlertsDir } from '../../fixtures/real-alerts.ts';
import { NOTHING_KNOWN, subjectWith } from '../../fixtures/rule-subjects.ts';

const NAMES: Readonly<Record<string, string>> = {
  Image: 'process.executable',
  CommandLine: 'process.command_line',
  ParentImage: 'process.parent.executable',
  User: 'user.name',
  DestinationIp: 'destination.ip',
  DestinationPort: 'destination.port',
  DestinationHostname: 'url.domain',
  'cs-host': 'url.domain',
  'c-uri': 'url.full',
};

/** Community rules name the fields of their log sources; here they are asked of what an alert and its record have. */
function renamed(rule: RuleDocument): RuleDocument {
  const item = (each: DetectionItem): DetectionItem => ({
    ...each,
    field: each.field === null ? null : (NAMES[each.field] ?? `raw.${each.field}`),
  });
  const body = (each: SelectionBody): SelectionBody =>
    each.kind === 'any' ? { kind: 'any', of: each.of.map(body) } : { kind: 'items', items: each.items.map(item) };
  const selections = new Map([...rule.detection.selections].map(([name, each]) => [name, body(each)]));
  return { ...rule, detection: { ...rule.detection, selections } };
}

/** A subject that says, in every field that the rule reads, the plain parts of what the rule asks for there. */
function subjectFor(rule: RuleDocument, shift: number): FieldSubject {
  const raw: JsonObject = {};
  const texts = new Map<string, string>();
  for (const item of [...rule.detection.selections.values()].flatMap(itemsOf)) {
    const said = item.values.map((tests) => {
      const test = tests[shift % Math.max(1, tests.length)];
      if (test?.kind !== 'pattern') return test?.source ?? '';
      return test.pattern.map((part) => (part.kind === 'text' ? part.text : part.kind === 'dash' ? '-' : 'x')).join('');
    });
    const text = item.needsAll ? said.join(' ') : (said[shift % Math.max(1, said.length)] ?? '');
    const field = item.field ?? 'raw.message';
    texts.set(field, item.needsAll && texts.has(field) ? `${texts.get(field)} ${text}` : text);
  }
  for (const [field, text] of texts) if (field.startsWith('raw.')) raw[field.slice(4)] = text;
  const text = (field: string): string | null => texts.get(field) ?? null;
  return subjectWith(
    {
      process: {
        executable: text('process.executable'),
        commandLine: text('process.command_line'),
        parentExecutable: text('process.parent.executable'),
      },
      users: [text('user.name') ?? 'somebody'],
      destinationIp: text('destination.ip'),
      domains: [text('url.domain') ?? 'example.org'],
      urls: [text('url.full') ?? 'http://example.org/'],
    },
    {},
    raw,
  );
}

async function realSubjects(dir: string): Promise<FieldSubject[]> {
  const subjects: FieldSubject[] = [];
  const folders = ['wazuh', 'suricata', 'elastic', 'ocsf', 'okta', 'crowdstrike', 'falco'];
  const { files } = await listAlertFiles(folders.map((folder) => join(dir, folder)));
  for (const file of files) {
    const classify = makeClassifier('auto');
    let kept = 0;
    for await (const batch of readRecords(openAlertFile(file))) {
      for (const record of batch) {
        if (record.kind !== 'record' || kept >= 150) continue;
        const found = classify(record);
        if (found.kind !== 'alert') continue;
        kept++;
        subjects.push({ alert: found.alert, enrichment: NOTHING_KNOWN, raw: record.value });
      }
      if (kept >= 150) break;
    }
  }
  return subjects;
}

const real = realAlertsDir();
if (real === null) console.log(NO_REAL_ALERTS);
describe.skipIf(real === null)('community rules', () => {
  const text = real === null ? '' : gunzipSync(readFileSync(join(real, 'sigma', 'rules-sample-400.yml.gz'))).toString();
  const rules = real === null ? [] : parseSigmaRules(text).flatMap(({ rule }) => rule ?? []);

  test('say together of real alerts what each says alone', async () => {
    const subjects = await realSubjects(real ?? '');
    expect(subjects.length).toBeGreaterThan(300);
    const ruleSet = compileRules([
      ...rules.map(renamed),
      ...rules.map((rule) => ({ ...rule, id: `plain ${rule.id}` })),
    ]);
    for (const subject of subjects) compare(ruleSet, subject);
  }, 120_000);

  test('say together of alerts made to match what each says alone, and most of them match', () => {
    const ours = rules.map(renamed);
    const ruleSet = compileRules(ours);
    const matched = new Set<string>();
    for (const rule of ours) {
      for (const shift of [0, 1]) for (const id of compare(ruleSet, subjectFor(rule, shift))) matched.add(id);
    }
    expect(matched.size).toBeGreaterThan(200);
  }, 120_000);
});

/** The ids of the rules that match. */
function compare(ruleSet: ReturnType<typeof compileRules>, subject: FieldSubject): string[] {
  const hits = evaluateRules(ruleSet, subject);
  const alone = ruleSet.rules.flatMap((rule) => {
    const found = evaluateRule(ruleSet, rule, subject);
    return found.result === 'no_match' ? [] : [{ rule, ...found }];
  });
  expect(hits.map(({ rule, ...rest }) => [rule.document.id, rest])).toEqual(
    alone.map(({ rule, ...rest }) => [rule.document.id, rest]),
  );
  return hits.flatMap(({ rule, result }) => (result === 'match' ? [rule.document.id] : []));
}
