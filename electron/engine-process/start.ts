import type { MessagePortMain, ParentPort } from 'electron';
import { acquireDataLock, takenError } from '../../engine/bin/data-lock.ts';
import { hostPorts, systemClock } from '../../engine/bin/host-ports.ts';
import { openHostedEngine } from '../../engine/bin/hosted-engine.ts';
import { serveHandover } from '../../engine/bin/serve-handover.ts';
import type { Session } from '../../engine/handlers.ts';
import { serveOnPort } from '../../engine/serve/message-port.ts';
import { createSession } from '../../engine/serve/session.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { FromEngine, Seat, ToEngine } from '../engine-messages.ts';

export interface EngineProcessOptions {
  dataDir: string;
  resourcesDir: string;
  version: string;
}

/**
 * The engine of the desktop, in a process of its own: one desk, so everybody who sits here may say who they are. Each port
 * that main hands over is served until it closes. Throws EngineError when the folder is held by another process.
 */
export async function startEngineProcess(parent: ParentPort, options: EngineProcessOptions): Promise<void> {
  const { dataDir, resourcesDir, version } = options;
  const ports = hostPorts('warn', dataDir);
  const nowMs = () => systemClock.nowMs();
  const lock = await acquireDataLock(dataDir, 'desktop', nowMs);
  if (lock.kind === 'taken') throw takenError(dataDir, lock.by);
  const engine = await openHostedEngine({
    dataDir,
    databaseUrl: null,
    ports,
    hasScreen: true,
    code: {
      resourcesDir,
      version,
      // Bundled beside this file.
      writerWorkerUrl: new URL('./writer-worker.js', import.meta.url),
      sampleWorkerUrl: new URL('./sample-worker.js', import.meta.url),
      readerWorkerUrl: new URL('./reader-worker.js', import.meta.url),
      heavyReadsWorkerUrl: new URL('./heavy-reads-worker.js', import.meta.url),
    },
  });
  lock.onConnection((socket) =>
    serveHandover(
      socket,
      {
        dispatcher: engine.dispatcher,
        ingest: engine.ingest,
        importList: engine.importList,
        mintLink: async () => {
          throw new EngineError('unsupported', 'The window that is open needs no link. Links are for a server.');
        },
        log: ports.log,
      },
      nowMs,
    ),
  );
  const tell = (message: FromEngine): void => parent.postMessage(message);
  // One desk: who sits here is the same in a window that was loaded anew, and after a restart, when main says it.
  let session: Session | null = null;
  const sessionOf = (seat: Seat | null): Session => {
    session ??= createSession({
      personId: seat?.personId ?? null,
      roles: seat?.roles ?? [],
      canSwitchPerson: true,
      onSwitch: (personId, roles) => tell({ kind: 'seated', seat: { personId, roles } }),
    });
    return session;
  };
  parent.on('message', ({ data, ports: [port] }: { data: ToEngine; ports: MessagePortMain[] }) => {
    if (data.kind === 'attach') {
      if (port !== undefined) serveOnPort(engine.dispatcher, port, sessionOf(data.seat), ports.log);
      return;
    }
    void engine
      .close()
      .then(() => lock.release())
      .finally(() => process.exit(0));
  });
}
