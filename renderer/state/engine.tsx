import type { ContractRouterClient } from '@orpc/contract';
import { createContext, type ReactNode, useContext } from 'react';
import type { Contract } from '../../shared/contract/index.ts';

/** The one way to the engine, whichever host it lives in. */
export type EngineClient = ContractRouterClient<Contract>;

const EngineContext = createContext<EngineClient | null>(null);

export function EngineProvider({ engine, children }: { engine: EngineClient; children: ReactNode }) {
  return <EngineContext value={engine}>{children}</EngineContext>;
}

export function useEngine(): EngineClient {
  const engine = useContext(EngineContext);
  if (engine === null) throw new Error('useEngine is called outside EngineProvider');
  return engine;
}
