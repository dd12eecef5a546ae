import { AsyncIteratorClass } from '@orpc/server';
import { contract } from '../shared/contract/index.ts';
import type { CallContext, Handlers } from './handlers.ts';

type AnyHandler = (context: CallContext, input: unknown) => Promise<unknown>;
type AnyHandlers = Record<string, Record<string, AnyHandler>>;

/** What answers for one procedure at this moment. */
export type Route = (noun: string, verb: string) => AnyHandler;

/**
 * Handlers that stay the same object while what answers them changes: the router and every open connection keep them.
 * The contract names each procedure, so nothing can be missing.
 */
export function switchingHandlers(route: Route): Handlers {
  const nouns: [string, Record<string, AnyHandler>][] = Object.entries(contract).map(([noun, procedures]) => [
    noun,
    Object.fromEntries(
      Object.keys(procedures).map((verb): [string, AnyHandler] => [
        verb,
        (context, input) => route(noun, verb)(context, input),
      ]),
    ),
  ]);
  // Names at run time are beyond the checker; the contract that both sides are made from is what guarantees the shape.
  return Object.fromEntries(nouns) as unknown as Handlers;
}

/** One handler by its names, for `Route`. */
export function handlerOf(handlers: Handlers, noun: string, verb: string): AnyHandler {
  const found = (handlers as unknown as AnyHandlers)[noun]?.[verb];
  if (found === undefined) throw new Error(`The contract has no procedure ${noun}.${verb}`);
  return found;
}

/**
 * A stream that ends when the workspace under it is switched: its reader subscribes again, and learns from the number
 * of the other workspace's feed that everything has to be read anew.
 */
export function untilSwitched<T>(
  source: AsyncIterator<T>,
  switched: Promise<void>,
): AsyncIteratorClass<T, unknown, void> {
  const end = switched.then((): IteratorResult<T> => ({ done: true, value: undefined }));
  return new AsyncIteratorClass<T, unknown, void>(
    () => Promise.race([source.next(), end]),
    async () => {
      await source.return?.();
    },
  );
}
