import { EngineError } from '../../shared/model/errors.ts';
import type { Role } from '../../shared/model/vocabulary.ts';
import type { Session } from '../handlers.ts';

export interface SessionOptions {
  personId?: string | null;
  roles?: readonly Role[];
  /** True where one person or one desk uses the host, and saying who one is needs no proof. */
  canSwitchPerson: boolean;
  onSwitch?: (personId: string, roles: readonly Role[]) => void;
}

/** Who sits at the other end of one connection, or of all that share one cookie. */
export function createSession({ personId = null, roles = [], canSwitchPerson, onSwitch }: SessionOptions): Session {
  const session: Session = {
    personId,
    roles,
    canSwitchPerson,
    switchTo(nextPersonId, nextRoles) {
      if (!canSwitchPerson) {
        throw new EngineError(
          'forbidden',
          'On this server people are known by their own link. Ask for a link of your own to work as somebody else.',
        );
      }
      session.personId = nextPersonId;
      session.roles = nextRoles;
      onSwitch?.(nextPersonId, nextRoles);
    },
  };
  return session;
}
