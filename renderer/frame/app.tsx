import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { EngineClient } from '../client/client.ts';
import { KeyProvider } from '../keys/use-keys.tsx';
import { EngineProvider } from '../state/engine.tsx';
import { errorCode } from '../state/error-words.ts';
import { useNowStore } from '../state/now.ts';
import { useViewSettings } from '../state/view-settings.ts';
import { TimeProvider } from '../ui/time-context.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Gate } from './gate.tsx';
import { Look } from './look.tsx';
import { Toasts } from './toasts.tsx';
import { WindowFrame } from './window-frame.tsx';

const TICK_MS = 5_000;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && errorCode(error) === 'unavailable',
      },
    },
  });
}

/** The whole window over one connection to an engine. */
export function App({ engine, styleNonce }: { engine: EngineClient; styleNonce: string }) {
  const [queryClient] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <EngineProvider engine={engine}>
        <Look styleNonce={styleNonce}>
          <ErrorBoundary what="Evenwatch">
            <KeyProvider>
              <Now>
                <Gate>
                  <WindowFrame />
                </Gate>
                <Toasts />
              </Now>
            </KeyProvider>
          </ErrorBoundary>
        </Look>
      </EngineProvider>
    </QueryClientProvider>
  );
}

function Now({ children }: { children: ReactNode }) {
  const nowMs = useNowStore((store) => store.nowMs);
  const tick = useNowStore((store) => store.tick);
  const zone = useViewSettings((settings) => settings.zone);
  useEffect(() => {
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [tick]);
  return (
    <TimeProvider nowMs={nowMs} zone={zone}>
      {children}
    </TimeProvider>
  );
}
