import { ORPCError } from '@orpc/client';
import { ERROR_CODES, type ErrorCode } from '../../shared/model/errors.ts';
import type { ErrorWords } from '../ui/error-state.tsx';

type Advice = Pick<ErrorWords, 'means' | 'todo'>;

const ADVICE: Readonly<Record<ErrorCode, Advice>> = {
  invalid_input: { means: 'Nothing was changed.', todo: 'Change what is named above and send it again.' },
  unauthenticated: {
    means: 'Nothing was changed, and nothing more can be read until someone signs in here.',
    todo: 'Sign in again. If the link was old, open the newest one that the program printed.',
  },
  forbidden: { means: 'Nothing was changed.', todo: 'Ask someone who has that role, or switch person.' },
  not_found: { means: 'It may have been removed or never was here.', todo: 'Go back and load the list again.' },
  conflict: {
    means: 'Someone or something else changed it first, so nothing of yours was written over theirs.',
    todo: 'Look at what it says now, then decide again.',
  },
  too_large: { means: 'Nothing was changed.', todo: 'Send less at once.' },
  unsupported: { means: 'Nothing was changed.', todo: 'This host cannot do it; the message above says what can.' },
  unavailable: { means: 'What you see may be old.', todo: 'Wait a moment and try again.' },
  internal: {
    means: 'This is a fault of the program, not of what you did. Nothing of it was kept.',
    todo: 'Try again. If it comes back, tell whoever looks after Evenwatch the number below.',
  },
};

function isErrorCode(code: unknown): code is ErrorCode {
  return (ERROR_CODES as readonly unknown[]).includes(code);
}

/** The code of the closed list that an error carries. What never reached the engine is `unavailable`. */
export function errorCode(error: unknown): ErrorCode {
  if (error instanceof ORPCError) return isErrorCode(error.code) ? error.code : codeOfStatus(error.status);
  return 'unavailable';
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 413) return 'too_large';
  if (status === 400) return 'invalid_input';
  return status === 503 || status === 502 ? 'unavailable' : 'internal';
}

/** Turns whatever was thrown into what the reader needs: what happened, what it means, what to do. */
export function wordsOf(error: unknown, doing: string): ErrorWords {
  const code = errorCode(error);
  const data = error instanceof ORPCError && isRecord(error.data) ? error.data : null;
  const said = error instanceof ORPCError && code !== 'internal' ? messageOf(error, data) : '';
  const happened =
    said !== '' ? said : code === 'unavailable' ? `Evenwatch could not be reached while ${doing}.` : `${doing} failed.`;
  return {
    happened: happened.charAt(0).toUpperCase() + happened.slice(1),
    ...ADVICE[code],
    correlationId: typeof data?.correlationId === 'string' ? data.correlationId : null,
  };
}

function messageOf(error: { message: string; code: unknown }, data: Record<string, unknown> | null): string {
  const text = typeof data?.message === 'string' ? data.message : error.message;
  return text === error.code ? '' : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
