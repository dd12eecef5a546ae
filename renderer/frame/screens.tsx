import type { ComponentType, LazyExoticComponent, ReactNode } from 'react';
import { OpenEscalationsCount } from '../features/escalations/open-count.tsx';
import type { KeyActionId } from '../keys/key-map.ts';
import { type LoadScreen, lazyScreen } from './screen-not-loaded.tsx';

interface ScreenEntry {
  /** First segment of its address. */
  id: string;
  title: string;
  goKey: KeyActionId;
  /** Drawn in a 16 by 16 box with the current colour. */
  icon: ReactNode;
  load: LoadScreen;
  /** A count that asks something of this person, with what it counts. Null draws nothing. */
  Count?: ComponentType;
}

export interface Screen extends ScreenEntry {
  Component: LazyExoticComponent<ComponentType>;
}

const ENTRIES: readonly ScreenEntry[] = [
  {
    id: 'queue',
    title: 'Queue',
    goKey: 'goQueue',
    icon: <path d="M2 3.5h12M2 8h12M2 12.5h8" />,
    load: () => import('../features/queue/queue-screen.tsx'),
  },
  {
    id: 'escalations',
    title: 'Escalations',
    goKey: 'goEscalations',
    icon: <path d="M8 13.5v-10M4 7.5l4-4 4 4" />,
    load: () => import('../features/escalations/escalations-screen.tsx'),
    Count: OpenEscalationsCount,
  },
  {
    id: 'automation',
    title: 'Automation',
    goKey: 'goAutomation',
    icon: <path d="M2.5 4.5h5l3 7h3M2.5 11.5h5M11 4.5h2.5" />,
    load: () => import('../features/automation/automation-screen.tsx'),
  },
  {
    id: 'assurance',
    title: 'Assurance',
    goKey: 'goAssurance',
    icon: <path d="M8 1.8 3 3.6v4.2c0 3 2 5.2 5 6.4 3-1.2 5-3.4 5-6.4V3.6zM5.6 7.8l1.8 1.8 3.2-3.4" />,
    load: () => import('../features/assurance/assurance-screen.tsx'),
  },
  {
    id: 'team',
    title: 'Team',
    goKey: 'goTeam',
    icon: (
      <path d="M2 13c0-2.2 1.6-3.5 3.5-3.5S9 10.8 9 13M5.5 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M10.5 9.5c2 0 3.5 1.3 3.5 3.5M10 7.3a1.8 1.8 0 1 0 0-3.4" />
    ),
    load: () => import('../features/team/team-screen.tsx'),
  },
  {
    id: 'my-watch',
    title: 'My watch',
    goKey: 'goMyWatch',
    icon: <path d="M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12M8 4.8V8l2.4 1.6" />,
    load: () => import('../features/my-watch/my-watch-screen.tsx'),
  },
  {
    id: 'sources',
    title: 'Sources',
    goKey: 'goSources',
    icon: <path d="M2.5 4.5h4l1.5 2h5.5v6h-11zM5 9.5h6" />,
    load: () => import('../features/sources/sources-screen.tsx'),
  },
];

/** Every screen that exists, in the order of the rail. */
export const SCREENS: readonly Screen[] = ENTRIES.map((entry) => ({ ...entry, Component: lazyScreen(entry.load) }));

/** Fetches the code of every screen while nothing else is to be done, so that each is there when the connection is not. */
export function preloadScreens(): void {
  const next = ([first, ...rest]: readonly ScreenEntry[]): void => {
    if (first === undefined) return;
    const go = () =>
      void first.load().then(
        () => next(rest),
        () => {},
      );
    if ('requestIdleCallback' in window) window.requestIdleCallback(go);
    else setTimeout(go, 1_000);
  };
  next(ENTRIES);
}
