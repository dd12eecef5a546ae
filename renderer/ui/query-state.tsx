import type { ReactNode } from 'react';
import { ErrorState, type ErrorWords } from './error-state.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';

/** Loading, failed, or there: the three states of everything that is asked of the engine. */
export function QueryState<Data>({
  data,
  error,
  label,
  onRetry,
  children,
}: {
  data: Data | undefined;
  error: ErrorWords | null;
  /** What is loading: "the team". */
  label: string;
  onRetry: () => void;
  children: (data: Data) => ReactNode;
}) {
  if (data !== undefined) return children(data);
  if (error !== null) return <ErrorState error={error} onRetry={onRetry} />;
  return <SkeletonRows label={label} />;
}
