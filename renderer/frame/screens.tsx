import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from 'react';
import type { KeyActionId } from '../keys/key-map.ts';

export interface Screen {
  /** First segment of its address. */
  id: string;
  title: string;
  goKey: KeyActionId;
  /** Drawn in a 16 by 16 box with the current colour. */
  icon: ReactNode;
  Component: LazyExoticComponent<ComponentType>;
  /** A count that asks something of this person, with what it counts. Null draws nothing. */
  Count?: ComponentType;
}

/** Every screen that exists, in the order of the rail. */
export const SCREENS: readonly Screen[] = [
  {
    id: 'queue',
    title: 'Queue',
    goKey: 'goQueue',
    icon: <path d="M2 3.5h12M2 8h12M2 12.5h8" />,
    Component: lazy(() => import('../features/queue/queue-screen.tsx')),
  },
];
