import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useEngine } from '../../state/engine.tsx';
import { useWorkspace } from '../../state/workspace.ts';
import { type ImportEnd, useImport } from './import-store.ts';

/**
 * Reads files of alerts into the workspace. In the sample they wait until a workspace of one's own is started, and the
 * answer is empty.
 */
export function useSendFiles(): (files: readonly File[]) => Promise<readonly ImportEnd[]> {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const isSample = useWorkspace().data?.isSample ?? false;
  return useCallback(
    async (files) => {
      if (files.length === 0) return [];
      if (!isSample) return useImport.getState().send(engine, queryClient, files);
      useImport.getState().wait(files);
      return [];
    },
    [engine, queryClient, isSample],
  );
}
