/** The known name that a mistyped one is nearest to; null when none is near enough to be meant. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const lower = name.slice(0, 80).toLowerCase();
  const reach = Math.max(1, Math.floor(lower.length / 3));
  let nearest: string | null = null;
  let smallest = reach + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase(), smallest);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance, given up as soon as it cannot be under `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let at = 1; at <= b.length; at++) {
      const change = (above[at - 1] ?? 0) + (a.charAt(row - 1) === b.charAt(at - 1) ? 0 : 1);
      current.push(Math.min(change, (above[at] ?? 0) + 1, (current[at - 1] ?? 0) + 1));
    }
    if (Math.min(...current) >= limit) return limit;
    above = current;
  }
  return above[b.length] ?? limit;
}
