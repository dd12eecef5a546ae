import { type ComponentType, type LazyExoticComponent, lazy, useEffect, useRef } from 'react';
import { useConnection } from '../state/connection.ts';
import { ErrorState } from '../ui/error-state.tsx';

/** The code of a screen did not come: no fault of the screen. */
export class ScreenNotLoaded extends Error {}

export type LoadScreen = () => Promise<{ default: ComponentType }>;

/** A screen whose code comes when it is first shown. */
export function lazyScreen(load: LoadScreen): LazyExoticComponent<ComponentType> {
  return lazy(() =>
    load().catch((cause: unknown) => {
      throw new ScreenNotLoaded('The code of a screen could not be loaded.', { cause });
    }),
  );
}

/** In place of a screen whose code did not come. What the browser keeps of a failed load goes only with the window's. */
export function ScreenNotLoadedState() {
  const { status } = useConnection();
  const wasLost = useRef(status !== 'connected');
  const isConnected = status === 'connected';
  useEffect(() => {
    if (wasLost.current && isConnected) window.location.reload();
  }, [isConnected]);
  return (
    <ErrorState
      error={{
        happened: 'This screen could not be loaded.',
        means: 'Nothing that you decided is lost. Screens that you had open go on.',
        todo: isConnected ? 'Load the window anew.' : 'It is loaded by itself as soon as there is a connection again.',
        correlationId: null,
      }}
      retryLabel="Load the window anew"
      onRetry={isConnected ? () => window.location.reload() : undefined}
    />
  );
}
