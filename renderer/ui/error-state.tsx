import { Button } from '@mantine/core';
import classes from './states.module.css';

/** An error in three parts: what happened, what it means for the reader, what to do. */
export interface ErrorWords {
  happened: string;
  means: string;
  todo: string;
  /** The number that the log has, for whoever looks after the installation. */
  correlationId: string | null;
}

export function ErrorState({
  error,
  retryLabel = 'Try again',
  onRetry,
}: {
  error: ErrorWords;
  retryLabel?: string;
  onRetry?: (() => void) | undefined;
}) {
  return (
    <div className={classes.error} role="alert">
      <p className={classes.title}>{error.happened}</p>
      <p className={classes.text}>{error.means}</p>
      <p className={classes.text}>{error.todo}</p>
      {onRetry === undefined ? null : (
        <div className={classes.action}>
          <Button onClick={onRetry}>{retryLabel}</Button>
        </div>
      )}
      {error.correlationId === null ? null : <p className="ew-muted ew-small">For the log: {error.correlationId}</p>}
    </div>
  );
}
