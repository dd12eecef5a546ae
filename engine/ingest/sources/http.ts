import { EngineError } from '../../../shared/model/errors.ts';
import { HTTP_LIMITS, type HttpLimits, HttpListener } from './http-listener.ts';
import type { RunningSource, SourceContext, StartSource } from './live-source.ts';

interface Shared {
  listener: Promise<HttpListener>;
  users: number;
  /** What must be the same for all sources on one address. */
  tls: string;
}

/** Listeners of this process by address. */
const listeners = new Map<string, Shared>();

/** Alerts that are pushed over HTTP. Sources that are set to one address share it. */
export const startHttp: StartSource<'http'> = (context) => listenHttp(context);

export async function listenHttp(
  context: SourceContext<'http'>,
  limits: HttpLimits = HTTP_LIMITS,
): Promise<RunningSource> {
  const { host, port, tls } = context.source.settings;
  const address = `${host}:${port}`;
  // Port 0 is another one each time.
  const used = (port === 0 ? undefined : listeners.get(address)) ?? {
    listener: HttpListener.open(context, limits),
    users: 0,
    tls: JSON.stringify(tls),
  };
  if (used.tls !== JSON.stringify(tls)) {
    throw new EngineError(
      'conflict',
      'Another source listens on this address with another certificate. Use the same one.',
    );
  }
  used.users += 1;
  if (port !== 0) listeners.set(address, used);
  const leave = (): void => {
    used.users -= 1;
    if (used.users === 0 && listeners.get(address) === used) listeners.delete(address);
  };
  let listener: HttpListener;
  try {
    listener = await used.listener;
  } catch (error) {
    leave();
    throw error;
  }
  const receiver = listener.add(context);
  return {
    stop: async () => {
      const isLast = await listener.remove(receiver);
      leave();
      if (isLast && used.users === 0) await listener.close();
    },
  };
}
