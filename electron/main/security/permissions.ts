import type { Session } from 'electron';
import { isOwnUrl } from './origin.ts';

const ALLOWED = new Set(['clipboard-sanitized-write', 'notifications']);

/** A page may write text to the clipboard and notify, from our own origin; nothing else (checklist 5). */
export function isPermitted(permission: string, origin: string): boolean {
  return ALLOWED.has(permission) && isOwnUrl(origin);
}

/** Electron grants every permission by default; this denies all but the short list, for asking and for checking. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isPermitted(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, `${origin}/`));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
}
