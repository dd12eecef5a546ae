import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRecord {
  /** 1-based line of the text on which the record ends. */
  line: number;
  cells: string[];
}

export type CsvText = { kind: 'records'; records: CsvRecord[] } | { kind: 'broken'; line: number; message: string };

/** Letters in which the first line is looked for. */
const FIRST_LINE_MAX = 10_000;

/**
 * Splits CSV text into records, at most `limit` of them. Takes `,`, `;` or a tab, whichever the first line has most
 * of; a byte order mark; either line ending. A quotation mark that is never closed breaks the whole text.
 */
export function readCsv(csv: string, limit: number): CsvText {
  const text = csv.replace(/^\ufeff/, '');
  try {
    const parsed = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: limit,
      // With "info" each entry holds the record and where it was; the library's types do not follow its options.
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return { kind: 'records', records: parsed.map(({ record, info }) => ({ line: info.lines, cells: record })) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    const message = 'A quotation mark is not closed from this line on. Close it; nothing was read.';
    return { kind: 'broken', line, message };
  }
}

function delimiterOf(text: string): string {
  const firstLine = text.slice(0, FIRST_LINE_MAX).split(/\r?\n/, 1)[0] ?? '';
  let best = ',';
  for (const candidate of [';', '\t']) {
    if (firstLine.split(candidate).length > firstLine.split(best).length) best = candidate;
  }
  return best;
}
