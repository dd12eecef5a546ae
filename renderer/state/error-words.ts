import type { ErrorCode } from '../../shared/model/errors.ts';
import { toClientError } from '../client/transport-error.ts';
import type { ErrorWords } from '../ui/error-state.tsx';

type Advice = Pick<ErrorWords, 'means' | 'todo'>;

const ADVICE: Readonly<Record<ErrorCode, Advice>> = {
  invalid_input: { means: 'Nothing was changed.', todo: 'Change what is named above and send it again.' },
  unauthenticated: {
    means: 'Nothing was changed, and nothing more can be read until someone signs in here.',
    todo: 'Sign in again. If the link was old, open the newest one that the program printed.',
  },
  forbidden: { means: 'Nothing was changed.', todo: 'Ask someone who has that role, or switch person.' },
  not_found: { means: 'It may have been removed, or the link is wrong.', todo: 'Go back to the list.' },
  conflict: {
    means: 'Someone or something else changed it first, so nothing of theirs was overwritten.',
    todo: 'Look at what it says now, then decide again.',
  },
  too_large: { means: 'Nothing was changed.', todo: 'Send less at once.' },
  unsupported: { means: 'Nothing was changed.', todo: 'This host cannot do it.' },
  unavailable: { means: 'What you see may be old.', todo: 'Wait a moment and try again.' },
  internal: {
    means: 'This is a fault of the program, not of what you did, and nothing of it was kept.',
    todo: 'Try again. If it comes back, tell whoever looks after Evenwatch.',
  },
};

/** The code of the closed list that an error carries. */
export function errorCode(error: unknown): ErrorCode {
  return toClientError(error).code;
}

/**
 * Turns whatever was thrown into what the reader needs: what happened, what it means, what to do.
 * `doing` completes "… failed": "Closing the alert".
 */
export function wordsOf(error: unknown, doing: string): ErrorWords {
  const { code, message, correlationId } = toClientError(error);
  const happened = code === 'internal' || message === '' || message === code ? `${doing} failed.` : message;
  return { happened, ...ADVICE[code], correlationId };
}
