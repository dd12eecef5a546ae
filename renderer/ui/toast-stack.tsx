import { Button } from '@mantine/core';
import { KeyHint } from './key-hint.tsx';
import classes from './toast-stack.module.css';

export interface ToastView {
  id: string;
  kind: 'done' | 'problem' | 'note';
  text: string;
  /** What to do next, for a problem. */
  todo: string | null;
  /** The button: "Undo" with its key. */
  action: { label: string; keys: string | null; run: () => void } | null;
}

/** Messages at the foot of the window: they never lie over the first rows of a list. */
export function ToastStack({ toasts, onDismiss }: { toasts: readonly ToastView[]; onDismiss: (id: string) => void }) {
  return (
    <section className={classes.stack} aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {toasts.map((toast) => (
        <div key={toast.id} className={classes.toast} data-kind={toast.kind}>
          <div className={classes.words}>
            <p>{toast.text}</p>
            {toast.todo === null ? null : <p className="ew-muted">{toast.todo}</p>}
          </div>
          {toast.action === null ? null : (
            <Button
              variant="subtle"
              onClick={toast.action.run}
              rightSection={toast.action.keys === null ? null : <KeyHint keys={toast.action.keys} />}
            >
              {toast.action.label}
            </Button>
          )}
          <button
            type="button"
            className={classes.close}
            aria-label="Dismiss this message"
            onClick={() => onDismiss(toast.id)}
          >
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden>
              <path d="M1 1l8 8M9 1 1 9" stroke="currentColor" strokeWidth="1.4" />
            </svg>
          </button>
        </div>
      ))}
    </section>
  );
}
