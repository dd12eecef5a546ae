import { useMediaQuery } from '@mantine/hooks';
import type { QueueFilter } from '../../../shared/model/queue.ts';
import { useViewSettings } from '../../state/view-settings.ts';
import { Facets } from './facets.tsx';
import classes from './queue.module.css';

/** 240 px of facets, or a strip to open them from. Folded from the start where the list needs the room. */
export function FacetZone({ filter, onChange }: { filter: QueueFilter; onChange: (filter: QueueFilter) => void }) {
  const isWide = useMediaQuery('(min-width: 1600px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const kept = useViewSettings((settings) => settings.isFacetsFolded);
  const change = useViewSettings((settings) => settings.change);
  const isFolded = kept ?? !isWide;
  return (
    <aside className={classes.facetZone} data-folded={isFolded} aria-label="Filters">
      <button
        type="button"
        className={classes.facetFold}
        aria-expanded={!isFolded}
        onClick={() => change({ isFacetsFolded: !isFolded })}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
          <path d="M2 4h12M4.5 8h7M6.5 12h3" />
        </svg>
        <span>Filters</span>
      </button>
      {isFolded ? null : <Facets filter={filter} onChange={onChange} />}
    </aside>
  );
}
