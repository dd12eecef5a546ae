import { expect, test } from 'vitest';
import { loadPolicies } from '../../engine/policies.ts';
import { setMeta } from '../../engine/store/meta.ts';
import { replacePeople } from '../../engine/store/people.ts';
import type { Store } from '../../engine/store/store.ts';
import { AUTOMATION_PAUSED } from '../../engine/triage/triage-state.ts';
import { type WorkspaceHost, workspaceHandlers } from '../../engine/workspace-handlers.ts';
import { describeOnBothStores } from '../store/databases.ts';
import { statement } from './command-context.ts';
import { callBy } from './fake-writer.ts';
import { person } from './seed.ts';

const NOW = 1_000;
const ana = person('ana', 'tier1');
const boss = person('boss', 'lead', { roles: ['admin'] });

function handlersOver(store: Store) {
  const started: string[] = [];
  const workspace: WorkspaceHost = {
    describe: async () => ({ name: 'Sample', isSample: true, preparing: null }),
    startOwn: async ({ name, myName }) => {
      started.push(`${name} ${myName}`);
      const result = { decisionId: null, changed: 1, skipped: [], summary: 'Opened', seq: 0 };
      return { result, me: person('me1', 'lead', { name: myName }) };
    },
    searchLag: async () => 3,
    version: '0.1.0',
  };
  const ports = { clock: { nowMs: () => NOW } };
  return { started, workspace: workspaceHandlers({ store, ports, workspace, policies: loadPolicies() }) };
}

describeOnBothStores('the workspace', (open) => {
  test('tells every frame what it needs, also to a session that has not said who it is', async () => {
    const { store } = await open();
    await store.write((tx) => replacePeople(tx, [ana, boss]));
    const { workspace } = handlersOver(store);
    expect(await workspace.get(callBy(null, true), {})).toEqual({
      name: 'Sample',
      isSample: true,
      preparing: null,
      version: '0.1.0',
      automationPaused: false,
      // A quarter of what each severity has, by the policy that is shipped.
      dueSoonMs: expect.objectContaining({
        bySeverity: expect.objectContaining({ critical: 3.75 * 60_000, low: 6 * 3_600_000 }),
        otherwise: 15 * 60_000,
      }),
      me: null,
      canSwitchPerson: true,
      nowMs: NOW,
      seq: 0,
      searchLag: 3,
    });
    await store.write((tx) => setMeta(tx, AUTOMATION_PAUSED, 'Boss'));
    expect(await workspace.get(callBy(ana), {})).toMatchObject({ me: ana, automationPaused: true });
    expect((await workspace.people(callBy(null), {})).map((each) => each.id)).toEqual(['ana', 'boss']);
  });

  test('somebody who left is nobody here', async () => {
    const { store } = await open();
    await store.write((tx) => replacePeople(tx, [ana, boss]));
    await store.write((tx) => replacePeople(tx, [boss]));
    const { workspace } = handlersOver(store);
    expect((await workspace.get(callBy(ana), {})).me).toBeNull();
    await expect(workspace.signIn(callBy(null, true), { personId: 'ana' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('people say who they are only where the host allows it', async () => {
    const { store } = await open();
    await store.write((tx) => replacePeople(tx, [ana, boss]));
    const { workspace } = handlersOver(store);
    const desk = callBy(null, true);
    expect(await workspace.signIn(desk, { personId: 'boss' })).toEqual({ me: boss });
    expect(desk.session).toMatchObject({ personId: 'boss', roles: ['admin'] });
    const hub = callBy(ana, false);
    await expect(workspace.signIn(hub, { personId: 'boss' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(hub.session.personId).toBe('ana');
  });

  test('starting one’s own signs its first person in; on a hub it is an admin’s', async () => {
    const { store } = await open();
    await store.write((tx) => replacePeople(tx, [ana, boss]));
    const { workspace, started } = handlersOver(store);
    const input = { statement: statement('workspace.start_own'), name: 'Acme', myName: 'Mia Own' };
    const desk = callBy(null, true);
    expect(await workspace.startOwn(desk, input)).toMatchObject({ summary: 'Opened' });
    expect(desk.session.personId).toBe('me1');
    await expect(workspace.startOwn(callBy(ana, false), input)).rejects.toMatchObject({ code: 'forbidden' });
    await workspace.startOwn(callBy(boss, false), input);
    expect(started).toEqual(['Acme Mia Own', 'Acme Mia Own']);
  });
});
