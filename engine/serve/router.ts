import { type AnyRouter, implement, ORPCError } from '@orpc/server';
import { StandardRPCHandler, type StandardRPCHandlerOptions } from '@orpc/server/standard';
import { hasRole, type ProcedureMeta } from '../../shared/contract/base.ts';
import { contract } from '../../shared/contract/index.ts';
import type { CallContext, Handlers } from '../handlers.ts';
import type { Log, Random } from '../ports.ts';
import { guardInput, unknownKey } from './input-guard.ts';
import { toWireError, wireError } from './wire-error.ts';

export interface RouterPorts {
  log: Log;
  random: Random;
}

/** What carries a call from any transport to its handler. */
export type Dispatcher = StandardRPCHandler<CallContext>;

type AnyHandler = (context: CallContext, input: unknown) => Promise<unknown>;

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* mapStreamErrors(stream: AsyncIterable<unknown>, toError: (thrown: unknown) => unknown) {
  try {
    yield* stream;
  } catch (thrown) {
    throw toError(thrown);
  }
}

/** Refuses a caller who may not call this, saying which of the two it is: unknown, or known and not allowed. */
function checkRole(context: CallContext, needed: ProcedureMeta['role']): void {
  const { session } = context;
  if (needed === 'anyone') return;
  if (session.personId === null) throw wireError('unauthenticated', 'Say who you are first.');
  if (!hasRole(session.roles, needed)) throw wireError('forbidden', `This needs the role "${needed}".`);
}

/**
 * The contract with a handler behind each procedure and one middleware before all of them: the role is checked before
 * any parsing is paid for, then the input's size and keys, then the schema; and every error leaves as one of the closed
 * list. Identity comes from the session alone.
 */
export function createRouter(handlers: Handlers, { log, random }: RouterPorts): AnyRouter {
  const root = implement(contract)
    .$context<CallContext>()
    .use(async ({ context, next, path, procedure }, input) => {
      const method = path.join('.');
      const toError = (thrown: unknown) => toWireError(thrown, method, log, random);
      try {
        const { meta, inputSchema } = procedure['~orpc'];
        await context.session.renew?.();
        checkRole(context, (meta as ProcedureMeta).role);
        guardInput(input);
        const extra = inputSchema === undefined ? null : unknownKey(inputSchema as never, input);
        if (extra !== null) throw wireError('invalid_input', `The request names "${extra}", which is not known here.`);
        const result = await next();
        return isStream(result.output)
          ? { ...result, output: mapStreamErrors(result.output, toError) as never }
          : result;
      } catch (thrown) {
        throw toError(thrown);
      }
    });
  const router: Record<string, Record<string, unknown>> = {};
  for (const [noun, procedures] of Object.entries(contract)) {
    const built: Record<string, unknown> = {};
    for (const verb of Object.keys(procedures)) {
      // The contract is walked by name, where TypeScript cannot follow; `Handlers` has made sure that each one is there.
      const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[noun]?.[verb];
      const builder = (root as unknown as Record<string, Record<string, { handler(run: unknown): unknown }>>)[noun]?.[
        verb
      ];
      if (handler === undefined || builder === undefined) throw new Error(`${noun}.${verb} has no handler`);
      built[verb] = builder.handler(({ context, input }: { context: CallContext; input: unknown }) =>
        handler(context, input),
      );
    }
    router[noun] = built;
  }
  return router as AnyRouter;
}

type RequestInterceptor = NonNullable<StandardRPCHandlerOptions<CallContext>['interceptors']>[number];

/** Answers from the closed list what no procedure can: a call that does not exist, a body that cannot be decoded. */
export function answerAll({ log, random }: RouterPorts): RequestInterceptor {
  return async ({ next, request }) => {
    try {
      const result = await next();
      if (result.matched) return result;
    } catch (thrown) {
      if (thrown instanceof ORPCError) throw toWireError(thrown, request.url.pathname, log, random);
      // Errors of handlers have passed the middleware and are ORPCErrors: this one came of reading the request.
      log.warn({ method: request.url.pathname, error: String(thrown) }, 'A request could not be read');
      throw wireError('invalid_input', 'The request cannot be read.');
    }
    throw wireError('not_found', 'There is no such call.');
  };
}

/** The one dispatcher that all hosts share. */
export function createDispatcher(handlers: Handlers, ports: RouterPorts): Dispatcher {
  return new StandardRPCHandler<CallContext>(createRouter(handlers, ports), { interceptors: [answerAll(ports)] });
}
