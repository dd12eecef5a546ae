import { createORPCClient } from '@orpc/client';
import { EngineError } from '../../shared/model/errors.ts';
import { createInProcessLink } from '../serve/in-process.ts';
import { EVENWATCH } from './called-by-npm.ts';
import { acquireDataLock } from './data-lock.ts';
import { hostPorts } from './host-ports.ts';
import { openHostedEngine } from './hosted-engine.ts';
import { connectHandover, type EngineAccess, type LocalEngine, LostHolder } from './local-engine.ts';
import { serveHandover } from './serve-handover.ts';
import { terminalSession } from './terminal-session.ts';

async function noLink(): Promise<string> {
  throw new EngineError(
    'unavailable',
    `No server runs on this data folder. Start one: npm start, or ${EVENWATCH} hub.`,
  );
}

const ATTEMPTS_MAX = 5;

/**
 * The engine on a data folder for one command, wherever it runs. When the process that held the folder goes away under
 * the work, the work is done again with the next one or here: whatever a command does gives the same when done twice.
 */
export async function openLocalEngine(dataDir: string): Promise<LocalEngine> {
  let access = await openAccess(dataDir);
  const again = async <T>(work: (access: EngineAccess) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(access);
      } catch (thrown) {
        if (!(thrown instanceof LostHolder) || attempt === ATTEMPTS_MAX) throw thrown;
        await access.close();
        access = await openAccess(dataDir);
      }
    }
  };
  return {
    client: createORPCClient({ call: (path, input, options) => again((way) => way.link.call(path, input, options)) }),
    ingest: (request, onProgress) => again((way) => way.ingest(request, onProgress)),
    importList: (list) => again((way) => way.importList(list)),
    mintLink: (personId) => again((way) => way.mintLink(personId)),
    close: () => access.close(),
  };
}

async function openAccess(dataDir: string): Promise<EngineAccess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openAccessOnce(dataDir);
    } catch (thrown) {
      if (!(thrown instanceof LostHolder) || attempt === ATTEMPTS_MAX) throw thrown;
    }
  }
}

/**
 * The engine on a data folder: in this process when the folder is free, else that of the process which
 * holds it. While this command runs, others hand their work over to it.
 */
async function openAccessOnce(dataDir: string): Promise<EngineAccess> {
  const ports = hostPorts('error', dataDir);
  const nowMs = () => ports.clock.nowMs();
  const lock = await acquireDataLock(dataDir, 'cli', nowMs);
  if (lock.kind === 'taken') return connectHandover(lock.by.socket);
  try {
    const engine = await openHostedEngine({ dataDir, databaseUrl: null, ports, hasScreen: false });
    let working = 0;
    let onIdle: (() => void) | null = null;
    lock.onConnection((socket) => {
      working += 1;
      socket.on('close', () => {
        working -= 1;
        if (working === 0) onIdle?.();
      });
      serveHandover(
        socket,
        {
          dispatcher: engine.dispatcher,
          ingest: engine.ingest,
          importList: engine.importList,
          mintLink: noLink,
          log: ports.log,
        },
        nowMs,
      );
    });
    return {
      link: createInProcessLink(engine.dispatcher, terminalSession()),
      ingest: engine.ingest,
      importList: engine.importList,
      mintLink: noLink,
      async close() {
        // Work that others handed over is finished before this process goes.
        if (working > 0) {
          await new Promise<void>((resolve) => {
            onIdle = resolve;
          });
        }
        await engine.close();
        await lock.release();
      },
    };
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}
