import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { decide } from '../../shared/domain/decisions/group-transition.ts';
import { itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { CommandContext } from '../handlers.ts';
import { closedByRuleSince } from '../store/closed-groups.ts';
import { GroupChanges } from '../store/group-changes.ts';
import { columnsOfState, stateOf } from '../store/group-state.ts';
import { changeSuspension, unfinishedReopening } from '../store/rule-suspensions.ts';

const SLICE = 500;
const DAY_MS = 86_400_000;

/**
 * Gives the next slice of what a suspended rule had closed back to people, the newest first. What is open again is no longer
 * found, so that a killed process goes on where it was; all slices of a suspension carry its bulk id. False when
 * nothing is left to reopen.
 */
export async function reopenSlice(
  context: CommandContext,
  policy: Pick<AssurancePolicy, 'reopenDays'>,
  sla: SlaPolicy,
  size = SLICE,
): Promise<boolean> {
  const { tx, nowMs } = context;
  const suspension = await unfinishedReopening(tx);
  if (suspension === null) return false;
  const sinceMs = suspension.at_ms - policy.reopenDays * DAY_MS;
  const rows = await closedByRuleSince(tx, suspension.rule_id, sinceMs, size);
  const changes = new GroupChanges(tx, nowMs);
  for (const row of rows) {
    const outcome = decide(stateOf(row), { kind: 'reopen' }, { id: 'assurance', isLead: false }, nowMs, sla);
    if (outcome.kind !== 'changed') continue;
    await changes.change(row, columnsOfState(outcome.state));
    context.touch('group', row.id);
  }
  await changes.finish();
  await changeSuspension(tx, suspension.id, {
    reopened: suspension.reopened + changes.subjects.length,
    // What stays closed whatever is decided would come again and again.
    reopen_ended: rows.length < size || changes.subjects.length === 0 ? 1 : 0,
  });
  context.touch('rule');
  if (changes.subjects.length > 0) {
    const summary = `Opened again ${itemsInWords(changes.subjects.length)}: the rule that closed them was suspended (${suspension.bulk_id})`;
    await context.record({ kind: 'assurance.reopen', statement: null, summary, subjects: changes.subjects });
  }
  return true;
}
