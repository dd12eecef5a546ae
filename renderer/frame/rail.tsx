import { ActionKey } from '../keys/use-keys.tsx';
import { useViewSettings } from '../state/view-settings.ts';
import classes from './frame.module.css';
import { hashOf } from './route.ts';
import { SCREENS } from './screens.tsx';

/** The left rail: 200 px with words, 56 px folded. A count stands only where it asks something of this person. */
export function Rail({ current }: { current: string }) {
  const isFolded = useViewSettings((settings) => settings.isRailFolded);
  const change = useViewSettings((settings) => settings.change);
  return (
    <nav className={classes.rail} data-folded={isFolded} aria-label="Screens">
      <div className={classes.brand}>
        <img src="./icon.svg" alt="" width="24" height="24" />
        {isFolded ? null : <span>Evenwatch</span>}
      </div>
      <ul className={classes.places}>
        {SCREENS.map(({ id, title, icon, goKey, Count }) => (
          <li key={id}>
            <a
              className={classes.place}
              href={hashOf(id)}
              aria-current={current === id ? 'page' : undefined}
              title={isFolded ? title : undefined}
              aria-label={isFolded ? title : undefined}
            >
              <svg
                viewBox="0 0 16 16"
                width="16"
                height="16"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.5"
                aria-hidden
              >
                {icon}
              </svg>
              {isFolded ? null : <span className={classes.placeTitle}>{title}</span>}
              {Count === undefined ? null : <Count />}
              {isFolded ? null : (
                <span className={classes.placeKey}>
                  <ActionKey action={goKey} />
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className={classes.fold}
        aria-label={isFolded ? 'Show the names of the screens' : 'Fold the list of screens'}
        onClick={() => change({ isRailFolded: !isFolded })}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
          {isFolded ? <path d="M6 3.5 10.5 8 6 12.5" /> : <path d="M10 3.5 5.5 8l4.5 4.5" />}
        </svg>
        {isFolded ? null : 'Fold'}
      </button>
    </nav>
  );
}
