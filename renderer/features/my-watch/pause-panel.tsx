import { Button } from '@mantine/core';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { Panel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import classes from './remarks.module.css';

/** My objection (GDPR Art 21): one button, no reason asked for, and taken back the same way. */
export function PausePanel({ pausedSinceMs }: { pausedSinceMs: number | null }) {
  const engine = useEngine();
  const decide = useDecide();
  const isPaused = pausedSinceMs !== null;
  const turn = () =>
    decide.run(
      () =>
        engine.myWatch.pause({
          statement: makeStatement({ kind: isPaused ? 'indicators.resume' : 'indicators.pause' }),
          isPaused: !isPaused,
        }),
      { doing: isPaused ? 'Resuming them' : 'Pausing them', isUndoable: false },
    );
  return (
    <Panel title="Pause my indicators">
      <div className={classes.form}>
        {isPaused ? (
          <p>
            Paused since <TimeText atMs={pausedSinceMs} />. Your load ratio is not computed, no band of yours is kept,
            and leads see none. Only the rest between your duties is counted, which the law asks of an employer, and
            only you see it here.
          </p>
        ) : (
          <p>
            While paused, your load ratio is not computed, your band is deleted, and leads see none. Only the rest
            between your duties is counted, which the law asks of an employer. No reason is asked for, and you can
            resume at any time; leads then see your band 24 hours after you at the earliest.
          </p>
        )}
        <p className="ew-muted ew-small">
          Pausing is written down only as long as it lasts. The list that leads see has no line for you then; it does
          not say why.
        </p>
        <Button variant="default" onClick={() => void turn()}>
          {isPaused ? 'Resume my indicators' : 'Pause my indicators'}
        </Button>
      </div>
    </Panel>
  );
}
