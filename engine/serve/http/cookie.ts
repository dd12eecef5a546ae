/** The value of one cookie, or null. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** Set-Cookie for a session: no script reads it and no other site's request carries it. The port is in the name, since cookies know no ports. */
export function sessionCookie(name: string, token: string, isTls: boolean): string {
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict${isTls ? '; Secure' : ''}; Max-Age=604800`;
}
