import { type ClientLink, createORPCClient } from '@orpc/client';
import { type StandardLinkClient, StandardRPCLink } from '@orpc/client/standard';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/index.ts';
import type { Session } from '../handlers.ts';
import type { Dispatcher } from './router.ts';

export type EngineClient = ContractRouterClient<Contract>;

function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** A value as it would be after the wire: hosts cannot differ in what they let through. */
function throughJson(value: unknown): unknown {
  return value === undefined || isStream(value) ? value : JSON.parse(JSON.stringify(value));
}

/** The way to an engine in the same process. Makes the JSON round trip like every other. */
export function createInProcessLink(dispatcher: Dispatcher, session: Session): ClientLink<Record<never, never>> {
  const sender: StandardLinkClient<Record<never, never>> = {
    async call(request) {
      const { response } = await dispatcher.handle(
        { ...request, body: () => Promise.resolve(throughJson(request.body)) },
        { context: { session } },
      );
      if (response === undefined) throw new Error('The dispatcher left a call unanswered.');
      return { ...response, body: () => Promise.resolve(throughJson(response.body)) };
    },
  };
  return new StandardRPCLink(sender, { url: 'http://in-process' });
}

/** A client of an engine in the same process, for the command line and tests. */
export function createInProcessClient(dispatcher: Dispatcher, session: Session): EngineClient {
  return createORPCClient(createInProcessLink(dispatcher, session));
}
