/**
 * Text of an alert as a column takes it: PostgreSQL refuses NUL and half a surrogate pair, and nobody reads a title
 * of a megabyte. The original keeps every byte.
 */
export function storableText(text: string, lengthMax: number): string {
  const cut = text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is exactly what is looked for
  return /[\u0000\ud800-\udfff]/.test(cut) ? cut.toWellFormed().replaceAll('\u0000', '\u2400') : cut;
}
