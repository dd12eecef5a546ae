import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../../engine/serve/in-process.ts';
import { guardInput } from '../../../engine/serve/input-guard.ts';
import { HOSTS, type OpenedHost } from './hosts.ts';
import { scriptedHandlers, stillPorts } from './scripted-handlers.ts';

const opened: OpenedHost[] = [];
afterEach(async () => {
  for (const host of opened.splice(0)) await host.close();
});

async function errorOf(call: Promise<unknown>): Promise<{ code: string; message: string; data: unknown }> {
  try {
    await call;
  } catch (thrown) {
    const { code, message, data } = thrown as { code: string; message: string; data: unknown };
    return { code, message, data };
  }
  throw new Error('The call was not refused.');
}

type Loose = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
/** The client without its types, as an attacker has it. */
const loose = (client: EngineClient) => client as unknown as Loose;

describe.each(Object.entries(HOSTS))('calls over %s', (_, open) => {
  async function start() {
    const ports = stillPorts();
    const host = await open(scriptedHandlers(), ports);
    opened.push(host);
    return { client: host.client, ports };
  }

  it('asks who one is before it looks at the input', async () => {
    const { client } = await start();
    expect(await errorOf(loose(client).queue?.get?.({ nonsense: 1 }) ?? Promise.resolve())).toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('refuses who lacks the role before it looks at the input', async () => {
    const { client } = await start();
    await client.workspace.signIn({ personId: 'ana' });
    expect(await errorOf(loose(client).team?.overview?.({ nonsense: 1 }) ?? Promise.resolve())).toMatchObject({
      code: 'forbidden',
    });
  });

  it('takes identity from the session and refuses it in the input', async () => {
    const { client } = await start();
    await client.workspace.signIn({ personId: 'ana' });
    const answer = await errorOf(
      loose(client).queue?.next?.({ personId: 'root', roles: ['admin'] }) ?? Promise.resolve(),
    );
    expect(answer.code).toBe('invalid_input');
    expect((await client.workspace.get({})).me?.id).toBe('ana');
  });

  it('keeps what is planned apart from what is not, and the stack at home', async () => {
    const { client, ports } = await start();
    await client.workspace.signIn({ personId: 'ana' });
    expect(await errorOf(client.queue.get({ id: 1 }))).toMatchObject({
      code: 'not_found',
      message: 'There is no such item.',
    });
    expect(await errorOf(client.queue.prepare({ filter: {} }))).toMatchObject({ code: 'unavailable' });
    const unplanned = await errorOf(client.alert.get({ id: 1 }));
    expect(unplanned.code).toBe('internal');
    expect(JSON.stringify(unplanned)).not.toMatch(/secret|TypeError|\.ts/);
    const { correlationId } = unplanned.data as { correlationId: string };
    const line = ports.logged.find(({ fields }) => fields.correlationId === correlationId);
    expect(line?.fields.error).toMatch(/secret of the stack/);
    expect(line?.fields.method).toBe('alert.get');
  });

  it('does not let an answer out that breaks the contract', async () => {
    const { client } = await start();
    await client.workspace.signIn({ personId: 'ana' });
    expect(await errorOf(client.alert.original({ id: 1 }))).toMatchObject({ code: 'internal' });
  });

  it('says what is wrong with an input without repeating it', async () => {
    const { client } = await start();
    const answer = await errorOf(
      loose(client).workspace?.signIn?.({ personId: { password: 'hunter2' } }) ?? Promise.resolve(),
    );
    expect(answer.code).toBe('invalid_input');
    expect(answer.message).toMatch(/personId/);
    expect(JSON.stringify(answer)).not.toMatch(/hunter2/);
  });

  it('refuses a call that does not exist', async () => {
    const { client } = await start();
    for (const [noun, verb] of [
      ['queue', 'drop'],
      ['nothing', 'here'],
    ] as const) {
      expect(await errorOf(loose(client)[noun]?.[verb]?.({}) ?? Promise.resolve()), `${noun}.${verb}`).toMatchObject({
        code: 'not_found',
      });
    }
  });

  it('refuses more than a megabyte, endless nesting, prototype keys and values that are not JSON', async () => {
    const { client } = await start();
    const signIn = (personId: unknown) => errorOf(loose(client).workspace?.signIn?.({ personId }) ?? Promise.resolve());
    expect(await signIn('x'.repeat(1_100_000))).toMatchObject({ code: 'too_large' });
    let nested: unknown = 'x';
    for (let depth = 0; depth < 100; depth += 1) nested = [nested];
    expect(await signIn(nested)).toMatchObject({ code: 'invalid_input' });
    expect(await signIn(JSON.parse('{"__proto__":{"isAdmin":true}}'))).toMatchObject({ code: 'invalid_input' });
    expect(await signIn(JSON.parse('{"constructor":{"prototype":1}}'))).toMatchObject({ code: 'invalid_input' });
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it('carries a stream, and its error from the closed list', async () => {
    const { client } = await start();
    const seen: number[] = [];
    const answer = await errorOf(
      (async () => {
        for await (const { seq } of await client.changes.subscribe({})) seen.push(seq);
      })(),
    );
    expect(seen).toEqual([1, 2]);
    expect(answer).toMatchObject({ code: 'unavailable', message: 'The feed broke.' });
  });
});

describe('guardInput', () => {
  it('lets every small JSON value pass that has no prototype key', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(text));
        guardInput(JSON.parse(text));
      }),
    );
  });

  it('finds a prototype key wherever it hides', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('list', 'key'), { maxLength: 20 }),
        fc.constantFrom('__proto__', 'constructor', 'prototype'),
        (way, key) => {
          let value: unknown = JSON.parse(`{"${key}":1}`);
          for (const step of way) value = step === 'list' ? [value] : { a: value };
          expect(() => guardInput(value)).toThrow(/forbidden key/);
        },
      ),
    );
  });
});
