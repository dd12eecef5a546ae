import type { ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import type { FormatCatalogue } from '../formats/index.ts';
import type { RawRecord, RecordBatch } from '../records/raw-record.ts';
import { alertFields } from './alert-fields.ts';
import { traceFields } from './trace-fields.ts';

export interface TriedField {
  name: string;
  value: string;
  /** Places of the original that it came from, the most telling first; null where that is not known. */
  from: readonly string[] | null;
}

export interface TriedRecord {
  line: number;
  /** 1-based, in characters; null when the whole record is meant. */
  column: number | null;
  format: string | null;
  outcome: 'alert' | 'skipped' | 'rejected';
  /** Why it was passed over or refused. */
  why: string | null;
  fields: TriedField[];
  warnings: ReadWarning[];
  /** The beginning of the text that could not be read. */
  text: string | null;
}

export interface FormatCounts {
  alerts: number;
  skipped: number;
  rejected: number;
  warnings: number;
}

export interface FormatTrial {
  records: TriedRecord[];
  /** By format, over all records, shown or not; what no format claimed is under `unrecognised`. */
  counts: Record<string, FormatCounts>;
  total: FormatCounts;
}

export interface TrialOptions {
  formats: FormatCatalogue;
  /** Reads every record as this format; null recognises each by content. */
  fixed: AlertFormat | null;
  /** Records that are kept with their fields; all are counted. */
  limit: number;
  nowMs: number;
}

const NONE: FormatCounts = { alerts: 0, skipped: 0, rejected: 0, warnings: 0 };
const TEXT_SHOWN = 200;
/** The name under which records are counted that no format claims. */
const UNRECOGNISED = 'unrecognised';

/** Reads records as ingest does, stores nothing, and tells what became of each, field by field. */
export async function tryFormats(batches: AsyncIterable<RecordBatch>, options: TrialOptions): Promise<FormatTrial> {
  const trial: FormatTrial = { records: [], counts: {}, total: { ...NONE } };
  for await (const batch of batches) {
    for (const record of batch) {
      const isShown = trial.records.length < options.limit;
      const tried = tryRecord(record, options, isShown);
      if (isShown) trial.records.push(tried);
      trial.counts[tried.format ?? UNRECOGNISED] ??= { ...NONE };
      const counts = trial.counts[tried.format ?? UNRECOGNISED];
      for (const each of counts === undefined ? [trial.total] : [trial.total, counts]) {
        each[tried.outcome === 'alert' ? 'alerts' : tried.outcome]++;
        each.warnings += tried.warnings.length;
      }
    }
  }
  return trial;
}

function tryRecord(record: RawRecord, options: TrialOptions, isShown: boolean): TriedRecord {
  const empty = { column: null, fields: [], warnings: [], text: null };
  if (record.kind === 'fault') {
    const { line, column, message, text } = record;
    return { ...empty, line, column, format: null, outcome: 'rejected', why: message, text: text.slice(0, TEXT_SHOWN) };
  }
  const { line, value } = record;
  const format = options.fixed ?? options.formats.recognise(value);
  const text = Buffer.from(record.bytes).toString('utf8', 0, TEXT_SHOWN);
  if (format === null) {
    const why = 'no known product writes records like this one; name its format, or describe it in a mapping file';
    return { ...empty, line, format: null, outcome: 'rejected', why, text };
  }
  const result = format.read(value, options.nowMs);
  if (result.kind !== 'alert') {
    const outcome = result.kind === 'skip' ? 'skipped' : 'rejected';
    return { ...empty, line, format: format.name, outcome, why: result.why, text };
  }
  const fields = isShown ? tracedFields(format, value, result, options.nowMs) : [];
  return { ...empty, line, format: format.name, outcome: 'alert', why: null, fields, warnings: result.warnings };
}

function tracedFields(
  format: AlertFormat,
  record: JsonObject,
  result: Extract<FormatResult, { kind: 'alert' }>,
  nowMs: number,
): TriedField[] {
  const texts = longTexts(record);
  const traced = traceFields(format, record, result.alert, nowMs);
  return alertFields(result.alert).map(({ name, value }) => {
    const from = traced.get(name);
    const place = from === undefined || from.some((path) => texts.has(path)) ? placeWithin(texts, value) : null;
    return { name, value, from: place === null ? (from ?? null) : [place] };
  });
}

/** Lines of text in a record, by where they stand: a line that came as it is has no name. */
function longTexts(record: JsonObject): ReadonlyMap<string, string> {
  const isLine = Object.keys(record).length === 1 && typeof record.line === 'string';
  return new Map(
    Object.entries(record)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].includes(' '))
      .map(([key, text]) => [isLine ? '' : key, text]),
  );
}

/** Where a value stands within a line of text; null when it is not written there as it is. */
function placeWithin(texts: ReadonlyMap<string, string>, value: string): string | null {
  for (const [path, text] of texts) {
    const at = text.indexOf(value);
    if (at > 0) return `${path}${path === '' ? '' : ', '}column ${at + 1}`;
  }
  return null;
}
