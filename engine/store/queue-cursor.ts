import { EngineError } from '../../shared/model/errors.ts';

/** Where a page ended: the last row's sort value and id. */
export interface Cursor {
  value: number;
  id: number;
}

/** Opaque to clients. It names its order, so that it cannot be used with another. */
export function encodeCursor(order: string, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([order, cursor.value, cursor.id])).toString('base64url');
}

/** Throws `invalid_input` for text that is no cursor, or one of another order. */
export function decodeCursor(order: string, text: string | null): Cursor | null {
  if (text === null) return null;
  const parts = partsOf(text);
  if (parts === null)
    throw new EngineError('invalid_input', 'This place in the list is not known. Start from the top.');
  if (parts[0] !== order) {
    throw new EngineError('invalid_input', 'This place belongs to a list in another order. Start from the top.');
  }
  return { value: parts[1], id: parts[2] };
}

function partsOf(text: string): [string, number, number] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== 3) return null;
    const [order, value, id]: unknown[] = parts;
    if (typeof order !== 'string' || typeof value !== 'number' || typeof id !== 'number') return null;
    return Number.isFinite(value) && Number.isSafeInteger(id) ? [order, value, id] : null;
  } catch {
    return null;
  }
}
