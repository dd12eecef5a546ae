import type { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import type { IngestReport } from '../../../shared/model/ingest.ts';
import type { EngineClient } from '../../client/client.ts';
import { wordsOf } from '../../state/error-words.ts';
import type { ErrorWords } from '../../ui/error-state.tsx';
import { uploadFile } from './upload-file.ts';

export type ImportEnd =
  | { kind: 'done'; name: string; report: IngestReport }
  | { kind: 'failed'; name: string; error: ErrorWords };

interface ImportStore {
  /** The file under way, with what was sent of it in bytes; null when there is none. */
  current: { name: string; sent: number; total: number } | null;
  /** What became of each file of the last choice. */
  ended: readonly ImportEnd[];
  isHistory: boolean;
  /** Files that wait until there is a workspace of one's own: alerts never go into the sample. */
  waiting: readonly File[];
  setHistory: (isHistory: boolean) => void;
  wait: (files: readonly File[]) => void;
  /** Reads files one after the other; it goes on whatever screen is looked at. */
  send: (engine: EngineClient, queryClient: QueryClient, files: readonly File[]) => Promise<readonly ImportEnd[]>;
}

/** Files on their way into the workspace, chosen under Sources or dropped on the window. */
export const useImport = create<ImportStore>()((set, get) => ({
  current: null,
  ended: [],
  isHistory: false,
  waiting: [],
  setHistory: (isHistory) => set({ isHistory }),
  wait: (waiting) => set({ waiting }),
  send: async (engine, queryClient, files) => {
    const { isHistory } = get();
    set({ ended: [], waiting: [] });
    const ended: ImportEnd[] = [];
    for (const file of files) {
      const { name, size: total } = file;
      set({ current: { name, sent: 0, total } });
      try {
        const onSent = (sent: number) => set({ current: { name, sent, total } });
        ended.push({ kind: 'done', name, report: await uploadFile(engine, file, isHistory, onSent) });
      } catch (error) {
        ended.push({ kind: 'failed', name, error: wordsOf(error, `Reading ${name}`) });
      }
      set({ ended: [...ended] });
    }
    set({ current: null });
    await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'queue-pages' });
    return ended;
  },
}));
