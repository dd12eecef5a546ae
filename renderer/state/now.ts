import { create } from 'zustand';

interface NowStore {
  nowMs: number;
  /** The engine's clock minus this machine's. */
  offsetMs: number;
  setEngineNow: (engineNowMs: number) => void;
  tick: () => void;
}

/** The time that ages and clocks on the screen are reckoned from: the engine's, kept going by this machine. */
export const useNowStore = create<NowStore>()((set, get) => ({
  nowMs: Date.now(),
  offsetMs: 0,
  setEngineNow: (engineNowMs) => set({ offsetMs: engineNowMs - Date.now(), nowMs: engineNowMs }),
  tick: () => set({ nowMs: Date.now() + get().offsetMs }),
}));
