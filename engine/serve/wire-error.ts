import { ORPCError, ValidationError } from '@orpc/server';
import { contractErrors } from '../../shared/contract/base.ts';
import { EngineError, ERROR_CODES, type ErrorCode } from '../../shared/model/errors.ts';
import type { Log, Random } from '../ports.ts';

type WireError = ORPCError<ErrorCode, { message: string; correlationId?: string }>;

/** What the transport itself can find wrong, in our words. */
const TRANSPORT_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  BAD_REQUEST: ['invalid_input', 'The request cannot be read.'],
  PAYLOAD_TOO_LARGE: ['too_large', 'The request is larger than 1 MB. Send it in smaller pieces.'],
  NOT_FOUND: ['not_found', 'There is no such call.'],
  METHOD_NOT_SUPPORTED: ['unsupported', 'A call is made with POST.'],
};

export function wireError(code: ErrorCode, message: string, correlationId?: string): WireError {
  const data = correlationId === undefined ? { message } : { message, correlationId };
  return new ORPCError(code, { defined: true, status: contractErrors[code].status, message, data });
}

function isOurs(error: unknown): error is WireError {
  return error instanceof ORPCError && (ERROR_CODES as readonly string[]).includes(error.code);
}

/** One sentence for a person out of what the schema did not like; never the value, which may be a secret. */
function describeIssues(issues: ValidationError['issues']): string {
  const parts = issues.slice(0, 3).map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return `The request is not valid. ${parts.join('; ')}${issues.length > 3 ? `; and ${issues.length - 3} more` : ''}`;
}

/**
 * Whatever was thrown, as one of the closed list. What nobody expected becomes `internal` with a correlation id; its
 * stack goes to the log under that id and never to the wire.
 */
export function toWireError(thrown: unknown, method: string, log: Log, random: Random): WireError {
  if (isOurs(thrown)) return thrown;
  if (thrown instanceof EngineError) return wireError(thrown.code, thrown.message);
  if (thrown instanceof ORPCError) {
    const { cause } = thrown;
    if (thrown.code === 'BAD_REQUEST' && cause instanceof ValidationError) {
      return wireError('invalid_input', describeIssues(cause.issues));
    }
    const known = TRANSPORT_ERRORS[thrown.code];
    if (known !== undefined) return wireError(...known);
  }
  const correlationId = Buffer.from(random.bytes(6)).toString('hex');
  const root = thrown instanceof ORPCError && thrown.cause !== undefined ? thrown.cause : thrown;
  log.error({ correlationId, method, error: describeThrown(root) }, 'A call failed in a way that nobody planned for');
  return wireError('internal', `Something went wrong here. Its number in the log is ${correlationId}.`, correlationId);
}

function describeThrown(thrown: unknown): string {
  if (thrown instanceof ValidationError) {
    return `${thrown.message}: ${thrown.issues.map((issue) => `${issue.path?.join('.')} ${issue.message}`).join('; ')}`;
  }
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
