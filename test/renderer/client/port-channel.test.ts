import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveOnPort } from '../../../engine/serve/message-port.ts';
import { createDispatcher } from '../../../engine/serve/router.ts';
import { createSession } from '../../../engine/serve/session.ts';
import { ReconnectingLink } from '../../../renderer/client/connection.ts';
import { openPortChannel } from '../../../renderer/client/port-channel.ts';
import { scriptedHandlers, stillPorts } from '../../engine/serve/scripted-handlers.ts';

/** A page's window, as far as the desktop reaches it: messages with ports. */
class PageWindow extends EventTarget {
  deliver(kind: string, port: MessagePort | null, source: unknown = this): void {
    const event = Object.assign(new Event('message'), { data: { kind }, ports: port === null ? [] : [port], source });
    this.dispatchEvent(event);
  }
}

let page: PageWindow;
const servers: { close(): void }[] = [];
beforeEach(() => {
  page = new PageWindow();
  vi.stubGlobal('window', page);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  vi.unstubAllGlobals();
});

/** An engine behind a port, named so that answers tell which one gave them. */
function engine(name: string): { port: MessagePort; die(): void } {
  const ports = stillPorts();
  const handlers = scriptedHandlers({ 'queue.next': async () => ({ item: null, why: name }) });
  const { port1, port2 } = new MessageChannel();
  const session = createSession({ canSwitchPerson: true, personId: 'ana', roles: ['analyst'] });
  // Node's own port has both the browser's methods and these.
  serveOnPort(
    createDispatcher(handlers, ports),
    port1 as unknown as Parameters<typeof serveOnPort>[1],
    session,
    ports.log,
  );
  servers.push(port1);
  return { port: port2, die: () => port1.close() };
}

const ask = (link: ReconnectingLink) => link.call(['queue', 'next'], {}, { context: {} });

describe('the port that the desktop hands over', () => {
  it('is asked for once, and taken only from this page and under its own name', async () => {
    let asked = 0;
    const link = new ReconnectingLink(
      openPortChannel(() => {
        asked += 1;
      }),
    );
    page.deliver('something-else', engine('stranger').port);
    page.deliver('evenwatch:engine-port', engine('frame').port, {});
    page.deliver('evenwatch:engine-port', null);
    page.deliver('evenwatch:engine-port', engine('first').port);
    expect(await ask(link)).toMatchObject({ why: 'first' });
    expect(asked).toBe(1);
  });

  it('is replaced by the port of an engine that was started anew, also under a call', async () => {
    const link = new ReconnectingLink(openPortChannel(() => {}));
    const first = engine('first');
    page.deliver('evenwatch:engine-port', first.port);
    await ask(link);
    first.die();
    const waiting = ask(link);
    page.deliver('evenwatch:engine-port', engine('second').port);
    expect(await waiting).toMatchObject({ why: 'second' });
  });

  it('takes the newest of several that came meanwhile', async () => {
    const link = new ReconnectingLink(openPortChannel(() => {}));
    page.deliver('evenwatch:engine-port', engine('first').port);
    page.deliver('evenwatch:engine-port', engine('second').port);
    page.deliver('evenwatch:engine-port', engine('third').port);
    await link.ready();
    for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await ask(link)).toMatchObject({ why: 'third' });
  });
});
