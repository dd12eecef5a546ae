import { Suspense, useEffect, useRef } from 'react';
import { DropImport } from '../features/drop-import/drop-import.tsx';
import { KEY_ACTIONS } from '../keys/key-map.ts';
import type { KeyHandlers } from '../keys/registry.ts';
import { useKeys } from '../keys/use-keys.tsx';
import { useWorkspace } from '../state/workspace.ts';
import { DueSoonContext } from '../ui/clock-chip.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SkeletonRows } from '../ui/skeleton-rows.tsx';
import { useCaughtFocus } from '../ui/use-caught-focus.ts';
import { CommandLayer } from './command-layer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import classes from './frame.module.css';
import { Rail } from './rail.tsx';
import { goTo, hashOf, useRoute } from './route.ts';
import { SampleBanner } from './sample-banner.tsx';
import { preloadScreens, SCREENS } from './screens.tsx';
import { TopBar } from './top-bar.tsx';

const GO_HANDLERS: KeyHandlers = Object.fromEntries(
  SCREENS.map((screen) => [screen.goKey, () => goTo(hashOf(screen.id))]),
);

/** The first screen comes first. */
const PRELOAD_AFTER_MS = 10_000;

/** Rail, top bar, and the screen that the address names. */
export function WindowFrame() {
  const { screen: wanted } = useRoute();
  const screen = SCREENS.find(({ id }) => id === (wanted === '' ? 'queue' : wanted));
  const { data } = useWorkspace();
  useKeys(GO_HANDLERS);
  useEffect(() => {
    const timer = setTimeout(preloadScreens, PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    document.title = `${screen?.title ?? 'Not found'} · ${data?.name ?? 'Evenwatch'}`;
  }, [screen, data?.name]);
  const main = useRef<HTMLElement>(null);
  useCaughtFocus(main, screen?.id);
  return (
    <div className={classes.window}>
      <Rail current={screen?.id ?? ''} />
      <div className={classes.main}>
        <TopBar title={screen?.title ?? 'Not found'} />
        <SampleBanner />
        <main ref={main} tabIndex={-1} className={classes.screen}>
          <ErrorBoundary key={screen?.id ?? ''} what="This screen">
            {screen === undefined ? (
              <EmptyState title="There is no such screen">
                The address may be from another version. Choose a screen on the left, or press{' '}
                {KEY_ACTIONS.goQueue.keys[0]} for the queue.
              </EmptyState>
            ) : (
              <Suspense fallback={<SkeletonRows label={screen.title.toLowerCase()} />}>
                <DueSoonContext value={data?.dueSoonMs ?? null}>
                  <screen.Component />
                </DueSoonContext>
              </Suspense>
            )}
          </ErrorBoundary>
        </main>
      </div>
      <CommandLayer />
      <DropImport />
    </div>
  );
}
