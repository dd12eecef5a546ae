const MAX = 200_000;
const INDENT_MAX = 40;

/**
 * Breaks one line of JSON into many for reading. Works on the text and not on its value, so that duplicate keys,
 * long numbers and the order of keys stay as they came. Anything else is given back as it is.
 */
export function layOutJson(text: string): string {
  const start = text.trimStart()[0];
  if (text.length > MAX || (start !== '{' && start !== '[') || text.trim().includes('\n')) return text;
  let out = '';
  let depth = 0;
  let isInString = false;
  const newline = () => `\n${'  '.repeat(Math.min(Math.max(depth, 0), INDENT_MAX))}`;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isInString) {
      out += char;
      if (char === '\\') {
        at += 1;
        out += text[at] ?? '';
      } else if (char === '"') isInString = false;
    } else if (char === '"') {
      isInString = true;
      out += char;
    } else if (char === '{' || char === '[') {
      depth += 1;
      const isEmpty = /^\s*[}\]]/.test(text.slice(at + 1, at + 20));
      out += isEmpty ? char : char + newline();
    } else if (char === '}' || char === ']') {
      depth -= 1;
      out += /[[{]\s*$/.test(out.slice(-20)) ? char : newline() + char;
    } else if (char === ',') out += char + newline();
    else if (char === ':') out += ': ';
    else if (char !== ' ') out += char;
  }
  return out;
}
