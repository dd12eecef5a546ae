import { type ReactNode, useEffect } from 'react';
import { Preparing } from '../features/sign-in/preparing.tsx';
import { SignInScreen } from '../features/sign-in/sign-in-screen.tsx';
import { wordsOf } from '../state/error-words.ts';
import { useNowStore } from '../state/now.ts';
import { useLive } from '../state/use-live.ts';
import { useViewSettings } from '../state/view-settings.ts';
import { useWorkspace } from '../state/workspace.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';

/** Lets nobody past before it is known which workspace this is, that it is ready, and who sits here. */
export function Gate({ children }: { children: ReactNode }) {
  const { data, error, refetch, dataUpdatedAt } = useWorkspace();
  const setEngineNow = useNowStore((store) => store.setEngineNow);
  const loadFor = useViewSettings((settings) => settings.loadFor);
  const meId = data?.me?.id ?? null;
  useLive(data?.seq ?? null);
  useEffect(() => {
    if (data !== undefined && dataUpdatedAt > 0) setEngineNow(data.nowMs + (Date.now() - dataUpdatedAt));
  }, [data, dataUpdatedAt, setEngineNow]);
  useEffect(() => loadFor(meId), [loadFor, meId]);
  // What is kept from before an error still stands, but for a sample that was being made: it may never be ready.
  if (data === undefined || (data.preparing !== null && error !== null)) {
    if (error === null) return <SkeletonRows label="the workspace" />;
    return <ErrorState error={wordsOf(error, 'Opening the workspace')} onRetry={() => void refetch()} />;
  }
  if (data.preparing !== null) return <Preparing share={data.preparing} />;
  if (data.me === null) return <SignInScreen workspace={data} />;
  return children;
}
