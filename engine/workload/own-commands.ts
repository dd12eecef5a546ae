import type { DecisionKind, DecisionResult, Statement } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { OwnRemark } from '../../shared/model/strain.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { dropBandsOf } from '../store/bands.ts';
import { answerRequest, deleteRemark, insertRemark, remarksOf } from '../store/own-remarks.ts';
import { endPause, startPause } from '../store/pauses.ts';
import { dutiesOf } from '../store/people.ts';

/** More of one person at once is no remark any more, and no lead reads it. */
const REMARKS_MAX = 50;

/**
 * What people decide about their own indicators. None of it goes into the ledger: that is kept as long as the cases,
 * and this is the person's own to take back.
 */
export function ownCommands(): Readonly<Record<string, Command>> {
  return {
    'myWatch.remark': command(remark),
    'myWatch.requestRotaCorrection': command(requestRotaCorrection),
    'myWatch.withdrawRemark': command(withdrawRemark),
    'myWatch.pause': command(pause),
    'team.answerRotaRequest': command(answerRotaRequest),
  };
}

interface Caller {
  id: string;
  name: string;
}

function begin({ actor, touch }: CommandContext, statement: Statement, kind: DecisionKind): Caller {
  if (actor.kind !== 'person') throw new EngineError('unauthenticated', 'Say who you are first.');
  checkStatement(statement, kind, null);
  touch('band');
  return { id: actor.id, name: actor.name };
}

function done(summary: string): DecisionResult {
  return { decisionId: null, changed: 1, skipped: [], summary, seq: 0 };
}

async function remark(context: CommandContext, input: InputOf<'myWatch', 'remark'>): Promise<DecisionResult> {
  const me = begin(context, input.statement, 'remark.add');
  await write(context, me, { about: input.about, kind: input.kind, text: input.text, duty: null });
  return done('Your words stand beside it. No figure changed.');
}

async function requestRotaCorrection(
  context: CommandContext,
  input: InputOf<'myWatch', 'requestRotaCorrection'>,
): Promise<DecisionResult> {
  const me = begin(context, input.statement, 'rota.request');
  const asked = input.duty;
  let duty: OwnRemark['duty'] = null;
  if (asked !== null) {
    const own = await dutiesOf(context.tx, me.id, asked.startsAtMs, asked.startsAtMs + 1);
    const found = own.find((each) => each.startsAtMs === asked.startsAtMs && each.kind === asked.kind);
    if (found === undefined) {
      throw new EngineError('conflict', 'The rota no longer has this duty of yours. Look at it again.');
    }
    duty = { kind: found.kind, startsAtMs: found.startsAtMs, endsAtMs: found.endsAtMs };
  }
  await write(context, me, { about: 'duty', kind: 'correction', text: input.text, duty });
  return done('Sent to whoever keeps the rota. No figure changes until the rota does.');
}

async function write(
  { tx, nowMs }: CommandContext,
  me: Caller,
  said: Pick<OwnRemark, 'about' | 'kind' | 'text' | 'duty'>,
): Promise<void> {
  if ((await remarksOf(tx, me.id)).length >= REMARKS_MAX) {
    throw new EngineError('too_large', `${REMARKS_MAX} remarks of yours stand already. Withdraw one first.`);
  }
  await insertRemark(tx, { personId: me.id, atMs: nowMs, ...said });
}

async function withdrawRemark(
  context: CommandContext,
  { statement, id }: InputOf<'myWatch', 'withdrawRemark'>,
): Promise<DecisionResult> {
  const me = begin(context, statement, 'remark.withdraw');
  if (!(await deleteRemark(context.tx, id, me.id))) {
    throw new EngineError('not_found', 'There is no such remark of yours.');
  }
  return done('Withdrawn and deleted.');
}

async function pause(
  context: CommandContext,
  { statement, isPaused }: InputOf<'myWatch', 'pause'>,
): Promise<DecisionResult> {
  const me = begin(context, statement, isPaused ? 'indicators.pause' : 'indicators.resume');
  if (isPaused) {
    await startPause(context.tx, me.id, context.nowMs);
    await dropBandsOf(context.tx, me.id);
  } else await endPause(context.tx, me.id);
  // The same words for both: the answer is kept for a while, and it must not tell that somebody paused once.
  return done('Done. It holds from now on.');
}

async function answerRotaRequest(
  context: CommandContext,
  { statement, id, answer }: InputOf<'team', 'answerRotaRequest'>,
): Promise<DecisionResult> {
  const me = begin(context, statement, 'rota.answer');
  if (!(await answerRequest(context.tx, id, { text: answer, byName: me.name, atMs: context.nowMs }))) {
    throw new EngineError('conflict', 'This request was withdrawn or answered meanwhile.');
  }
  return done('Answered. Who asked reads it under My watch.');
}
