import { EngineError } from '../shared/model/errors.ts';
import type { Policies } from '../shared/model/policy.ts';
import { TERMINAL_ID } from './bin/terminal-session.ts';
import type { Actor, CallContext } from './handlers.ts';
import type { FormatCatalogue } from './ingest/formats/index.ts';
import type { MappingsInView } from './ingest/mapping/mapping-watch.ts';
import type { Ports } from './ports.ts';
import { personById } from './store/people.ts';
import type { Store } from './store/store.ts';
import type { Writer } from './writer.ts';

/** What the handlers of one concept are made from. The composition gives it; nobody looks anything up. */
export interface HandlerDeps {
  store: Store;
  writer: Writer;
  ports: Ports;
  policies: Policies;
  /** Formats of the program and of the workspace's mappings. */
  formats: FormatCatalogue;
  /** The mapping files, looked at anew by whoever is to read by what lies there now. */
  mappings: MappingsInView;
}

/** Who calls, by the session of the host, with the roles that the roster gives. Never read from a payload. */
export async function callerOf(context: CallContext, store: Store): Promise<Actor & { kind: 'person' }> {
  const { personId, roles } = context.session;
  if (personId === null) throw new EngineError('unauthenticated', 'Say who you are first.');
  const person = await store.read((db) => personById(db, personId));
  if (person === null || !person.isActive) {
    throw new EngineError('unauthenticated', 'You are no longer on the team list. Sign in again.');
  }
  return { kind: 'person', id: person.id, name: person.name, roles };
}

/** The same for what the account that owns the data folder may do in a terminal: it is on no roster. */
export async function ownerOrPerson(context: CallContext, store: Store): Promise<Actor> {
  if (context.session.personId === TERMINAL_ID) return { kind: 'system', id: TERMINAL_ID };
  return callerOf(context, store);
}

/** Runs a command of the contract as the caller. The answer's type is that of the registered handler. */
export async function runAsCaller<O>(
  deps: Pick<HandlerDeps, 'store' | 'writer'>,
  context: CallContext,
  name: string,
  input: unknown,
): Promise<O> {
  return (await deps.writer.run(name, input, await callerOf(context, deps.store))) as O;
}
