import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { FromEngine, Seat, ToEngine } from '../engine-messages.ts';
import { type RestartState, restartDelay } from './restart-delay.ts';

export interface EngineHostOptions {
  /** The bundled engine process. */
  modulePath: string;
  dataDir: string;
  resourcesDir: string;
  version: string;
  /** Milliseconds that only grow, to see how long a run lasted. */
  now: () => number;
  onLog: (message: string) => void;
  /** The engine cannot serve this data folder, and why: said once, and it is not started again. */
  onRefused: (message: string) => void;
}

/** A page that wants a port; called again with a new one each time that the engine was started anew. */
export type PortReceiver = (port: MessagePortMain) => void;

export interface EngineHost {
  /** Gives this page a port now, and a new one after each restart, until the returned function is called. */
  connect(receiver: PortReceiver): () => void;
  stop(): Promise<void>;
  /** Process id of the running engine, for the tests that kill it. */
  pid(): number | undefined;
}

/**
 * Runs the engine in a utility process, apart from the thread that draws windows. When it dies it is started
 * again with a growing delay, every page that had a port is handed a new one, and whoever sat at the desk still does.
 */
export function startEngineHost(options: EngineHostOptions): EngineHost {
  const receivers = new Set<PortReceiver>();
  let child: UtilityProcess | null = null;
  let restart: RestartState = { failures: 0 };
  let timer: NodeJS.Timeout | null = null;
  let isStopping = false;
  let seat: Seat | null = null;

  function handOver(process: UtilityProcess, receiver: PortReceiver): void {
    const channel = new MessageChannelMain();
    process.postMessage({ kind: 'attach', seat } satisfies ToEngine, [channel.port1]);
    receiver(channel.port2);
  }

  function start(): void {
    const startedAtMs = options.now();
    const process = utilityProcess.fork(
      options.modulePath,
      ['--data', options.dataDir, '--resources', options.resourcesDir, '--version', options.version],
      {
        serviceName: 'Evenwatch engine',
        allowLoadingUnsignedLibraries: false,
        stdio: 'inherit',
      },
    );
    child = process;
    for (const receiver of receivers) handOver(process, receiver);
    process.on('message', (message: FromEngine) => {
      if (message.kind === 'seated') {
        seat = message.seat;
        return;
      }
      isStopping = true;
      options.onRefused(message.message);
    });
    process.on('exit', (code) => {
      child = null;
      if (isStopping) return;
      const next = restartDelay(restart, options.now() - startedAtMs);
      restart = next.state;
      options.onLog(`The engine stopped with code ${code}; it is started again in ${next.delayMs} ms.`);
      timer = setTimeout(start, next.delayMs);
    });
  }

  start();
  return {
    connect(receiver) {
      receivers.add(receiver);
      if (child !== null) handOver(child, receiver);
      return () => receivers.delete(receiver);
    },
    stop() {
      isStopping = true;
      if (timer !== null) clearTimeout(timer);
      const process = child;
      if (process === null) return Promise.resolve();
      return new Promise((resolve) => {
        process.once('exit', () => resolve());
        process.postMessage({ kind: 'stop' } satisfies ToEngine);
        // A process that does not end by itself is ended: everything it acknowledged is on disk.
        setTimeout(() => process.kill(), 5_000).unref();
      });
    },
    pid: () => child?.pid,
  };
}
