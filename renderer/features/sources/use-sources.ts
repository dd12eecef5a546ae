import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';

/** What a source does between two changes of the store, such as connections, is asked for so often. */
const LOOK_EVERY_MS = 5_000;

export function useLiveSources() {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.sources('list'),
    queryFn: () => engine.sources.list({}),
    refetchInterval: LOOK_EVERY_MS,
  });
}

export function useSourceChoices(isLead: boolean) {
  const engine = useEngine();
  return useQuery({
    queryKey: keys.sources('choices'),
    queryFn: () => engine.sources.choices({}),
    enabled: isLead,
  });
}
