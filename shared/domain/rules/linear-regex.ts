import { RE2JS } from 're2js';

export interface RegexFlags {
  i: boolean;
  m: boolean;
  s: boolean;
}

/** A regular expression that can be asked of a text, in time linear in its length. */
export interface LinearRegex {
  test(text: string): boolean;
}

/** RE2 semantics: time linear in the text, whatever the expression. Throws on a faulty one. */
export function compileRegex(source: string, flags: RegexFlags): RE2JS {
  const bits = (flags.i ? RE2JS.CASE_INSENSITIVE : 0) | (flags.m ? RE2JS.MULTILINE : 0) | (flags.s ? RE2JS.DOTALL : 0);
  return RE2JS.compile(source, bits);
}

/**
 * The expression of a rule. RE2 has no look-around, but where one stands at the very start or end, whether the whole
 * matches can be asked without it: `^(?!10\.)\d+` as two expressions, `\d(?!.)` as one with an end of line. Those, and
 * a few escapes of other dialects (`\u2013`, `\Z`, `\h`), are written out here; what is left goes to RE2, which throws.
 */
export function compileRuleRegex(source: string, flags: RegexFlags): LinearRegex {
  const text = inRe2Escapes(source);
  if (!/\(\?<?[=!]/.test(text)) return compileRegex(text, flags);
  const [, inline = '', rest = ''] = /^(\(\?[ims]+\))?([\s\S]*)$/.exec(text) ?? [];
  const all = {
    i: flags.i || inline.includes('i'),
    m: flags.m || inline.includes('m'),
    s: flags.s || inline.includes('s'),
  };
  const alternatives = branchesOf(rest).map((branch) => compileBranch(branch, all));
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return only;
  return { test: (value) => alternatives.some((one) => one.test(value)) };
}

/** One alternative: what it asks at its start, then the rest of it, both from the beginning of the text. */
function compileBranch(branch: string, flags: RegexFlags): LinearRegex {
  const body = withoutEdges(branch, flags);
  if (!body.startsWith('^') || flags.m) return compileRegex(body, flags);
  const asked: { regex: RE2JS; wanted: boolean }[] = [];
  let at = 1;
  for (let look = /^\(\?([=!])/.exec(body.slice(at)); look !== null; look = /^\(\?([=!])/.exec(body.slice(at))) {
    const end = endOfGroup(body, at);
    if (end < 0) break;
    asked.push({ regex: compileRegex(`^(?:${body.slice(at + 3, end)})`, flags), wanted: look[1] === '=' });
    at = end + 1;
  }
  const main = compileRegex(`^${body.slice(at)}`, flags);
  return { test: (value) => asked.every(({ regex, wanted }) => regex.test(value) === wanted) && main.test(value) };
}

/** Look-behind at the start and look-ahead at the end, as characters that the match takes along: nobody asks for it. */
function withoutEdges(branch: string, flags: RegexFlags): string {
  let body = branch;
  const behind = /^\(\?<([=!])/.exec(body);
  const closing = behind === null ? -1 : endOfGroup(body, 0);
  if (behind !== null && closing > 0) {
    const inner = body.slice(4, closing);
    const other = behind[1] === '=' ? `(?:${inner})` : orEdge(negated(inner, flags), '\\A');
    if (other !== null) body = other + body.slice(closing + 1);
  }
  const open = lastGroup(body);
  const ahead = /^\(\?([=!])/.exec(body.slice(open));
  if (open < 0 || ahead === null) return body;
  const inner = body.slice(open + 3, -1);
  const other = ahead[1] === '=' ? `(?:${inner})` : orEdge(negated(inner, flags), '\\z');
  return other === null ? body : body.slice(0, open) + other;
}

function orEdge(chars: string | null, edge: string): string | null {
  if (chars === null) return null;
  return chars === '' ? edge : `(?:${chars}|${edge})`;
}

/** The class of all characters that one character, or class of them, does not take; null where it is more than one. */
function negated(source: string, flags: RegexFlags): string | null {
  if (source === '.') return flags.s ? '' : '\\n';
  if (/^\\[dswDSW]$/.test(source)) return source === source.toLowerCase() ? source.toUpperCase() : source.toLowerCase();
  if (/^(?:[^\\()[\]{}.*+?^$|]|\\[^A-Za-z0-9])$/.test(source)) return `[^${source}]`;
  if (!source.startsWith('[') || endOfClass(source, 0) !== source.length - 1) return null;
  if (!source.startsWith('[^')) return `[^${source.slice(1)}`;
  // A second `^` is one of its characters, and must not come to stand first.
  return source.startsWith('[^^') ? `[\\^${source.slice(3)}` : `[${source.slice(2)}`;
}

/** The branches between the `|` of the top level. */
function branchesOf(source: string): string[] {
  const branches: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '\\') at++;
    else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth === 0) {
      branches.push(source.slice(from, at));
      from = at + 1;
    }
  }
  branches.push(source.slice(from));
  return branches;
}

/** Where the group that opens at `from` closes; -1 when it does not. */
function endOfGroup(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '\\') at++;
    else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at;
  }
  return -1;
}

/** Where the group of the top level that ends the expression opens; -1 when none does. */
function lastGroup(source: string): number {
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '\\') at++;
    else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') {
      const end = endOfGroup(source, at);
      if (end < 0) return -1;
      if (end === source.length - 1) return at;
      at = end;
    }
  }
  return -1;
}

/** Where a class ends: a `]` that comes first is one of its characters. */
function endOfClass(source: string, from: number): number {
  let at = from + 1;
  if (source.charAt(at) === '^') at++;
  if (source.charAt(at) === ']') at++;
  for (; at < source.length && source.charAt(at) !== ']'; at++) if (source.charAt(at) === '\\') at++;
  return at;
}

/** Escapes that .NET, Java, Python and Perl know and RE2 does not, in its own words. */
function inRe2Escapes(source: string): string {
  if (!/\\[uZhe]/.test(source)) return source;
  let text = '';
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '[') {
      const end = Math.min(endOfClass(source, at), source.length - 1);
      text += source.slice(at, end + 1).replace(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, classEscape);
      at = end;
    } else if (char === '\\') {
      const code = /^u([0-9A-Fa-f]{4})/.exec(source.slice(at + 1, at + 6))?.[1];
      text += code === undefined ? textEscape(source.charAt(at + 1)) : `\\x{${code}}`;
      at += code === undefined ? 1 : 5;
    } else text += char;
  }
  return text;
}

function classEscape(all: string, code: string | undefined, letter: string | undefined): string {
  if (code !== undefined) return `\\x{${code}}`;
  if (letter === 'h') return '\\t ';
  return letter === 'e' ? '\\x1b' : all;
}

function textEscape(letter: string): string {
  if (letter === 'Z') return '(?:\\n?\\z)';
  if (letter === 'h') return '[\\t ]';
  return letter === 'e' ? '\\x1b' : `\\${letter}`;
}
