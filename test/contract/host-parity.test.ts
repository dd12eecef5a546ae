import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../engine/serve/in-process.ts';
import { openSetting, statementOf } from '../engine/engine-setting.ts';
import { HOSTS } from '../engine/serve/hosts.ts';
import { eveRecord, ocsfFinding, wazuhDocument } from '../fixtures/alert-records.ts';
import { fixedRandom } from '../fixtures/random.ts';
import { quiet } from '../store/databases.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-parity-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Loose = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** What a client saw, step by step. */
class Transcript {
  readonly steps: { step: string; saw: unknown }[] = [];

  /** Writes down the answer, or the error as every screen sees it. */
  async note<T>(step: string, call: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await call();
      this.steps.push({ step, saw: answer });
      return answer;
    } catch (thrown) {
      const { code, message, status, data } = thrown as Record<string, unknown>;
      this.steps.push({ step, saw: { code, message, status, data } });
      return null;
    }
  }
}

/** One morning: alerts come in, are read, closed, taken back, passed on; and everything that can be refused is tried. */
async function morning(client: EngineClient, ids: () => string): Promise<Transcript['steps']> {
  const log = new Transcript();
  const say = (...args: Parameters<typeof statementOf>) => ({ ...statementOf(...args), commandId: ids() });
  await log.note('not signed in', () => client.queue.next({}));
  await log.note('nobody', () => client.workspace.signIn({ personId: 'nobody' }));
  await log.note('people', () => client.workspace.people({}));
  await log.note('sign in', () => client.workspace.signIn({ personId: 'ana' }));
  await log.note('me', () => client.workspace.get({}));

  const text = [eveRecord(), wazuhDocument(), ocsfFinding(), 'broken']
    .map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))
    .join('\n');
  const upload = await log.note('upload', () =>
    client.sources.uploadBegin({ statement: say('alert.create'), name: 'mixed.json' }),
  );
  const uploadId = upload?.uploadId ?? '';
  await log.note('append', () =>
    client.sources.uploadAppend({ uploadId, offset: 0, base64: Buffer.from(`${text}\n`).toString('base64') }),
  );
  await log.note('gap', () => client.sources.uploadAppend({ uploadId, offset: 999_999, base64: 'AAAA' }));
  await log.note('finish', () => client.sources.uploadFinish({ uploadId }));
  await log.note('rejects', () => client.sources.deadLetters({}));

  const list = await log.note('list', () => client.queue.list({ filter: {} }));
  const [first, second] = list?.items ?? [];
  if (first === undefined || second === undefined) throw new Error('Nothing was taken in.');
  await log.note('get', () => client.queue.get({ id: first.id }));
  await log.note('facets', () => client.queue.facets({}));
  const items = { kind: 'items' as const, items: [{ id: first.id, version: first.version }] };
  const closing = {
    statement: say('group.dispose', [first.id]),
    selection: items,
    disposition: 'false_positive' as const,
    reason: 'A scanner of ours.',
  };
  const closed = await log.note('dispose', () => client.decisions.dispose(closing));
  await log.note('replay', () => client.decisions.dispose(closing));
  await log.note('same id, other body', () => client.decisions.dispose({ ...closing, reason: 'Something else.' }));
  await log.note('undo', () =>
    client.decisions.undo({ statement: say('decision.undo'), decisionId: closed?.decisionId ?? 0 }),
  );
  await log.note('escalate', () =>
    client.decisions.escalate({
      statement: say('group.escalate', [second.id]),
      id: second.id,
      version: second.version,
      question: 'Is this host one of yours?',
    }),
  );
  await log.note('stale escalate', () =>
    client.decisions.escalate({
      statement: say('group.escalate', [second.id]),
      id: second.id,
      version: second.version,
      question: 'Is this host one of yours?',
    }),
  );
  await log.note('escalations', () => client.escalations.list({}));

  const again = await log.note('list again', () => client.queue.list({ filter: {} }));
  const [into, other] = again?.items.filter((item) => item.id !== second.id) ?? [];
  if (into === undefined || other === undefined) throw new Error('Two items were to be left.');
  const seen = ({ id, version }: typeof into) => ({ id, version });
  const joining = {
    statement: say('group.join', [into.id, other.id]),
    into: seen(into),
    items: [seen(other)],
  };
  await log.note('join', () => client.decisions.join(joining));
  await log.note('stale join', () =>
    client.decisions.join({ ...joining, statement: say('group.join', [into.id, other.id]) }),
  );
  const joined = await log.note('get the one that it went into', () => client.queue.get({ id: other.id }));
  await log.note('entities', () => client.queue.entities({ id: other.id }));
  await log.note('entities of no place', () => client.queue.entities({ id: other.id, cursor: 'nowhere' }));
  const parted = await log.note('split', () =>
    client.decisions.split({
      statement: say('group.split', [into.id]),
      id: into.id,
      version: joined?.item.version ?? 0,
      alertIds: [joined?.alerts.at(-1)?.id ?? 0],
    }),
  );
  await log.note('undo the split', () =>
    client.decisions.undo({ statement: say('decision.undo'), decisionId: parted?.decisionId ?? 0 }),
  );

  await log.note('not there', () => client.queue.get({ id: 987_654 }));
  await log.note('not allowed', () => client.team.overview({}));
  const loose = client as unknown as Loose;
  await log.note('not valid', async () => loose.queue?.get?.({ id: 'x' }));
  await log.note('forged actor', async () => loose.queue?.next?.({ personId: 'lea', roles: ['admin'], session: {} }));
  await log.note('no such call', async () => loose.queue?.drop?.({}));
  await log.note('too large', async () => loose.queue?.list?.({ filter: { text: 'x'.repeat(1_200_000) } }));
  await log.note('prototype', async () => loose.queue?.get?.(JSON.parse('{"id":1,"__proto__":{"x":1}}')));
  await log.note('still me', async () => (await client.workspace.get({})).me);

  await log.note('changes', () => client.changes.since({ seq: 0 }));
  await log.note('poke', async () => {
    const pokes = await client.changes.subscribe({});
    const next = pokes[Symbol.asyncIterator]();
    const poke = await next.next();
    await next.return?.();
    return poke.value;
  });
  return log.steps;
}

