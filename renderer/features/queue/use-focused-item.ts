import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { QueueItem } from '../../../shared/model/queue.ts';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';
import { useQueueState } from './queue-state.ts';
import type { QueueList } from './use-queue-list.ts';

/**
 * The item that keys act on. It need not be in the list: a link or "next" may lead to one that the filter
 * leaves out. Without a focus the first row takes it.
 */
export function useFocusedItem(list: QueueList): QueueItem | null {
  const engine = useEngine();
  const focusId = useQueueState((state) => state.focusId);
  const inList = list.items.find((item) => item.id === focusId) ?? null;
  const { data } = useQuery({
    queryKey: keys.group(focusId ?? -1),
    queryFn: () => engine.queue.get({ id: focusId ?? -1 }),
    enabled: focusId !== null && inList === null && !list.isLoading,
  });
  const firstId = list.items[0]?.id ?? null;
  useEffect(() => {
    if (focusId === null && firstId !== null) useQueueState.getState().focus(firstId);
  }, [focusId, firstId]);
  return inList ?? (focusId === null ? null : (data?.item ?? null));
}
