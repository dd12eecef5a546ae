/**
 * Encodings that rules search for inside command lines. Byte strings are JavaScript strings with one byte (0 to
 * 255) a character. Written out because this folder may use neither Node's Buffer nor the browser's btoa.
 */
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function utf8Bytes(text: string): string {
  let bytes = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += String.fromCharCode(code);
    else if (code < 0x800) bytes += String.fromCharCode(0xc0 | (code >> 6), tail(code, 0));
    else if (code < 0x10000) bytes += String.fromCharCode(0xe0 | (code >> 12), tail(code, 6), tail(code, 0));
    else bytes += String.fromCharCode(0xf0 | (code >> 18), tail(code, 12), tail(code, 6), tail(code, 0));
  }
  return bytes;
}

function tail(code: number, shift: number): number {
  return 0x80 | ((code >> shift) & 0x3f);
}

/** UTF-16 with the low (`le`) or the high (`be`) byte first. */
export function utf16Bytes(text: string, order: 'le' | 'be'): string {
  let bytes = '';
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const low = unit & 0xff;
    const high = unit >> 8;
    bytes += order === 'le' ? String.fromCharCode(low, high) : String.fromCharCode(high, low);
  }
  return bytes;
}

export function base64(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group =
      (bytes.charCodeAt(at) << 16) |
      (left > 1 ? bytes.charCodeAt(at + 1) << 8 : 0) |
      (left > 2 ? bytes.charCodeAt(at + 2) : 0);
    text += BASE64.charAt(group >> 18) + BASE64.charAt((group >> 12) & 63);
    text += left > 1 ? BASE64.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? BASE64.charAt(group & 63) : '=';
  }
  return text;
}

/**
 * How a value looks inside a longer Base64 text, at the three places where it can start (Sigma modifiers 2.1,
 * `base64offset`): the characters at either end that depend on the neighbours are cut off.
 */
export function base64Offsets(bytes: string): string[] {
  const firstKept = [0, 2, 3];
  const cutAtEnd = [0, 3, 2];
  return firstKept.map((from, offset) => {
    const text = base64(' '.repeat(offset) + bytes);
    return text.slice(from, text.length - (cutAtEnd[(bytes.length + offset) % 3] ?? 0));
  });
}
