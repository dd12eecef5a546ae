import { type Command, type Commands, joinCommands } from '../../engine/commands.ts';
import type { HandlerDeps } from '../../engine/handler-deps.ts';
import type { CallContext } from '../../engine/handlers.ts';
import { BUILT_IN, NO_MAPPINGS } from '../../engine/ingest/formats/index.ts';
import { loadPolicies } from '../../engine/policies.ts';
import type { Store } from '../../engine/store/store.ts';
import { ChangeNews, InlineWriter, PeopleFirst, type Writer, type WriterWork } from '../../engine/writer.ts';
import type { Person } from '../../shared/model/people.ts';
import { quiet } from '../store/databases.ts';

export interface Bench {
  deps: HandlerDeps & { writer: Writer };
  work: WriterWork & { calls: string[] };
  setNow(nowMs: number): void;
}

const NO_REPORT = { read: 0, stored: 0, updated: 0, duplicates: 0, rejected: 0, skipped: 0 };

/** The real writer over a real store, with a held clock; only ingest and triage behind it are stand-ins that remember. */
export function benchFor(store: Store, nowMs: number, parts: readonly Readonly<Record<string, Command>>[]): Bench {
  let now = nowMs;
  let drawn = 0;
  const ports = {
    clock: { nowMs: () => now },
    random: { bytes: (length: number) => new Uint8Array(length).fill(++drawn) },
    log: quiet,
    secrets: { get: async () => null, set: async () => {} },
  };
  const calls: string[] = [];
  const work = {
    calls,
    tick: async () => {},
    close: async () => {},
    ingest: async (request: { paths: readonly string[] }) => {
      calls.push(`ingest ${request.paths.join(' ')}`);
      return { ...NO_REPORT, autoClosed: 0, queued: 0, elapsedMs: 0, byFormat: {}, problems: [] };
    },
    deliver: async () => {
      throw new Error('No source delivers here');
    },
    tidy: async () => ({
      droppedBlocks: 0,
      droppedRecords: 0,
      droppedBytes: 0,
      keptOriginals: 0,
      heldBlocks: 0,
      mergedBlocks: 0,
      freedBytes: 0,
      isDone: true,
    }),
    takeUpMappings: async () => ({ texts: NO_MAPPINGS, problems: [] }),
    reloadTriage: async () => {
      calls.push('reloadTriage');
    },
  };
  const commands: Commands = joinCommands(...parts);
  const writer = new InlineWriter({ store, commands, ports, people: new PeopleFirst(), news: new ChangeNews(), work });
  return {
    deps: {
      store,
      writer,
      ports,
      policies: loadPolicies(),
      formats: BUILT_IN,
      mappings: { look: async () => {}, settled: async () => {}, problems: [] },
    },
    work,
    setNow: (value) => {
      now = value;
    },
  };
}

/** A call by somebody whom the host knows; null for a session that has not said who it is. */
export function callBy(person: Pick<Person, 'id' | 'roles'> | null, canSwitchPerson = false): CallContext {
  const session = {
    personId: person?.id ?? null,
    roles: person?.roles ?? [],
    canSwitchPerson,
    switchTo: (id: string, roles: CallContext['session']['roles']) => {
      session.personId = id;
      session.roles = [...roles];
    },
  };
  return { session };
}
