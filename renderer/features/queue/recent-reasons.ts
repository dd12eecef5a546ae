import type { Disposition } from '../../../shared/model/vocabulary.ts';
import { useViewSettings } from '../../state/view-settings.ts';

const KEPT = 5;
const keyOf = () => `evenwatch.reasons.${useViewSettings.getState().personId ?? 'anyone'}`;

type Kept = Partial<Record<Disposition, string[]>>;

function read(): Kept {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf()) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Kept) : {};
  } catch {
    return {};
  }
}

/** The last reasons that this person gave for this disposition on this machine, newest first. */
export function recentReasons(disposition: Disposition): string[] {
  const list = read()[disposition];
  return Array.isArray(list) ? list.filter((text) => typeof text === 'string').slice(0, KEPT) : [];
}

export function rememberReason(disposition: Disposition, reason: string): void {
  const kept = read();
  kept[disposition] = [reason, ...recentReasons(disposition).filter((text) => text !== reason)].slice(0, KEPT);
  try {
    localStorage.setItem(keyOf(), JSON.stringify(kept));
  } catch {
    // Not being offered a reason again is the only loss.
  }
}
