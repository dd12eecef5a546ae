import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAGE = 50;

/** What the rules did in the last `days` days. The window is rounded to the hour, so that a screen asks for one and the same. */
export function useAutomationSummary(days: number, nowMs: number) {
  const engine = useEngine();
  const sinceMs = Math.floor((nowMs - days * DAY_MS) / 3_600_000) * 3_600_000;
  return useQuery({
    queryKey: keys.automation('summary', sinceMs),
    queryFn: () => engine.automation.summary({ sinceMs }),
    placeholderData: (previous) => previous,
  });
}

/** What rules closed, newest first; of one rule when `ruleId` is given. */
export function useClosures(ruleId: string | null) {
  const engine = useEngine();
  return useInfiniteQuery({
    queryKey: keys.automation('closures', ruleId),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => engine.automation.closures({ ruleId, cursor: pageParam, limit: PAGE }),
    getNextPageParam: (last) => last.nextCursor,
  });
}
