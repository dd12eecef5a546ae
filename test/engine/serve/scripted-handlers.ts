import type { CallContext, Handlers } from '../../../engine/handlers.ts';
import type { Ports } from '../../../engine/ports.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Role } from '../../../shared/model/vocabulary.ts';

export interface Logged {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}

/** Ports whose clock stands and whose log can be read; randomness counts, so that two runs are alike. */
export function stillPorts(nowMs = Date.UTC(2026, 2, 2, 9)): Ports & { logged: Logged[]; advance(ms: number): void } {
  const logged: Logged[] = [];
  let time = nowMs;
  let drawn = 0;
  const log = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void logged.push({ level, fields, message });
  return {
    logged,
    advance: (ms) => {
      time += ms;
    },
    clock: { nowMs: () => time },
    random: {
      bytes: (length) => {
        drawn += 1;
        return Uint8Array.from({ length }, (_, at) => (drawn * 31 + at * 7) % 256);
      },
    },
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    secrets: { get: async () => null, set: async () => {} },
  };
}

const PEOPLE: Record<string, Role[]> = { ana: ['analyst'], lee: ['lead'], root: ['admin'] };

export function person(id: string) {
  return {
    id,
    name: id,
    initials: id.slice(0, 2),
    tier: 'tier1' as const,
    roles: PEOPLE[id] ?? [],
    skills: [],
    itemLimit: 5,
  };
}

type Scripted = (context: CallContext, input: never) => Promise<unknown>;

/**
 * Handlers for tests of what stands between a wire and a handler: a few that answer, one for each kind of error, and
 * `unsupported` for the rest. What handlers themselves do is tested where they live.
 */
export function scriptedHandlers(more: Record<string, Scripted> = {}): Handlers {
  const script: Record<string, Scripted> = {
    'workspace.get': async ({ session }) => ({
      name: 'Scripted',
      isSample: false,
      preparing: null,
      version: '0',
      automationPaused: false,
      dueSoonMs: null,
      me: session.personId === null ? null : person(session.personId),
      canSwitchPerson: session.canSwitchPerson,
      nowMs: 1,
      seq: 7,
      searchLag: 0,
    }),
    'workspace.people': async () => Object.keys(PEOPLE).map(person),
    'workspace.signIn': async ({ session }, { personId }: { personId: string }) => {
      const roles = PEOPLE[personId];
      if (roles === undefined) throw new EngineError('not_found', 'Nobody has this id.');
      session.switchTo(personId, roles);
      return { me: person(personId) };
    },
    'queue.next': async () => ({ item: null, why: 'Nothing waits.' }),
    'queue.get': async () => {
      throw new EngineError('not_found', 'There is no such item.');
    },
    'queue.prepare': async () => {
      throw new EngineError('unavailable', 'The store does not answer.');
    },
    'alert.get': async () => {
      throw new TypeError('secret of the stack');
    },
    'alert.original': async () => ({ text: 42 }),
    'decisions.tag': async () => {
      throw new EngineError('conflict', 'Was closed meanwhile.');
    },
    'changes.subscribe': async () =>
      (async function* () {
        yield { seq: 1 };
        yield { seq: 2 };
        throw new EngineError('unavailable', 'The feed broke.');
      })(),
    ...more,
  };
  const noun = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, verb) =>
          script[`${name}.${String(verb)}`] ??
          (async () => {
            throw new EngineError('unsupported', 'Not in this script.');
          }),
      },
    );
  // A script answers by name; the type of each answer is checked by the contract's own output schemas at run time.
  return new Proxy({}, { get: (_, name) => noun(String(name)) }) as Handlers;
}
