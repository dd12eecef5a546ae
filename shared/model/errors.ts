/** The one closed list of errors that cross a boundary. */
export const ERROR_CODES = [
  'invalid_input',
  'not_found',
  'conflict',
  'forbidden',
  'unauthenticated',
  'too_large',
  'unavailable',
  'unsupported',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * An outcome that the caller is told about. `message` says what happened and what to do next, in words
 * for the person at the screen; anything else that is thrown is a bug and reaches the wire as `internal`.
 */
export class EngineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}
