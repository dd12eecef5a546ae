import { ORPCError } from '@orpc/client';
import { ERROR_CODES, type ErrorCode } from '../../shared/model/errors.ts';

/** What a failed call is to a screen: a code to act on and a sentence to show. */
export class ClientError extends Error {
  readonly code: ErrorCode;
  /** Number of the fault in the engine's log, when it was nobody's plan. */
  readonly correlationId: string | null;

  constructor(code: ErrorCode, message: string, correlationId: string | null = null) {
    super(message);
    this.name = 'ClientError';
    this.code = code;
    this.correlationId = correlationId;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code);
}

/** True when the engine answered; false when the way to it broke, and asking again may help. */
export function isAnswer(thrown: unknown): boolean {
  return thrown instanceof ORPCError || thrown instanceof ClientError;
}

/** Whatever a call threw, in the form that screens know. */
export function toClientError(thrown: unknown): ClientError {
  if (thrown instanceof ClientError) return thrown;
  if (thrown instanceof ORPCError) {
    const data: unknown = thrown.data;
    const correlationId =
      typeof data === 'object' && data !== null && 'correlationId' in data && typeof data.correlationId === 'string'
        ? data.correlationId
        : null;
    if (isErrorCode(thrown.code)) return new ClientError(thrown.code, thrown.message, correlationId);
    if (thrown.status === 401) return new ClientError('unauthenticated', 'This session has ended. Open a new link.');
    if (thrown.status === 413) return new ClientError('too_large', 'The request is too large.');
    return new ClientError('internal', thrown.message, correlationId);
  }
  return new ClientError('unavailable', 'The engine cannot be reached. Trying again.');
}
