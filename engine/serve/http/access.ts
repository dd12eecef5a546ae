import { createHash, timingSafeEqual } from 'node:crypto';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Role } from '../../../shared/model/vocabulary.ts';
import type { Session } from '../../handlers.ts';
import type { Clock, Random } from '../../ports.ts';
import { createSession } from '../session.ts';

/** Who a link lets in; null where one desk uses the host and people say who they are. */
export interface LinkHolder {
  personId: string;
  roles: readonly Role[];
}

export interface AccessPorts {
  clock: Clock;
  random: Random;
}

/** The roles that the roster gives a person now; null for somebody who is not on it. */
export type RolesNow = (personId: string) => Promise<readonly Role[] | null>;

const TOKEN_BYTES = 32;
const LINK_LIFE_MS = 24 * 3_600_000;
/** A session ends after a week in which nobody used it. */
const SESSION_IDLE_MS = 7 * 24 * 3_600_000;
const SESSIONS_MAX = 10_000;
const FAILURES_PER_MINUTE = 10;

interface Pending {
  digest: Buffer;
  holder: LinkHolder | null;
  expiresAtMs: number;
}

interface Held {
  session: Session;
  usedAtMs: number;
}

/** Only digests are kept, so that a copy of the process's memory or of a dump lets nobody in. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * One-time links and the sessions that they are exchanged for. Tokens have 256 bits; a link works once and for a day;
 * failed tries are limited per address.
 */
export class Access {
  readonly #ports: AccessPorts;
  readonly #pending: Pending[] = [];
  readonly #sessions = new Map<string, Held>();
  readonly #failures = new Map<string, { minute: number; n: number }>();

  readonly #rolesNow: RolesNow;

  constructor(ports: AccessPorts, rolesNow: RolesNow) {
    this.#ports = ports;
    this.#rolesNow = rolesNow;
  }

  #newToken(): string {
    return Buffer.from(this.#ports.random.bytes(TOKEN_BYTES)).toString('base64url');
  }

  /** A token for one link. `holder` null lets in somebody who says who they are; only for hosts of one desk. */
  mintLinkToken(holder: LinkHolder | null): string {
    const token = this.#newToken();
    this.#pending.push({ digest: digestOf(token), holder, expiresAtMs: this.#ports.clock.nowMs() + LINK_LIFE_MS });
    return token;
  }

  /** The session token for a link's token, or null when the link is used, old or wrong. Compares in constant time. */
  redeem(linkToken: string): string | null {
    const nowMs = this.#ports.clock.nowMs();
    const digest = digestOf(linkToken);
    let found = -1;
    for (const [index, pending] of this.#pending.entries()) {
      if (timingSafeEqual(pending.digest, digest) && pending.expiresAtMs > nowMs) found = index;
    }
    const [pending] = found < 0 ? [] : this.#pending.splice(found, 1);
    if (pending === undefined) return null;
    const { holder } = pending;
    const token = this.#newToken();
    this.#forgetOldest(nowMs);
    this.#sessions.set(digestOf(token).toString('hex'), {
      session: holder === null ? createSession({ canSwitchPerson: true }) : this.#sessionFor(holder),
      usedAtMs: nowMs,
    });
    return token;
  }

  #sessionFor({ personId, roles }: LinkHolder): Session {
    const session = createSession({ personId, roles, canSwitchPerson: false });
    session.renew = async () => {
      const now = await this.#rolesNow(personId);
      if (now === null) {
        throw new EngineError('unauthenticated', 'You are no longer on the team list. Ask an admin for a new link.');
      }
      session.roles = now;
    };
    return session;
  }

  /** The session of a cookie's token; null when there is none. All tabs with one cookie share one session. */
  sessionOf(token: string | null): Session | null {
    if (token === null) return null;
    const key = digestOf(token).toString('hex');
    const held = this.#sessions.get(key);
    if (held === undefined) return null;
    const nowMs = this.#ports.clock.nowMs();
    if (nowMs - held.usedAtMs > SESSION_IDLE_MS) {
      this.#sessions.delete(key);
      return null;
    }
    held.usedAtMs = nowMs;
    return held.session;
  }

  end(token: string): void {
    this.#sessions.delete(digestOf(token).toString('hex'));
  }

  /** Counts a failed token of this address. */
  noteFailure(address: string): void {
    const minute = Math.floor(this.#ports.clock.nowMs() / 60_000);
    if (this.#failures.size > 10_000) this.#failures.clear();
    const seen = this.#failures.get(address);
    this.#failures.set(address, { minute, n: seen?.minute === minute ? seen.n + 1 : 1 });
  }

  /** True while this address has failed too often within the running minute. */
  isBlocked(address: string): boolean {
    const seen = this.#failures.get(address);
    return (
      seen !== undefined &&
      seen.minute === Math.floor(this.#ports.clock.nowMs() / 60_000) &&
      seen.n >= FAILURES_PER_MINUTE
    );
  }

  #forgetOldest(nowMs: number): void {
    for (const [key, held] of this.#sessions) {
      if (this.#sessions.size < SESSIONS_MAX && nowMs - held.usedAtMs <= SESSION_IDLE_MS) return;
      this.#sessions.delete(key);
    }
  }
}
