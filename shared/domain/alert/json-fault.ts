/** One token of JSON (RFC 8259) with the blanks before it. Linear: no alternative can begin like another. */
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
  /[ \t\n\r]*([{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

type Wanted = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/**
 * Where a text stops being JSON: the index of the first character that cannot stand there, the text's length when its
 * end is missing, null when it is JSON. For marking a fault, since parsers do not say the place of every one.
 */
export function jsonFaultPosition(text: string): number | null {
  const open: ('{' | '[')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    const [whole, token] = found ?? [];
    if (whole === undefined || token === undefined) return endOrFault(text, at, wanted);
    const next = afterToken(token, wanted, open);
    if (next === null) return at + whole.length - token.length;
    wanted = next;
    at += whole.length;
  }
}

/** No token stands at `at`: the text is whole, is cut off, or holds what no JSON has. */
function endOrFault(text: string, at: number, wanted: Wanted): number | null {
  const rest = text.slice(at).search(/[^ \t\n\r]/);
  if (rest < 0) return wanted === 'nothing' ? null : text.length;
  const from = at + rest;
  return text[from] === '"' ? (faultInString(text, from) ?? text.length) : from;
}

/** The character that a string cannot hold; null when the string is not ended. */
function faultInString(text: string, from: number): number | null {
  for (let i = from + 1; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (char < ' ') return i;
    if (char !== '\\') continue;
    const escaped = text.slice(i + 1, i + 6);
    if (/^(?:u[0-9a-fA-F]{0,3})?$/.test(escaped)) return null;
    if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(escaped)) return i;
    i += 1;
  }
  return null;
}

function afterToken(token: string, wanted: Wanted, open: ('{' | '[')[]): Wanted | null {
  const afterValue = (): Wanted => (open.length === 0 ? 'nothing' : 'comma or end');
  switch (token) {
    case '{':
    case '[':
      if (wanted !== 'value' && wanted !== 'value or end') return null;
      open.push(token);
      return token === '{' ? 'key or end' : 'value or end';
    case '}':
      if (open.at(-1) !== '{' || (wanted !== 'key or end' && wanted !== 'comma or end')) return null;
      open.pop();
      return afterValue();
    case ']':
      if (open.at(-1) !== '[' || (wanted !== 'value or end' && wanted !== 'comma or end')) return null;
      open.pop();
      return afterValue();
    case ',':
      if (wanted !== 'comma or end') return null;
      return open.at(-1) === '{' ? 'key' : 'value';
    case ':':
      return wanted === 'colon' ? 'value' : null;
    default:
      if (token.startsWith('"') && (wanted === 'key' || wanted === 'key or end')) return 'colon';
      return wanted === 'value' || wanted === 'value or end' ? afterValue() : null;
  }
}
