import { EngineError } from '../../shared/model/errors.ts';
import type { CommandContext } from '../handlers.ts';
import { type AuditUndo, auditUndoOf, dropAuditUndo } from '../store/audit-undo.ts';
import { type AuditRow, auditById, changeAudit } from '../store/audits.ts';
import { setWithdrawn } from '../store/escalation-writes.ts';
import { markForJudging } from '../store/rule-assurance.ts';
import { ruleVersion } from '../store/rule-life.ts';
import type { Tables } from '../store/schema.ts';
import type { Read } from '../store/store.ts';

type Entry = Pick<Tables['decision'], 'seq' | 'at_ms' | 'actor_kind' | 'actor_id'>;

/** For so long a reader may take a reading back: long enough for a slip, too short to think of what others said. */
export const AUDIT_UNDO_MS = 10 * 60_000;

/**
 * Whether a reading can still be taken back by this person; throws the reason when not. Only by who made it, within ten
 * minutes, and only while nothing followed from it that cannot be taken back: a second reader at work, a rule that was
 * stopped or certified on it, a live question that somebody answered. The item itself is checked where it is restored.
 */
export async function checkReading({ tx, nowMs, actor }: CommandContext, entry: Entry): Promise<AuditUndo> {
  if (entry.actor_kind !== 'person' || entry.actor_id !== actor.id) {
    throw new EngineError('forbidden', 'Only who made a reading can take it back.');
  }
  const undo = await auditUndoOf(tx, entry.seq);
  const audit = undo === null ? null : await auditById(tx, undo.auditId);
  if (undo === null || audit === null || nowMs > undo.untilMs) {
    throw new EngineError('conflict', 'A reading can be taken back for ten minutes, and not after another one of it.');
  }
  const followed = await whatFollowed(tx, audit, entry);
  if (followed !== null) throw new EngineError('conflict', `This reading cannot be taken back any more: ${followed}`);
  return undo;
}

async function whatFollowed(db: Read, audit: AuditRow, entry: Entry): Promise<string | null> {
  if (audit.state === 'second' && audit.second_reader_id !== null) return 'a second person reads it now.';
  if (audit.state === 'stale') return 'the audit was taken out.';
  if (audit.truth === 'confirmed' || audit.truth === 'refuted') return 'what it asked was decided.';
  if (audit.rule_id === null || audit.rule_version === null) return null;
  const rule = await ruleVersion(db, audit.rule_id, audit.rule_version);
  if (rule === null || rule.status_since_ms < entry.at_ms) return null;
  // Which of the two would say how the item was closed: the board tells whoever may know.
  return 'what may be closed by itself changed since. The board says what can be done about it.';
}

/** Puts the audit before its reader again, as it was, and withdraws the live question that the reading asked. */
export async function takeReadingBack(
  { tx, touch }: CommandContext,
  entry: Entry,
  { auditId, before }: AuditUndo,
): Promise<void> {
  const audit = await auditById(tx, auditId);
  await changeAudit(tx, auditId, before);
  await dropAuditUndo(tx, entry.seq);
  await setWithdrawn(tx, entry.seq, true);
  if (audit?.rule_id != null) await markForJudging(tx, audit.rule_id);
  touch('rule');
  touch('escalation');
}
