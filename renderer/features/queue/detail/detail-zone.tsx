import { useDebouncedValue } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { QueueFilter, QueueItem, QueueSort } from '../../../../shared/model/queue.ts';
import { ErrorBoundary } from '../../../frame/error-boundary.tsx';
import { useViewSettings } from '../../../state/view-settings.ts';
import type { DetailPanel } from '../use-detail-panel.ts';
import type { QueueActions } from '../use-queue-actions.ts';
import classes from './detail.module.css';
import { Detail } from './detail.tsx';

const SHARE_MIN = 0.25;
const SHARE_MAX = 0.6;
const STEP = 0.02;

interface Props {
  panel: DetailPanel;
  focused: QueueItem | null;
  filter: QueueFilter;
  actions: QueueActions;
  onShow: (filter: QueueFilter, sort: QueueSort) => void;
}

/** The third zone: beside the list where there is room, over it where there is not. Its width can be changed. */
export function DetailZone({ panel, focused, filter, actions, onShow }: Props) {
  const share = useViewSettings((settings) => settings.detailShare);
  // Moving fast through the list asks the engine only for where the hand comes to rest.
  const [settled] = useDebouncedValue(focused, 90);
  const zone = useRef<HTMLElement>(null);
  if (!panel.isShown) return null;
  const item = settled?.id === focused?.id ? focused : settled;
  return (
    <aside
      ref={zone}
      className={classes.zone}
      data-docked={panel.isDocked}
      data-part="detail"
      tabIndex={-1}
      aria-label="Detail"
      style={{ width: `${share * 100}%` }}
    >
      <Resizer share={share} zone={zone} />
      {item === null ? (
        <p className={classes.nothing}>Choose an item in the list to see why it is here.</p>
      ) : (
        <ErrorBoundary key={item.id} what="The detail of this item">
          <Detail item={item} filter={filter} actions={actions} onClose={panel.close} onShow={onShow} />
        </ErrorBoundary>
      )}
    </aside>
  );
}

function Resizer({ share, zone }: { share: number; zone: React.RefObject<HTMLElement | null> }) {
  const change = useViewSettings((settings) => settings.change);
  const set = (next: number) => change({ detailShare: Math.min(SHARE_MAX, Math.max(SHARE_MIN, next)) });
  const drag = (event: PointerEvent) => {
    const whole = zone.current?.parentElement?.getBoundingClientRect();
    if (whole === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set((whole.right - event.clientX) / whole.width);
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(share + by);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; the separator role with a value can
    <div
      className={classes.resizer}
      role="separator"
      aria-label="Width of the detail"
      aria-orientation="vertical"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={SHARE_MIN * 100}
      aria-valuemax={SHARE_MAX * 100}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
