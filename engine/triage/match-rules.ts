import { type EnricherLists, makeEnricher } from '../../shared/domain/enrichment/enricher.ts';
import type { LookupLists } from '../../shared/domain/rules/compile-value.ts';
import { readAnyRules } from '../../shared/domain/rules/import-sigma.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import { type CompiledRule, compileRules, evaluateRules, type RuleSet } from '../../shared/domain/rules/rule-set.ts';
import type { FieldMatch } from '../../shared/model/rule.ts';
import type { Classified } from '../ingest/pipeline-classify.ts';
import type { RawRecord, RecordBatch } from '../ingest/records/raw-record.ts';
import { type FailedRule, listCommunityFiles, readRuleText } from './community-rules.ts';

/** What one rule says of one alert. */
export interface AlertMatch {
  alert: { line: number; title: string; product: string; id: string; ruleId: string };
  rule: { id: string; title: string };
  matched: FieldMatch[];
  result: 'match' | 'unknown';
  /** Fields that nobody filled and on which the answer hangs. */
  unknownFields: string[];
}

export interface RuleCount {
  id: string;
  title: string;
  matches: number;
  unknown: number;
}

export interface MatchCounts {
  alerts: number;
  skipped: number;
  rejected: number;
  /** In the order of the rule files. */
  counts: RuleCount[];
}

export interface TriedRules {
  ruleSet: RuleSet;
  documents: readonly RuleDocument[];
  failed: FailedRule[];
}

/**
 * Reads rules of ours and community rules out of files and folders and compiles them together, whatever their status.
 * Lookup lists are those of `known`, and where it has none of a name, those that the rules' own examples assume.
 */
export function readRulesToTry(paths: readonly string[], known: LookupLists): TriedRules {
  const { files, failed } = listCommunityFiles(paths);
  const documents: RuleDocument[] = [];
  const places = new Map<string, { path: string; line: number }>();
  for (const path of files) {
    const text = readRuleText(path);
    if (typeof text !== 'string') {
      failed.push({ path, line: 1, error: text.problem });
      continue;
    }
    for (const { rule, problems, line } of readAnyRules(text)) {
      const error = problems.find(({ level }) => level === 'error');
      if (rule === null)
        failed.push({ path, line: error?.line ?? line, error: error?.message ?? 'It cannot be read.' });
      else if (places.has(rule.id)) {
        const before = places.get(rule.id)?.path;
        failed.push({
          path,
          line,
          error: `The id ${rule.id} is that of a rule in ${before}. Give this one an id of its own.`,
        });
      } else {
        places.set(rule.id, { path, line });
        documents.push(rule);
      }
    }
  }
  const assumed = documents.flatMap(({ tests }) => Object.entries(tests.lists));
  const lists: LookupLists = new Map([...assumed, ...known]);
  const ruleSet = compileRules(documents, lists);
  for (const { ruleId, message } of ruleSet.problems) {
    failed.push({ ...(places.get(ruleId) ?? { path: '', line: 1 }), error: message });
  }
  return { ruleSet, documents, failed };
}

/**
 * Asks all rules about each alert as it is read, one after the other, and tells `onMatch` what matched and where.
 * Holds one batch of records, however many there are.
 */
export async function matchAlerts(
  { ruleSet, documents }: TriedRules,
  batches: AsyncIterable<RecordBatch>,
  classify: (record: RawRecord) => Classified,
  facts: EnricherLists,
  { onMatch, onBatch }: { onMatch(match: AlertMatch): void; onBatch(): Promise<void> },
): Promise<MatchCounts> {
  const enrich = makeEnricher(facts);
  const counts = new Map(
    documents.map(({ id, title }): [string, RuleCount] => [id, { id, title, matches: 0, unknown: 0 }]),
  );
  const totals = { alerts: 0, skipped: 0, rejected: 0 };
  for await (const batch of batches) {
    for (const record of batch) {
      const found = classify(record);
      if (found.kind !== 'alert') {
        totals[found.kind]++;
        continue;
      }
      totals.alerts++;
      const { alert, raw } = found;
      for (const hit of evaluateRules(ruleSet, { alert, enrichment: enrich(alert), raw })) {
        const about = {
          line: record.line,
          title: alert.title,
          product: alert.product,
          id: alert.stableId,
          ruleId: alert.ruleId,
        };
        onMatch({ alert: about, ...matchOf(hit.rule, hit) });
        const counted = counts.get(hit.rule.document.id);
        if (counted !== undefined) counted[hit.result === 'match' ? 'matches' : 'unknown']++;
      }
    }
    await onBatch();
  }
  return { ...totals, counts: [...counts.values()] };
}

function matchOf(
  { document }: CompiledRule,
  { matched, result, unknownFields }: Pick<AlertMatch, 'matched' | 'result' | 'unknownFields'>,
): Omit<AlertMatch, 'alert'> {
  return { rule: { id: document.id, title: document.title }, matched, result, unknownFields };
}
