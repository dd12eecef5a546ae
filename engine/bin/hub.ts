import { EngineError } from '../../shared/model/errors.ts';
import type { LinkHolder } from '../serve/http/access.ts';
import { checkListen, type ListenAddress } from '../serve/http/listen-policy.ts';
import { isLoopback } from '../serve/http/origin-check.ts';
import { startHttpHost } from '../serve/http.ts';
import type { EngineClient } from '../serve/in-process.ts';
import { createInProcessClient } from '../serve/in-process.ts';
import { acquireDataLock, takenError } from './data-lock.ts';
import { hostPorts } from './host-ports.ts';
import { openHostedEngine } from './hosted-engine.ts';
import { SOURCE_RENDERER_DIR } from './resources-dir.ts';
import { serveHandover } from './serve-handover.ts';
import { terminalSession } from './terminal-session.ts';

export interface HubOptions {
  dataDir: string;
  listen: ListenAddress;
  databaseUrl: string | null;
  tls: { cert: string; key: string } | null;
  hostNames: readonly string[];
  /** From which level on the log is printed. */
  logLevel: 'warn' | 'error';
  /** Told once it serves. `link` is null where people are known by their own links. */
  onReady(about: { origin: string; link: string | null; newLink(): Promise<string> }): void;
  /** Ends it; without one, SIGINT and SIGTERM do. */
  signal?: AbortSignal;
}

/** A server on this machine alone is one desk, where people say who they are; every other one knows people by their links. */
function isOneDesk({ listen, hostNames }: HubOptions): boolean {
  return isLoopback(listen.host) && hostNames.length === 0;
}

/** Serves a data folder until it is told to stop. Throws EngineError when the folder is taken or the address is. */
export async function runHub(options: HubOptions): Promise<void> {
  const { dataDir, listen, tls, hostNames } = options;
  // Before anything is opened: an address that is refused must not cost a migration.
  checkListen(listen, tls !== null, hostNames);
  const ports = hostPorts(options.logLevel, dataDir);
  const lock = await acquireDataLock(dataDir, 'hub', () => ports.clock.nowMs());
  if (lock.kind === 'taken') throw takenError(dataDir, lock.by);
  const closing: (() => Promise<void>)[] = [() => lock.release()];
  try {
    const engine = await openHostedEngine({ dataDir, databaseUrl: options.databaseUrl, ports, hasScreen: true });
    closing.unshift(() => engine.close());
    const host = await startHttpHost({
      handlers: engine.handlers,
      ports,
      listen,
      tls,
      hostNames,
      rendererDir: SOURCE_RENDERER_DIR,
    });
    closing.unshift(() => host.close());
    const client = createInProcessClient(engine.dispatcher, terminalSession());
    const newLink = async (personId: string | null): Promise<string> =>
      host.mintLink(isOneDesk(options) ? null : await holderOf(client, personId));
    lock.onConnection((socket) =>
      serveHandover(
        socket,
        {
          dispatcher: engine.dispatcher,
          ingest: engine.ingest,
          importList: engine.importList,
          mintLink: newLink,
          log: ports.log,
        },
        () => ports.clock.nowMs(),
      ),
    );
    const link = isOneDesk(options) ? await newLink(null) : null;
    options.onReady({ origin: host.origin, link, newLink: () => newLink(null) });
    await stopped(options.signal);
  } finally {
    for (const close of closing) await close();
  }
}

async function holderOf(client: EngineClient, personId: string | null): Promise<LinkHolder> {
  if (personId === null) throw new EngineError('invalid_input', 'Say whose link it is: --person ID.');
  const people = await client.workspace.people({});
  const person = people.find(({ id }) => id === personId);
  if (person !== undefined) return { personId: person.id, roles: person.roles };
  const known = people
    .map(({ id }) => id)
    .slice(0, 20)
    .join(', ');
  throw new EngineError('not_found', `Nobody on the team list has the id "${personId}". There are: ${known}.`);
}

function stopped(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal !== undefined) {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      return;
    }
    const stop = (): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
