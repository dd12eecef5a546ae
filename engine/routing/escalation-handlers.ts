import type { Policies } from '../../shared/model/policy.ts';
import { type Command, command } from '../commands.ts';
import { type HandlerDeps, runAsCaller } from '../handler-deps.ts';
import type { Handlers } from '../handlers.ts';
import { listEscalations } from '../store/escalations.ts';
import { acceptEscalation, answerEscalation, returnEscalation } from './escalation-commands.ts';

export function escalationCommands(policies: Policies): Readonly<Record<string, Command>> {
  return {
    'escalations.accept': command(acceptEscalation),
    'escalations.answer': command(answerEscalation),
    'escalations.return': command<Parameters<typeof returnEscalation>[1], unknown>((context, input) =>
      returnEscalation(context, input, policies),
    ),
  };
}

export function escalationHandlers(deps: HandlerDeps): Pick<Handlers, 'escalations'> {
  return {
    escalations: {
      list: (_context, input) => deps.store.read((db) => listEscalations(db, input)),
      accept: (context, input) => runAsCaller(deps, context, 'escalations.accept', input),
      answer: (context, input) => runAsCaller(deps, context, 'escalations.answer', input),
      return: (context, input) => runAsCaller(deps, context, 'escalations.return', input),
    },
  };
}
