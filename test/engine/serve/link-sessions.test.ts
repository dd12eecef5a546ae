import { expect, it } from 'vitest';
import { startHttpHost } from '../../../engine/serve/http.ts';
import type { Role } from '../../../shared/model/vocabulary.ts';
import { enter } from './hosts.ts';
import { person, scriptedHandlers, stillPorts } from './scripted-handlers.ts';

it('follows the roster: a link proves who somebody is, and not for ever what they may do', async () => {
  const roster = new Map<string, Role[]>([['lee', ['lead']]]);
  const handlers = scriptedHandlers({
    'workspace.people': async () => [...roster].map(([id, roles]) => ({ ...person(id), roles })),
    'team.rota': async () => [],
    'automation.pause': async () => ({ decisionId: 1, changed: 1, skipped: [], summary: '', seq: 0 }),
  });
  const host = await startHttpHost({
    handlers,
    ports: stillPorts(),
    listen: { host: '127.0.0.1', port: 0 },
    rendererDir: '/nonexistent',
  });
  const cookie = await enter(host.mintLink({ personId: 'lee', roles: ['lead'] }));
  const call = async (path: string, input: object) => {
    const answer = await fetch(`${host.origin}/api/${path}`, {
      method: 'POST',
      headers: { cookie, origin: host.origin, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return { status: answer.status, body: JSON.stringify(await answer.json()) };
  };
  const rota = () => call('team/rota', { fromMs: 0, toMs: 1 });
  const overview = () => call('team/overview', {});
  expect((await rota()).status).toBe(200);
  // Not in this script, but let through to it.
  expect((await overview()).status).toBe(422);

  roster.set('lee', ['analyst']);
  expect((await rota()).status).toBe(200);
  expect((await overview()).status).toBe(403);

  roster.delete('lee');
  const gone = await rota();
  expect(gone.status).toBe(401);
  expect(gone.body).toContain('no longer on the team list');
  expect((await call('workspace/people', {})).status).toBe(401);

  roster.set('lee', ['lead']);
  expect((await overview()).status).toBe(422);
  await host.close();
});
