/** Ids from one item to another, both included, in the order of the list. Just the second when the first is not there. */
export function rangeIds(items: readonly { id: number }[], fromId: number, toId: number): number[] {
  const from = items.findIndex((item) => item.id === fromId);
  const to = items.findIndex((item) => item.id === toId);
  if (from < 0 || to < 0) return [toId];
  return items.slice(Math.min(from, to), Math.max(from, to) + 1).map((item) => item.id);
}

/**
 * Which item has the focus once `leaving` are gone: the first that stays after the focused one, else the last
 * before it. Null when none stays.
 */
export function focusAfter(
  items: readonly { id: number }[],
  focusId: number | null,
  leaving: ReadonlySet<number>,
): number | null {
  if (focusId !== null && !leaving.has(focusId)) return focusId;
  const at = items.findIndex((item) => item.id === focusId);
  const after = items.slice(at + 1).find((item) => !leaving.has(item.id));
  if (after !== undefined) return after.id;
  const before = items.slice(0, Math.max(at, 0)).findLast((item) => !leaving.has(item.id));
  return before?.id ?? null;
}
