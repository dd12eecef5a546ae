import { EngineError } from '../../shared/model/errors.ts';
import { createInProcessClient } from '../serve/in-process.ts';
import { acquireDataLock } from './data-lock.ts';
import { terminalPorts } from './host-ports.ts';
import { openHostedEngine } from './hosted-engine.ts';
import { connectHandover, type LocalEngine } from './local-engine.ts';
import { serveHandover } from './serve-handover.ts';
import { terminalSession } from './terminal-session.ts';

async function noLink(): Promise<string> {
  throw new EngineError('unavailable', 'No server runs on this data folder. Start one: npm start, or evenwatch hub.');
}

/**
 * The engine on a data folder for one command: in this process when the folder is free, else that of the process which
 * holds it. While this command runs, others hand their work over to it.
 */
export async function openLocalEngine(dataDir: string): Promise<LocalEngine> {
  const ports = terminalPorts('error');
  const nowMs = () => ports.clock.nowMs();
  const lock = await acquireDataLock(dataDir, 'cli', nowMs);
  if (lock.kind === 'taken') return connectHandover(lock.by.socket);
  try {
    const engine = await openHostedEngine({ dataDir, databaseUrl: null, ports, allowSample: false });
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
      client: createInProcessClient(engine.dispatcher, terminalSession()),
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
