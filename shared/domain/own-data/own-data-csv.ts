/**
 * A copy of one's own data as CSV (RFC 4180, with a header line): `part, row, field, value`, one line for each value, so
 * that parts of different shape stand in one file. Times are ISO 8601 in UTC; nothing stands where there is no value.
 */
export function ownDataCsv(data: object): string {
  const lines = [['part', 'row', 'field', 'value']];
  for (const [part, content] of Object.entries(data)) {
    if (Array.isArray(content)) {
      for (const [index, row] of content.entries()) lines.push(...linesOf(part, index + 1, row));
    } else lines.push(...linesOf(part, 1, content));
  }
  return lines.map((line) => `${line.map(cellOf).join(',')}\r\n`).join('');
}

function linesOf(part: string, row: number, content: unknown): string[][] {
  // A value that stands alone is named by its part: `pausedSinceMs` is the time of that name.
  if (!isNested(content)) return [[named(part, content), String(row), '', textOf(part, content)]];
  return fieldsOf(content, '').map(([field, value]) => [part, String(row), field, value]);
}

/** Nested fields as `inputs.1.label`, in the order in which they stand. */
function fieldsOf(content: object, prefix: string): [string, string][] {
  const isList = Array.isArray(content);
  return Object.entries(content).flatMap(([key, value]): [string, string][] => {
    const name = `${prefix}${isList ? Number(key) + 1 : key}`;
    return isNested(value) ? fieldsOf(value, `${name}.`) : [[named(name, value), textOf(name, value)]];
  });
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isTime(name: string, value: unknown): value is number {
  return name.endsWith('Ms') && typeof value === 'number';
}

/** The unit leaves the name when the value no longer has it. */
function named(name: string, value: unknown): string {
  return isTime(name, value) ? name.slice(0, -2) : name;
}

function textOf(name: string, value: unknown): string {
  if (isTime(name, value)) return new Date(value).toISOString();
  if (typeof value === 'string') return withoutFormula(value);
  return value === null || value === undefined ? '' : String(value);
}

/** Spreadsheets run a text that begins like a formula, and names of views or remarks are free text. */
function withoutFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function cellOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
