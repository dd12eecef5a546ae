import { oc } from '@orpc/contract';
import { z } from 'zod';
import { ROLES, type Role } from '../model/vocabulary.ts';

export interface ProcedureMeta {
  [key: string]: unknown;
  /** The least that the caller must be; `anyone` is for a session that has not said who it is. */
  role: Role | 'anyone';
  /** Commands change state, run on the writer and carry a statement; queries never pass through the writer. */
  kind: 'query' | 'command';
}

const errorBody = z.object({ message: z.string(), correlationId: z.string().optional() });

/** The closed list of errors of model/errors.ts, with the HTTP status that each has on the wire. */
export const contractErrors = {
  invalid_input: { status: 400, data: errorBody.optional() },
  unauthenticated: { status: 401, data: errorBody.optional() },
  forbidden: { status: 403, data: errorBody.optional() },
  not_found: { status: 404, data: errorBody.optional() },
  conflict: { status: 409, data: errorBody.optional() },
  too_large: { status: 413, data: errorBody.optional() },
  unsupported: { status: 422, data: errorBody.optional() },
  internal: { status: 500, data: errorBody.optional() },
  unavailable: { status: 503, data: errorBody.optional() },
} as const;

const base = oc.$meta<ProcedureMeta>({ role: 'analyst', kind: 'query' }).errors(contractErrors);

export const query = (role: ProcedureMeta['role'] = 'analyst') => base.meta({ role, kind: 'query' });
export const command = (role: ProcedureMeta['role'] = 'analyst') => base.meta({ role, kind: 'command' });

/** Rank for "at least": an admin may do what a lead may, a lead what an analyst may; auditor stands apart. */
export function hasRole(held: readonly Role[], needed: ProcedureMeta['role']): boolean {
  if (needed === 'anyone') return true;
  if (held.includes(needed)) return true;
  const rank = (role: Role) => (role === 'auditor' ? -1 : ROLES.indexOf(role));
  return needed !== 'auditor' && held.some((role) => rank(role) >= rank(needed));
}

export const cursorSchema = z.string().max(500).nullable().default(null);
export const pageLimitSchema = z.number().int().min(1).max(500).default(200);
