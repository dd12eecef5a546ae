import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { SeverityCorrection } from '../../shared/model/severity-correction.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import type { OutputOf } from '../handlers.ts';
import { personNames } from '../store/people.ts';
import {
  type CorrectionRow,
  correctionsActingOn,
  correctionsToShow,
  namesOfSourceRules,
} from '../store/severity-corrections.ts';
import type { Read } from '../store/store.ts';
import { blockFor } from './severity-correction-commands.ts';

/** How long one that is over stays in sight. */
const SHOWN_AFTER_MS = 14 * 86_400_000;

/** A stored correction with names and words. */
export function correctionOf(
  row: CorrectionRow,
  names: ReadonlyMap<string, string> = new Map(),
  ruleName: string = row.source_rule,
): SeverityCorrection {
  const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id));
  return {
    id: row.id,
    product: row.product,
    sourceRule: row.source_rule,
    sourceRuleName: ruleName,
    claimed: severityOfRank(row.claimed),
    corrected: severityOfRank(row.corrected),
    reason: row.reason,
    proposedBy: nameOf(row.proposed_by) ?? '',
    proposedAtMs: row.proposed_at_ms,
    expiresAtMs: row.expires_at_ms,
    state: row.state as SeverityCorrection['state'],
    decidedBy: nameOf(row.decided_by),
    decidedAtMs: row.decided_at_ms,
    decidedReason: row.decided_reason,
    endedBy: nameOf(row.ended_by),
    endedAtMs: row.ended_at_ms,
    endedReason: row.ended_reason,
  };
}

/** Corrections that wait, that act, and that were over lately; with each why this caller may not approve it. */
export async function listCorrections(
  db: Read,
  callerId: string,
  policy: TriagePolicy,
  nowMs: number,
): Promise<OutputOf<'rules', 'corrections'>> {
  const names = await personNames(db);
  const shown: OutputOf<'rules', 'corrections'> = [];
  const rows = await correctionsToShow(db, nowMs - SHOWN_AFTER_MS);
  const nameOf = await namesOfSourceRules(db, rows);
  for (const row of rows) {
    const block = row.state === 'open' ? await blockFor(db, callerId, row, policy) : null;
    shown.push({ ...correctionOf(row, names, nameOf(row)), isMine: row.proposed_by === callerId, block });
  }
  return shown;
}

/** The corrections under which alerts of a group came in, the newest first. */
export async function correctionsOfGroup(
  db: Read,
  group: { source_rule_id: number; first_received_at_ms: number; last_received_at_ms: number },
  names: ReadonlyMap<string, string>,
): Promise<SeverityCorrection[]> {
  const { source_rule_id, first_received_at_ms, last_received_at_ms } = group;
  const within = { sourceRuleId: source_rule_id, fromMs: first_received_at_ms, toMs: last_received_at_ms };
  const rows = await correctionsActingOn(db, within);
  const nameOf = await namesOfSourceRules(db, rows);
  return rows.map((row) => correctionOf(row, names, nameOf(row)));
}
