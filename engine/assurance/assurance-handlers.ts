import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import { type Command, command } from '../commands.ts';
import { callerOf, type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { CallContext, Handlers, InputOf, OutputOf } from '../handlers.ts';
import type { AlertCommandDeps } from '../ingest/alert-commands.ts';
import { undoableReadings } from '../store/audit-undo.ts';
import { auditBefore } from '../store/audits.ts';
import { currentId } from '../store/group-links.ts';
import { assuranceBoard } from './assurance-board.ts';
import { answerAudit, takeAudit, voidAudit } from './audit-commands.ts';
import { plantTruePositive } from './plant-command.ts';
import { rearmRule } from './rearm-command.ts';

type In<P extends keyof Handlers['assurance']> = InputOf<'assurance', P & keyof Handlers['assurance']>;

/** Internal command: no procedure of the contract has this name. */
const VOID = 'assurance.void';

export function assuranceCommands(
  deps: AlertCommandDeps & { policy: AssurancePolicy; sla: SlaPolicy },
): Readonly<Record<string, Command>> {
  return {
    'assurance.take': command((context, input: In<'take'>) => takeAudit(context, deps, input)),
    'assurance.answer': command((context, input: In<'answer'>) => answerAudit(context, deps, input)),
    'assurance.rearm': command((context, input: In<'rearm'>) => rearmRule(context, deps.policy, input)),
    'assurance.plant': command((context, input: In<'plant'>) => plantTruePositive(context, deps, input)),
    [VOID]: command<number, null>((context, groupId) => voidAudit(context, groupId)),
  };
}

export function assuranceHandlers(deps: HandlerDeps, policy: AssurancePolicy): Pick<Handlers, 'assurance'> {
  const { store, ports, writer } = deps;
  /** For commands that may stop a rule or let it act again. */
  const andReload = async <O>(answer: Promise<O>): Promise<O> => {
    const given = await answer;
    await writer.reloadTriage();
    return given;
  };
  return {
    assurance: {
      board: () => store.read((db) => assuranceBoard(db, policy, deps.policies.strain, ports.clock.nowMs())),
      take: (context, input) => runAsCaller(deps, context, 'assurance.take', input),
      answer: (context, input) => {
        const answer = runAsCaller<OutputOf<'assurance', 'answer'>>(deps, context, 'assurance.answer', input);
        return input.verdict === 'true_positive' ? andReload(answer) : answer;
      },
      rearm: (context, input) => andReload(runAsCaller(deps, context, 'assurance.rearm', input)),
      plant: (context, input) => andReload(runAsCaller(deps, context, 'assurance.plant', input)),
    },
  };
}

/** Tells assurance that somebody looks at an item whole, and by that at what became of it. */
export type NoteLookup = (context: CallContext, groupId: number) => Promise<void>;

/** Voids the audit that the caller has before them, or has just read, when it is of the item that they look up. */
export function noteLookups(deps: Pick<HandlerDeps, 'store' | 'writer'>): NoteLookup {
  return async (context, groupId) => {
    const { personId } = context.session;
    if (personId === null) return;
    const isHeld = await deps.store.read(async (db) => {
      const held = await auditBefore(db, personId);
      if (held !== null && (held.group_id === groupId || held.group_id === (await currentId(db, groupId)))) return true;
      return (await undoableReadings(db, groupId, personId)).length > 0;
    });
    if (isHeld) await deps.writer.run(VOID, groupId, await callerOf(context, deps.store));
  };
}
