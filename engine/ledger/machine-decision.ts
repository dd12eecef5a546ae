import type { AppendMachineDecision } from '../ingest/pipeline-input.ts';
import { changedState } from '../store/group-state.ts';
import { JudgementDeltas } from '../store/judgements.ts';
import { appendAutomationEntry, appendDecision } from './append.ts';

/** Ledger entries for what ingest decides by itself: closures by rules, and groups that new alerts open again. */
export const appendMachineDecision: AppendMachineDecision = async (tx, decision) => {
  switch (decision.kind) {
    case 'automation.close': {
      const alerts = decision.alerts === 1 ? '1 alert' : `${decision.alerts} alerts`;
      await appendAutomationEntry(
        tx,
        { id: decision.ruleId, version: decision.ruleVersion },
        decision.groupIds,
        `Rule "${decision.ruleTitle}" (version ${decision.ruleVersion}) closed ${alerts}.`,
        decision.nowMs,
      );
      return;
    }
    case 'group.raise':
    case 'group.reopen': {
      const { before, after, sentence, nowMs } = decision;
      // What a person had said of it does not stand any more.
      const judgements = new JudgementDeltas();
      judgements.move(before, after);
      await judgements.apply(tx);
      const subject = { groupId: after.id, ...changedState(before, after), versionAfter: after.version };
      await appendDecision(
        tx,
        { kind: 'system', id: 'ingest' },
        { kind: decision.kind, statement: null, summary: sentence, subjects: [subject] },
        nowMs,
      );
    }
  }
};
