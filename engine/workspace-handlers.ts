import { dueSoonTable } from '../shared/domain/routing/clock.ts';
import type { DecisionResult, Statement } from '../shared/model/decision.ts';
import { EngineError } from '../shared/model/errors.ts';
import type { Person } from '../shared/model/people.ts';
import type { Policies } from '../shared/model/policy.ts';
import type { CallContext, Handlers } from './handlers.ts';

import type { Ports } from './ports.ts';
import { newestSeq } from './store/feed.ts';
import { getMeta } from './store/meta.ts';
import { listPeople, personById } from './store/people.ts';
import type { Read, Store } from './store/store.ts';
import { AUTOMATION_PAUSED } from './triage/triage-state.ts';

/** The open workspace as its host knows it. */
export interface WorkspaceHost {
  /** `preparing` is 0 to 1 while the sample is being made, and null otherwise. */
  describe(): Promise<{ name: string; isSample: boolean; preparing: number | null }>;
  /** Opens an empty workspace with this name and this one person, who may do everything, and gives their id. */
  startOwn(input: {
    name: string;
    myName: string;
    statement: Statement;
  }): Promise<{ result: DecisionResult; me: Person }>;
  /** Alerts that the search does not know yet. */
  searchLag(db: Read): Promise<number>;
  version: string;
}

export interface WorkspaceDeps {
  store: Store;
  ports: Pick<Ports, 'clock'>;
  workspace: WorkspaceHost;
  policies: Pick<Policies, 'sla'>;
}

/** Everything about the workspace but its storage, which `storageHandlers` answers. */
export function workspaceHandlers({
  store,
  ports,
  workspace,
  policies,
}: WorkspaceDeps): Omit<Handlers['workspace'], 'storage' | 'tidyStorage'> {
  const dueSoonMs = dueSoonTable(policies.sla);
  return {
    get: async (context) => {
      const about = await workspace.describe();
      const { personId, canSwitchPerson } = context.session;
      const state = await store.read(async (db) => ({
        automationPaused: (await getMeta(db, AUTOMATION_PAUSED)) !== null,
        me: personId === null ? null : await activePerson(db, personId),
        seq: await newestSeq(db),
        searchLag: await workspace.searchLag(db),
      }));
      const nowMs = ports.clock.nowMs();
      return { ...about, ...state, version: workspace.version, dueSoonMs, canSwitchPerson, nowMs };
    },
    people: () => store.read(listPeople),
    signIn: async (context, { personId }) => {
      refuseWhereIdentityIsProven(context);
      const me = await store.read((db) => activePerson(db, personId));
      if (me === null) throw new EngineError('not_found', 'Nobody on the team list has this id.');
      context.session.switchTo(me.id, me.roles);
      return { me };
    },
    startOwn: startOwnHandler(workspace),
  };
}

/** Leaves the sample. Also asked while there is no engine yet, because the sample is still being made. */
export function startOwnHandler(workspace: Pick<WorkspaceHost, 'startOwn'>): Handlers['workspace']['startOwn'] {
  return async (context, input) => {
    if (!context.session.roles.includes('admin')) refuseWhereIdentityIsProven(context);
    const { result, me } = await workspace.startOwn(input);
    if (context.session.canSwitchPerson) context.session.switchTo(me.id, me.roles);
    return result;
  };
}

async function activePerson(db: Read, id: string): Promise<Person | null> {
  const found = await personById(db, id);
  if (found === null || !found.isActive) return null;
  const { isActive: _, ...person } = found;
  return person;
}

function refuseWhereIdentityIsProven({ session }: CallContext): void {
  if (session.canSwitchPerson) return;
  throw new EngineError('forbidden', 'Here people sign in through the host; nobody can say to be somebody else.');
}
