import type { DecisionResult } from '../../shared/model/decision.ts';
import type { CommandContext, InputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { getMeta, setMeta } from '../store/meta.ts';
import { AUTOMATION_PAUSED } from './triage-state.ts';

/**
 * The one switch. While automation is paused, rules say what they would do and do nothing; what they closed before
 * stays as it is. Switching to what already is changes nothing and is not an error.
 */
export async function pauseAutomation(
  { tx, actor, touch, record }: CommandContext,
  { paused, reason, statement }: InputOf<'automation', 'pause'>,
): Promise<DecisionResult> {
  const kind = paused ? 'automation.pause' : 'automation.resume';
  checkStatement(statement, kind, null);
  const wasPaused = (await getMeta(tx, AUTOMATION_PAUSED)) !== null;
  if (wasPaused === paused) {
    const summary = paused ? 'Automation was paused already' : 'Automation was running already';
    return { decisionId: null, changed: 0, skipped: [], summary, seq: 0 };
  }
  const by = actor.kind === 'person' ? actor.name : actor.id;
  await setMeta(tx, AUTOMATION_PAUSED, paused ? by : null);
  touch('rule');
  touch('workspace');
  const summary = `${paused ? 'Paused' : 'Resumed'} all automation: ${reason}`;
  const decisionId = await record({ kind, statement, summary, subjects: [] });
  return { decisionId, changed: 1, skipped: [], summary, seq: 0 };
}
