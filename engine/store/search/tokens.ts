/** What people look for is one word with these inside: addresses, domains, accounts, file names, rule ids. */
export const WORD_MARKS = '.-_:@';

const WORD = /[\p{L}\p{N}\p{Co}.\-_:@]+/gu;
const DIACRITICS = /\p{M}/gu;
const MARKS = /[.\-_:@]+/;
const TOKEN_LENGTH_MAX = 256;
const DOCUMENT_TOKENS_MAX = 4_000;
const QUERY_TERMS_MAX = 20;

/** Words that stand one after the other; `isPrefix` when the last of them may go on. */
export interface SearchTerm {
  words: string[];
  isPrefix: boolean;
}

/** Words of a text in lower case and without accents, marks at their ends taken off. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(DIACRITICS, '').toLowerCase();
  return (plain.match(WORD) ?? []).flatMap((word) => {
    const bare = word.replace(/^[.\-_:@]+|[.\-_:@]+$/g, '');
    return bare === '' ? [] : [bare.slice(0, TOKEN_LENGTH_MAX)];
  });
}

/**
 * Words of a document in their order, and behind them the parts of compound words, so that `example.com` finds
 * `www.example.com` as far as its words go, and `scripting` finds `nmap-scripting`.
 */
export function documentWords(text: string): string[] {
  const words = wordsOf(text).slice(0, DOCUMENT_TOKENS_MAX);
  const parts = new Set<string>();
  for (const word of words) {
    const pieces = word.split(MARKS).filter((piece) => piece !== '');
    for (const [i, piece] of pieces.entries()) {
      if (pieces.length > 1) parts.add(piece);
      // The ends of a host or domain name: `corp.example` of `dc01.corp.example`.
      if (i > 0 && pieces.length <= 6 && word.includes('.')) parts.add(pieces.slice(i).join('.'));
    }
  }
  return [...words, ...parts].slice(0, 2 * DOCUMENT_TOKENS_MAX);
}

/** What was typed as terms that must all be there: `"…"` is exact, the last bare word may go on. Empty when it says nothing. */
export function searchTerms(typed: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const part of typed.matchAll(/"([^"]*)"?|[^\s"]+/g)) {
    const isQuoted = part[0].startsWith('"');
    const words = wordsOf(isQuoted ? (part[1] ?? '') : part[0]);
    if (words.length > 0) terms.push({ words, isPrefix: !isQuoted });
  }
  const kept = terms.slice(0, QUERY_TERMS_MAX);
  return kept.map((term, i) => ({ ...term, isPrefix: term.isPrefix && i === kept.length - 1 && !/\s$/.test(typed) }));
}
