import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/index.ts';
import { ReconnectingLink, type StatusReport } from './connection.ts';
import { type HostKind, pickHost } from './pick.ts';

/** Every call of the contract, typed. A failed one rejects with `ClientError`. */
export type EngineClient = ContractRouterClient<Contract>;

export interface Connection {
  client: EngineClient;
  /** Calls back with the state now and at each change, until the returned function is called. */
  onStatus(listener: (report: StatusReport) => void): () => void;
  hostKind: HostKind;
}

/** Opens the way to the engine of this host and keeps it open. Resolves when the first channel stands. */
export async function connect(): Promise<Connection> {
  const { hostKind, open } = pickHost();
  const link = new ReconnectingLink(open);
  await link.ready();
  return { client: createORPCClient(link), onStatus: (listener) => link.onStatus(listener), hostKind };
}
