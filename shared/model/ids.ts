/**
 * Internal ids are integers; people see a prefix and Crockford base32 of the same integer.
 * The text form is derived, never stored.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
export type IdPrefix = 'alr' | 'grp' | 'esc' | 'dec' | 'rej' | 'aud';

export function formatId(prefix: IdPrefix, id: number): string {
  let rest = id;
  let text = '';
  do {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return `${prefix}_${text.padStart(6, '0')}`;
}

/** Reads `grp_00001x`, or a plain integer. Null when it is neither or names another kind. */
export function parseId(prefix: IdPrefix, text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{1,15}$/.test(trimmed)) return Number(trimmed);
  if (!trimmed.startsWith(`${prefix}_`)) return null;
  let id = 0;
  for (const char of trimmed.slice(prefix.length + 1)) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return null;
    id = id * 32 + digit;
  }
  return Number.isSafeInteger(id) ? id : null;
}