async function transcriptOver(name: string): Promise<Transcript['steps']> {
  const open = HOSTS[name];
  if (open === undefined) throw new Error(`There is no host ${name}`);
  const setting = await openSetting({ kind: 'sqlite', path: join(root, `${name.replace(/\W/g, '-')}.db`) });
  const ports = {
    clock: setting.clock,
    random: fixedRandom(7),
    log: quiet,
    secrets: { get: async () => null, set: async () => {} },
  };
  const host = await open(setting.engine.handlers, ports);
  let n = 0;
  try {
    return await morning(host.client, () => {
      n += 1;
      return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    });
  } finally {
    await host.close();
    await setting.close();
  }
}

describe('one morning over every host', async () => {
  const expected = await transcriptOver('in-process');

  it('is a morning in which something happened', () => {
    const seen = new Map(expected.map(({ step, saw }) => [step, saw as Record<string, unknown>]));
    expect(seen.get('finish')).toMatchObject({ read: 4, stored: 3, rejected: 1 });
    expect(seen.get('dispose')).toMatchObject({ changed: 1 });
    expect(seen.get('replay')).toEqual(seen.get('dispose'));
    expect(seen.get('undo')).toMatchObject({ changed: 1 });
    expect(seen.get('escalate')).toMatchObject({ changed: 1 });
    expect(seen.get('join')).toMatchObject({ changed: 2 });
    expect(seen.get('entities')).toMatchObject({ entities: [{ count: 1 }, { count: 1 }] });
    expect(seen.get('split')).toMatchObject({ changed: 2, groupId: expect.any(Number) });
    expect(seen.get('undo the split')).toMatchObject({ changed: 1 });
    expect(seen.get('still me')).toMatchObject({ id: 'ana' });
    const codes = expected
      .map(({ saw }) => (saw as { code?: string } | null)?.code)
      .filter((code) => code !== undefined);
    expect(new Set(codes)).toEqual(
      new Set(['unauthenticated', 'not_found', 'conflict', 'forbidden', 'invalid_input', 'too_large']),
    );
  });

  it.each(Object.keys(HOSTS).filter((name) => name !== 'in-process'))('%s tells the same', async (name) => {
    expect(await transcriptOver(name)).toEqual(expected);
  });
});
