import { create } from 'zustand';
import type { StatusReport } from '../client/connection.ts';

interface ConnectionStore {
  status: StatusReport['status'];
  /** Since when there is no way to the engine, by the browser's clock; null while there is. */
  lostSinceMs: number | null;
  take: (report: StatusReport) => void;
}

/** Whether there is a way to the engine. Shown only when there is not. */
export const useConnection = create<ConnectionStore>()((set, get) => ({
  status: 'connecting',
  lostSinceMs: null,
  take: ({ status }) => set({ status, lostSinceMs: status === 'connected' ? null : (get().lostSinceMs ?? Date.now()) }),
}));
