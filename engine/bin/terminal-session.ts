import { ROLES } from '../../shared/model/vocabulary.ts';
import type { Session } from '../handlers.ts';
import { createSession } from '../serve/session.ts';

/** Who a command is: the account that owns the data folder, and so may read all of it; nobody on the roster. */
export const TERMINAL_ID = 'terminal';

export function terminalSession(): Session {
  return createSession({ personId: TERMINAL_ID, roles: ROLES, canSwitchPerson: false });
}
