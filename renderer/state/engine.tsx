import { createContext, type ReactNode, useContext } from 'react';
import type { EngineClient } from '../client/client.ts';

const EngineContext = createContext<EngineClient | null>(null);

/** Gives every screen the one way to the engine, whichever host it lives in. */
export function EngineProvider({ engine, children }: { engine: EngineClient; children: ReactNode }) {
  return <EngineContext value={engine}>{children}</EngineContext>;
}

export function useEngine(): EngineClient {
  const engine = useContext(EngineContext);
  if (engine === null) throw new Error('useEngine is called outside EngineProvider');
  return engine;
}
