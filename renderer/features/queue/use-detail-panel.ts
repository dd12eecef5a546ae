import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useViewSettings } from '../../state/view-settings.ts';
import { useQueueState } from './queue-state.ts';
import { isInDetail } from './use-queue-keys.ts';

/** From this width on the detail stands beside the list; under it, over the list. */
const DOCKED = '(min-width: 1400px)';

export interface DetailPanel {
  isDocked: boolean;
  isShown: boolean;
  open: () => void;
  /** One step back: out of the panel to the list, then out of the selection. */
  back: () => void;
  /** Folds the panel away. */
  close: () => void;
}

/** Whether the detail is there, and the way of Enter and Esc between list and detail. */
export function useDetailPanel(): DetailPanel {
  const isDocked = useMediaQuery(DOCKED, undefined, { getInitialValueInEffect: false }) ?? false;
  const isKept = useViewSettings((settings) => settings.isDetailShown);
  const change = useViewSettings((settings) => settings.change);
  const [isOver, setOver] = useState(false);
  const isShown = isDocked ? isKept : isOver;
  const close = () => {
    if (isDocked) change({ isDetailShown: false });
    else setOver(false);
    focusList();
  };
  return {
    isDocked,
    isShown,
    close,
    open: () => {
      if (isDocked) change({ isDetailShown: true });
      else setOver(true);
      // The panel may only come into being with the next paint.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-part="detail"]')?.focus());
    },
    back: () => {
      if (isShown && !isDocked) close();
      else if (isInDetail()) focusList();
      else useQueueState.getState().clearSelection();
    },
  };
}

function focusList(): void {
  document.getElementById('queue-list')?.focus({ preventScroll: true });
}
