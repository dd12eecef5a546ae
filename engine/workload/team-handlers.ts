import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Policies } from '../../shared/model/policy.ts';
import { type Command, command } from '../commands.ts';
import { callerOf, type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { CallContext, CommandContext, Handlers, InputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { dropBandsExcept } from '../store/bands.ts';
import { listDuties, listPeople } from '../store/people.ts';
import type { Read } from '../store/store.ts';
import { looksToNote, noteLooks } from './bands.ts';
import { writeGate } from './gate.ts';
import { myWatch, ownData } from './my-watch.ts';
import { ownCommands } from './own-commands.ts';
import { teamOverview } from './team-overview.ts';

/** A rota is asked for by the week or the month; more at once is nobody's plan. */
const ROTA_SPAN_MAX_MS = 93 * 86_400_000;

/** Internal command: no procedure of the contract has this name. */
const NOTE_LOOKS = 'team.noteLooks';

export function teamCommands(): Readonly<Record<string, Command>> {
  return {
    ...ownCommands(),
    'team.recordGate': command(recordGate),
    [NOTE_LOOKS]: command<readonly string[], null>(async ({ tx, nowMs, actor, touch }, personIds) => {
      if (actor.kind !== 'person') throw new Error('only a person looks');
      await noteLooks(tx, personIds, actor.name, nowMs);
      touch('band');
      return null;
    }),
  };
}

async function recordGate(
  { tx, touch, record }: CommandContext,
  { gate, statement }: InputOf<'team', 'recordGate'>,
): Promise<DecisionResult> {
  checkStatement(statement, 'gate.record', null);
  await writeGate(tx, gate);
  if (gate === null) await dropBandsExcept(tx, []);
  touch('band');
  const summary =
    gate === null
      ? 'Closed the gate: leads see no bands'
      : `Opened the gate for leads' bands: impact assessment ${gate.dpiaReference}`;
  const decisionId = await record({ kind: 'gate.record', statement, summary, subjects: [] });
  return { decisionId, changed: 1, skipped: [], summary, seq: 0 };
}

export function teamHandlers(deps: HandlerDeps): Pick<Handlers, 'team' | 'myWatch'> {
  const { store, ports, policies } = deps;
  return {
    team: {
      people: () => store.read(listPeople),
      overview: async (context) => {
        const viewer = await callerOf(context, store);
        const nowMs = ports.clock.nowMs();
        const { view, unnoted } = await store.read(async (db) => {
          const overview = await teamOverview(db, nowMs, policies);
          const seen = (overview.bands ?? []).map((band) => band.personId).filter((id) => id !== viewer.id);
          return { view: overview, unnoted: await looksToNote(db, seen, viewer.name, nowMs) };
        });
        // Written down before anything is shown: no look goes unseen.
        if (unnoted.length > 0) await deps.writer.run(NOTE_LOOKS, unnoted, viewer);
        return view;
      },
      rota: async (_context, { fromMs, toMs }) => {
        if (toMs <= fromMs) throw new EngineError('invalid_input', 'The rota has to end after it starts.');
        if (toMs - fromMs > ROTA_SPAN_MAX_MS) {
          throw new EngineError('too_large', 'Ask for at most three months of the rota at once.');
        }
        return store.read((db) => listDuties(db, fromMs, toMs));
      },
      answerRotaRequest: (context, input) => runAsCaller(deps, context, 'team.answerRotaRequest', input),
      recordGate: (context, input) => runAsCaller(deps, context, 'team.recordGate', input),
    },
    myWatch: myWatchHandlers(deps),
  };
}

/** One's own only: whose it is comes from the session, never from an input. */
function myWatchHandlers(deps: HandlerDeps): Handlers['myWatch'] {
  const own = async <T>(
    context: CallContext,
    read: (db: Read, personId: string, nowMs: number, policies: Policies) => Promise<T | null>,
  ): Promise<T> => {
    const me = await callerOf(context, deps.store);
    const found = await deps.store.read((db) => read(db, me.id, deps.ports.clock.nowMs(), deps.policies));
    if (found === null) throw new EngineError('not_found', 'You are not on the team list.');
    return found;
  };
  return {
    get: (context) => own(context, myWatch),
    ownData: (context) => own(context, ownData),
    remark: (context, input) => runAsCaller(deps, context, 'myWatch.remark', input),
    requestRotaCorrection: (context, input) => runAsCaller(deps, context, 'myWatch.requestRotaCorrection', input),
    withdrawRemark: (context, input) => runAsCaller(deps, context, 'myWatch.withdrawRemark', input),
    pause: (context, input) => runAsCaller(deps, context, 'myWatch.pause', input),
  };
}
