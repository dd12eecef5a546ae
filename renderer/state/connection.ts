import { create } from 'zustand';

interface ConnectionStore {
  state: 'connecting' | 'live' | 'lost';
  /** Since when it is lost, by the browser's clock. */
  sinceMs: number | null;
  setState: (state: ConnectionStore['state']) => void;
}

/** Whether news from the engine arrives. Shown only when it does not. */
export const useConnection = create<ConnectionStore>()((set, get) => ({
  state: 'connecting',
  sinceMs: null,
  setState: (state) => {
    if (state === get().state) return;
    set({ state, sinceMs: state === 'lost' ? Date.now() : null });
  },
}));
