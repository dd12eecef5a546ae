import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DecisionResult, Statement } from '../shared/model/decision.ts';
import type { Person } from '../shared/model/people.ts';
import type { Actor } from './handlers.ts';
import type { Ports } from './ports.ts';
import { setMeta } from './store/meta.ts';
import { openStore, type StoreTarget } from './store/open.ts';
import { savePerson } from './store/people.ts';
import type { Store } from './store/store.ts';
import { initialsOf, RESERVED_IDS } from './workload/roster-import.ts';
import { ChangeNews, makeTransact } from './writer.ts';

export interface OwnNames {
  /** What people see in the frame. */
  name: string;
  /** The first person, who may do everything until there are others. */
  myName: string;
}

const ITEM_LIMIT = 25;

/** `Ana María Ruiz` is `ana.maría.ruiz`; a name without letters is `owner`. */
export function personIdOf(name: string): string {
  const id = name
    .toLowerCase()
    .normalize('NFC')
    .split(/\s+/)
    .map((word) => word.replace(/[^\p{L}\p{N}_-]/gu, ''))
    .filter((word) => word !== '')
    .join('.')
    .slice(0, 64);
  return id === '' || RESERVED_IDS.has(id) ? 'owner' : id;
}

function firstPerson(myName: string): Person {
  return {
    id: personIdOf(myName),
    name: myName,
    initials: initialsOf(myName) || '·',
    tier: 'tier1',
    roles: ['analyst', 'lead', 'admin'],
    skills: [],
    itemLimit: ITEM_LIMIT,
  };
}

/** Gives an empty store its name and its first person, with the first entry of its ledger. */
export async function foundWorkspace(
  store: Store,
  ports: Ports,
  { name, myName, statement }: OwnNames & { statement: Statement | null },
): Promise<{ result: DecisionResult; me: Person }> {
  const me = firstPerson(myName);
  const actor: Actor = { kind: 'person', id: me.id, name: me.name, roles: me.roles };
  const summary = `Started the workspace ${name}`;
  const news = new ChangeNews();
  let seq = 0;
  news.onChange((newest) => {
    seq = newest;
  });
  const decisionId = await makeTransact(
    store,
    ports,
    news,
  )(actor, async ({ tx, touch, record }) => {
    await savePerson(tx, me, 0);
    await setMeta(tx, 'workspace_name', name);
    touch('workspace');
    touch('roster');
    return record({ kind: 'workspace.start_own', statement, summary, subjects: [] });
  });
  return { result: { decisionId, changed: 1, skipped: [], summary, seq }, me };
}

export const ownPath = (dataDir: string): string => join(dataDir, 'evenwatch.db');
/** Where the sample lies, beside one's own. */
export const sampleDir = (dataDir: string): string => join(dataDir, 'sample');
export const samplePath = (dataDir: string): string => join(sampleDir(dataDir), 'evenwatch.db');

/**
 * Makes a workspace of one's own in the data folder. It is made beside its place and moved there whole, so that a kill
 * in the middle leaves none.
 */
export async function makeOwnWorkspace(
  options: { dataDir: string; statement: Statement | null } & OwnNames,
  ports: Ports,
): Promise<{ result: DecisionResult; me: Person }> {
  const { dataDir } = options;
  const making = join(dataDir, 'own.making');
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  const target: StoreTarget = { kind: 'sqlite', path: join(making, 'evenwatch.db') };
  const store = await openStore({ target, log: ports.log, clock: ports.clock });
  let founded: { result: DecisionResult; me: Person };
  try {
    founded = await foundWorkspace(store, ports, options);
  } finally {
    await store.close();
  }
  renameSync(join(making, 'evenwatch.db'), ownPath(dataDir));
  rmSync(making, { recursive: true, force: true });
  return founded;
}
