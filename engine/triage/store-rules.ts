import { hash } from 'node:crypto';
import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import { checkRuleLife } from '../../shared/domain/triage/rule-life.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { RuleStatus } from '../../shared/model/rule.ts';
import type { RuleOrigin } from '../../shared/model/rule-life.ts';
import { listRuleAssurance } from '../store/rule-assurance.ts';
import { besideVersions } from '../store/rule-beside.ts';
import { setRuleStatus } from '../store/rule-life.ts';
import type { RuleVersionRow } from '../store/rule-versions.ts';
import {
  actionsInForce,
  currentRuleVersions,
  insertRuleVersion,
  setCurrentVersion,
  versionsOfRule,
} from '../store/rule-versions.ts';
import type { Read, Write } from '../store/store.ts';

export interface RuleLoad {
  /** Rule ids with a version that is new here. */
  added: string[];
  unchanged: string[];
  /** Ids of rules that are in force no longer; their versions are kept. */
  removed: string[];
  refused: { ruleId: string; title: string; message: string }[];
}

/**
 * Puts rules in force within `tx`. A changed text is a new version: the number that the document names, or the next
 * free one when that is taken, because a version that ever acted is never overwritten. With `replaceAll`, rules that
 * are not among `documents` go out of force. A rule that breaks the demands on its life is refused; what was in force stays.
 */
export async function storeRules(
  tx: Write,
  documents: readonly RuleDocument[],
  context: { policy: TriagePolicy; nowMs: number; replaceAll: boolean },
): Promise<RuleLoad> {
  const load: RuleLoad = { added: [], unchanged: [], removed: [], refused: [] };
  const offered = new Set(documents.map((document) => document.id));
  for (const document of documents) {
    const fault = checkRuleLife(document, context.policy, context.nowMs).find((problem) => problem.level === 'error');
    if (fault !== undefined) {
      load.refused.push({ ruleId: document.id, title: document.title, message: fault.message });
      continue;
    }
    const isNew = await storeRule(tx, document, context.nowMs);
    (isNew ? load.added : load.unchanged).push(document.id);
  }
  await beginOnTrial(tx, context.nowMs);
  if (context.replaceAll) {
    for (const row of await currentRuleVersions(tx)) {
      // What was written in the app has no file that could be missing.
      if (offered.has(row.rule_id) || row.origin !== 'file') continue;
      await setCurrentVersion(tx, row.rule_id, null);
      load.removed.push(row.rule_id);
    }
  }
  return load;
}

const ON_TRIAL = 'It was called certified without audits that show it. It begins on trial, and its bound certifies it.';

/**
 * What is in force as certified without being so by its own audits is on trial: by the word of a file alone, or a version
 * that came back into force and whose evidence was of an earlier time. What acts is then what is shown.
 */
async function beginOnTrial(tx: Write, nowMs: number): Promise<void> {
  const proven = new Map((await listRuleAssurance(tx)).map((row) => [row.rule_id, row]));
  for (const { rule_id, version, status } of await actionsInForce(tx)) {
    if (status !== 'certified') continue;
    const shown = proven.get(rule_id);
    if (shown?.state === 'certified' && shown.rule_version === version) continue;
    await setRuleStatus(tx, rule_id, version, { status: 'provisional', reason: ON_TRIAL }, nowMs);
  }
}

/** True when the version in force changed. */
async function storeRule(tx: Write, document: RuleDocument, nowMs: number): Promise<boolean> {
  const digest = textDigest(document.text);
  const versions = await versionsOfRule(tx, document.id);
  const same = versions.find((row) => row.digest === digest);
  if (same !== undefined) {
    if (same.is_current === 1) return false;
    // Somebody wrote and approved a newer version in the app: the file has nothing new to say.
    const current = versions.find((row) => row.is_current === 1);
    if (current !== undefined && current.origin === 'app') return false;
    await setCurrentVersion(tx, document.id, same.version);
    return true;
  }
  const newest = versions[0]?.version ?? 0;
  const version = Math.max(document.version, newest + 1);
  await insertRuleVersion(tx, versionRow(document, { version, origin: 'file', authorId: null, nowMs }));
  await setCurrentVersion(tx, document.id, version);
  return true;
}

/** What a text is told apart by. */
export function textDigest(text: string): string {
  return hash('sha256', text, 'hex');
}

/** A row for a text that is new here; not in force. Its status is what the text says. */
export function versionRow(
  document: RuleDocument,
  from: { version: number; origin: RuleOrigin; authorId: string | null; nowMs: number },
): RuleVersionRow {
  const { version, origin, authorId, nowMs } = from;
  return {
    rule_id: document.id,
    version,
    title: document.title,
    status: document.status,
    owner: document.owner,
    rationale: document.rationale,
    expires: document.expires,
    actions_json: JSON.stringify(document.actions),
    document: document.text,
    digest: textDigest(document.text),
    loaded_at_ms: nowMs,
    is_current: 0,
    hits: 0,
    closed: 0,
    would_close: 0,
    withheld: 0,
    last_hit_at_ms: null,
    origin,
    author_id: authorId,
    approved_by: document.approvedBy,
    status_since_ms: nowMs,
    status_reason: null,
    second_approved_by: document.secondApprovedBy,
    is_beside: 0,
  };
}

/**
 * Who approved a version. A file names them, as whoever keeps the folder answers for it; of what was written in the app
 * only what people decided here counts, or its author would approve it by writing somebody's name.
 */
export function approversOf(
  row: Pick<RuleVersionRow, 'origin' | 'approved_by' | 'second_approved_by'>,
  named: Pick<RuleDocument, 'approvedBy' | 'secondApprovedBy'>,
): Pick<RuleDocument, 'approvedBy' | 'secondApprovedBy'> {
  const isOfFile = row.origin === 'file';
  return {
    approvedBy: row.approved_by ?? (isOfFile ? named.approvedBy : null),
    secondApprovedBy: row.second_approved_by ?? (isOfFile ? named.secondApprovedBy : null),
  };
}

/** The rules in force, and those that speak beside them, read again from their stored text. One that no longer reads is told and left out. */
export async function loadStoredRules(
  db: Read,
): Promise<{ documents: RuleDocument[]; problems: { ruleId: string; message: string }[] }> {
  const documents: RuleDocument[] = [];
  const problems: { ruleId: string; message: string }[] = [];
  for (const row of [...(await currentRuleVersions(db)), ...(await besideVersions(db))]) {
    const { rule, problems: found } = parseRule(row.document);
    // The stored number stands, since two texts may name the same version; and so does what people decided of it.
    // One that speaks beside another never acts.
    const status = row.is_beside === 1 ? 'shadow' : (row.status as RuleStatus);
    const life = { version: row.version, status };
    if (rule !== null) documents.push({ ...rule, ...life, ...approversOf(row, rule) });
    else problems.push({ ruleId: row.rule_id, message: found[0]?.message ?? 'It cannot be read.' });
  }
  return { documents, problems };
}
