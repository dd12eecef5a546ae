/** What can be found by typing. */
export interface Findable {
  label: string;
  /** Words that are not shown but found too: "colour theme night". */
  alsoFound?: string;
}

const STARTS_LABEL = 4;
const STARTS_WORD = 3;
const INITIALS = 2;
const INSIDE = 1;

/** Lower case without accents, so that "yilmaz" finds "Yılmaz". */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ı', 'i').replaceAll('ø', 'o');
}

/**
 * How well an entry answers what was typed; null when it does not. Each typed word has to be found: at the start of the
 * label, at the start of a word, as the initials ("mw" is My watch), or inside a word, in falling order.
 */
export function scoreOf(query: string, { label, alsoFound = '' }: Findable): number | null {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const shown = fold(label);
  const all = `${shown} ${fold(alsoFound)}`;
  const words = all.split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
  const initials = words.map((word) => word[0]).join('');
  let total = 0;
  for (const word of wanted) {
    if (shown.startsWith(word)) total += STARTS_LABEL;
    else if (words.some((known) => known.startsWith(word))) total += STARTS_WORD;
    else if (word.length > 1 && initials.startsWith(word)) total += INITIALS;
    else if (all.includes(word)) total += INSIDE;
    else return null;
  }
  return total;
}

/** The entries that answer what was typed, the best first; among equals the order that they came in. */
export function findEntries<Entry extends Findable>(query: string, entries: readonly Entry[]): Entry[] {
  if (query.trim() === '') return [...entries];
  return entries
    .map((entry) => ({ entry, score: scoreOf(query, entry) }))
    .filter((one): one is { entry: Entry; score: number } => one.score !== null)
    .toSorted((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}
