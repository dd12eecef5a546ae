import { Worker } from 'node:worker_threads';
import { EngineError, type ErrorCode } from '../../../shared/model/errors.ts';
import type { RulePreview } from '../../../shared/model/rule-life.ts';
import type { FormatCatalogue, MappingTexts } from '../../ingest/formats/index.ts';
import type { Log } from '../../ports.ts';
import type { StoreTarget } from '../../store/open.ts';
import type { BacktestOutcome } from './backtest.ts';
import type { HeavyReads } from './heavy-reads.ts';

export interface HeavyReadsWorkerData {
  target: StoreTarget;
  resourcesDir: string;
  mappings: MappingTexts;
  ownPoliciesDir: string;
}

export type ToHeavyReads =
  | { call: 'preview'; id: number; text: string }
  | { call: 'backtest'; id: number; text: string }
  /** Mapping files that hold for what is asked from here on. */
  | { call: 'formats'; mappings: MappingTexts }
  | { call: 'stop'; id: number };

export type FromHeavyReads =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'fault'; id: number; code: ErrorCode | null; message: string }
  | { kind: 'progress'; id: number; share: number }
  | { kind: 'log'; level: 'info' | 'warn' | 'error'; fields: Record<string, unknown>; message: string };

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress(share: number): void;
}

/** Nobody writes a rule any more: the thread and its ten thousand alerts go. */
const IDLE_MS = 5 * 60_000;

/** Heavy reads on a thread of their own, which is started when it is first needed and let go when nobody asks. */
export function heavyReadsOnThread(
  { formats, ...data }: Omit<HeavyReadsWorkerData, 'mappings'> & { formats: FormatCatalogue },
  workerUrl: URL,
  log: Log,
): HeavyReads {
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let nextId = 1;
  let toldOf: FormatCatalogue | null = null;
  let idle: NodeJS.Timeout | null = null;

  const drop = async (): Promise<void> => {
    const old = worker;
    worker = null;
    if (idle !== null) clearTimeout(idle);
    await old?.terminate();
  };
  const rest = (): void => {
    if (idle !== null) clearTimeout(idle);
    idle = null;
    if (pending.size > 0) return;
    idle = setTimeout(() => void drop(), IDLE_MS);
    idle.unref();
  };
  const take = (message: FromHeavyReads): void => {
    if (message.kind === 'log') log[message.level](message.fields, message.message);
    else if (message.kind === 'progress') pending.get(message.id)?.onProgress(message.share);
    else {
      const asked = pending.get(message.id);
      pending.delete(message.id);
      rest();
      if (message.kind === 'answer') asked?.resolve(message.value);
      else asked?.reject(faultOf(message));
    }
  };
  const start = (): Worker => {
    toldOf = formats.now;
    const workerData: HeavyReadsWorkerData = { ...data, mappings: toldOf.mappings };
    const started = new Worker(workerUrl, { workerData });
    started.on('message', take);
    started.on('error', (error) => log.error({ error: String(error) }, 'The thread of heavy reads stopped'));
    started.on('exit', () => {
      if (worker === started) worker = null;
      for (const asked of pending.values()) asked.reject(gone());
      pending.clear();
    });
    return started;
  };
  const ask = (
    message: Extract<ToHeavyReads, { text: string }>,
    onProgress: (share: number) => void,
  ): Promise<unknown> => {
    worker ??= start();
    if (toldOf !== formats.now) {
      toldOf = formats.now;
      worker.postMessage({ call: 'formats', mappings: toldOf.mappings } satisfies ToHeavyReads);
    }
    if (idle !== null) clearTimeout(idle);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    pending.set(message.id, { resolve, reject, onProgress });
    worker.postMessage(message);
    return promise;
  };
  const give = (): number => {
    nextId += 1;
    return nextId;
  };
  return {
    preview: async (text) => (await ask({ call: 'preview', id: give(), text }, () => {})) as RulePreview | null,
    backtest: async (text, onProgress, signal) => {
      signal.throwIfAborted();
      const id = give();
      const stop = (): void => worker?.postMessage({ call: 'stop', id } satisfies ToHeavyReads);
      signal.addEventListener('abort', stop, { once: true });
      try {
        return (await ask({ call: 'backtest', id, text }, onProgress)) as BacktestOutcome;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    close: drop,
  };
}

function faultOf({ code, message }: Extract<FromHeavyReads, { kind: 'fault' }>): Error {
  return code === null ? new Error(message) : new EngineError(code, message);
}

function gone(): EngineError {
  return new EngineError('unavailable', 'Reading was stopped. Try it again.');
}
