/**
 * Alert content is written by someone who may be the attacker. What cannot be seen on a screen, or changes
 * the order in which the rest is read, is turned into a labelled mark.
 */
export interface TextPart {
  text: string;
  /** Set when this part stands for one hidden character: its name. */
  hidden: string | null;
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'NUL',
  8: 'BS',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
  173: 'soft hyphen',
  1564: 'ALM',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LS',
  8233: 'PS',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  12644: 'filler',
  65279: 'BOM',
};

const HIDDEN = new RegExp(
  [
    // Controls of ASCII and Latin-1, the soft hyphen, the grapheme joiner and the Arabic letter mark.
    '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad]|\\u034f|\\u061c',
    // Fillers and separators that draw nothing.
    '\\u115f|\\u1160|\\u17b4|\\u17b5|[\\u180b-\\u180f]|\\u3164|\\uffa0',
    // Zero-width characters, bidirectional controls, invisible operators, annotations, the byte order mark.
    '[\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f]|\\ufeff|[\\ufff9-\\ufffb]',
    // Tags and variation selectors of plane 14, which carry text that nobody sees.
    '[\\u{e0000}-\\u{e0fff}]',
  ].join('|'),
  'gu',
);

function nameOf(code: number): string {
  return NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Cuts text into what can be shown as it is and what is shown as a mark.
 * @param isMultiline true keeps line feeds and tabs as they are.
 */
export function splitHidden(text: string, isMultiline = false): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    const char = match[0];
    if (isMultiline && (char === '\n' || char === '\t')) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), hidden: null });
    parts.push({ text: char, hidden: nameOf(char.codePointAt(0) ?? 0) });
    from = match.index + char.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hidden: null });
  return parts;
}

/** The same as one plain string, for titles and labels where no mark can be drawn: `a⟨RLO⟩b`. */
export function showHidden(text: string): string {
  return text.replace(HIDDEN, (char) => `⟨${nameOf(char.codePointAt(0) ?? 0)}⟩`);
}

const SCHEME = /(h)(tt)(?=ps?:\/\/)/gi;
const DEFANGED_HOST = /(hxxps?:\/\/)([^\s/?#"'<>]*)/gi;
const OTHER_SCHEME = /\b(javascript|data|vbscript|file|ftp):(?=\S)/gi;

/** Makes addresses in text unclickable anywhere they are pasted: `hxxps://evil[.]example/a`. */
export function defang(text: string): string {
  return text
    .replace(SCHEME, (_, h: string, rest: string) => h + (rest === 'TT' ? 'XX' : 'xx'))
    .replace(DEFANGED_HOST, (_, scheme: string, host: string) => scheme + host.replaceAll('.', '[.]'))
    .replace(OTHER_SCHEME, '$1[:]');
}

/** Cuts for display only. Never splits a surrogate pair. */
export function capText(text: string, limit: number): { text: string; dropped: number } {
  if (text.length <= limit) return { text, dropped: 0 };
  const last = text.charCodeAt(limit - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
  return { text: text.slice(0, end), dropped: text.length - end };
}

/**
 * Parts a string that ends in a path or a name of parts, so that its end stays readable when the middle is cut:
 * `Note written: C:\\Users\\…\\a.exe`. Addresses, hosts and plain words say most at their beginning and have no tail.
 */
export function splitForMiddleCut(text: string, tailMax = 28): { head: string; tail: string } {
  const end = /(?:[\\/]|:(?=[^:]{3,}$))[^\\/\s:]*$/.exec(text);
  const isAddress = /hxxps?:/i.test(text) || end === null;
  if (isAddress || end.index === 0 || text.length < 20) return { head: text, tail: '' };
  const tail = end[0];
  if (tail.length <= tailMax) return { head: text.slice(0, end.index), tail };
  let at = text.length - Math.floor(tailMax / 2);
  const code = text.charCodeAt(at);
  if (code >= 0xdc00 && code <= 0xdfff) at += 1;
  return { head: text.slice(0, at), tail: text.slice(at) };
}
