import { useConnection } from '../state/connection.ts';
import { useNowStore } from '../state/now.ts';
import { useViewSettings } from '../state/view-settings.ts';
import { useWorkspace } from '../state/workspace.ts';
import { formatClock, formatDuration, zoneName } from '../ui/duration.ts';
import classes from './frame.module.css';
import { PersonMenu } from './person-menu.tsx';
import { SearchBox } from './search-box.tsx';

/** 44 px: where I am, search, and only what is not as it should be; then the time and who I am. */
export function TopBar({ title }: { title: string }) {
  const { data } = useWorkspace();
  return (
    <header className={classes.topBar}>
      <h1 className={classes.where}>{title}</h1>
      <SearchBox />
      <span className={classes.push} />
      <ConnectionNote />
      {data?.automationPaused === true ? (
        <a href="#/automation" className={classes.warning}>
          Automation is paused
        </a>
      ) : null}
      <Clock />
      <PersonMenu />
    </header>
  );
}

function Clock() {
  const nowMs = useNowStore((store) => store.nowMs);
  const zone = useViewSettings((settings) => settings.zone);
  const change = useViewSettings((settings) => settings.change);
  const other = zone === 'utc' ? 'local' : 'utc';
  return (
    <button
      type="button"
      className={classes.clock}
      title={`Times are shown in ${zone === 'utc' ? 'UTC' : 'local time'}. Click for ${other === 'utc' ? 'UTC' : 'local time'}.`}
      onClick={() => change({ zone: other })}
    >
      {formatClock(nowMs, zone)} {zoneName(zone, nowMs)}
    </button>
  );
}

/** A break shorter than this is not worth a word. */
const QUIET_MS = 1500;

function ConnectionNote() {
  const { status, lostSinceMs } = useConnection();
  useNowStore((store) => store.nowMs);
  if (status === 'connected' || lostSinceMs === null) return null;
  const lostMs = Date.now() - lostSinceMs;
  if (status === 'ended') {
    return (
      <span className={classes.warning} role="status">
        This session has ended. Open the newest link that the program printed.
      </span>
    );
  }
  if (lostMs < QUIET_MS) return null;
  return (
    <span className={classes.warning} role="status" title="It is tried again every few seconds.">
      Not connected for {formatDuration(lostMs)}: this may be old
    </span>
  );
}
