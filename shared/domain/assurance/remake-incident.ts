import type { Json, JsonObject } from '../../model/json.ts';

/** How a record of the past becomes one of now. */
export interface Remaking {
  /** What texts that are just this become, compared without case: the thing that it was about, and its own id. */
  renames: ReadonlyMap<string, string>;
  /** When it happened, and when it is to happen. */
  fromMs: number;
  toMs: number;
}

/** Numbers and texts that are times are those of the incident when they lie so near to it. */
const NEAR_MS = 2 * 86_400_000;
const SECOND_MS = 1_000;
/** Date, time, fraction and zone as most products write them. The parts that are not moved stay as they are. */
const STAMP = /^(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)((?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)$/;

/**
 * The same record with other names and times: what a product would have sent had the incident happened now, to another
 * thing. Whatever is neither a name that is renamed nor a time near the incident stays as it was.
 */
export function remakeRecord(record: JsonObject, remaking: Remaking): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, remade(value, remaking)]));
}

function remade(value: Json, remaking: Remaking): Json {
  if (typeof value === 'string') return remadeText(value, remaking);
  if (typeof value === 'number') return remadeNumber(value, remaking);
  if (Array.isArray(value)) return value.map((each) => remade(each, remaking));
  if (value !== null && typeof value === 'object') return remakeRecord(value, remaking);
  return value;
}

function remadeText(text: string, { renames, fromMs, toMs }: Remaking): string {
  const renamed = renames.get(text.toLowerCase());
  if (renamed !== undefined) return renamed;
  const stamp = STAMP.exec(text);
  if (stamp === null) return text;
  const [, year, month, day, between, hour, minute, second, rest] = stamp;
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Math.abs(atMs - fromMs) > NEAR_MS) return text;
  const moved = new Date(atMs + toMs - fromMs).toISOString();
  return `${moved.slice(0, 10)}${between}${moved.slice(11, 19)}${rest}`;
}

/** Epoch milliseconds, or seconds with or without a fraction. */
function remadeNumber(value: number, { fromMs, toMs }: Remaking): number {
  if (Math.abs(value - fromMs) <= NEAR_MS) return value + toMs - fromMs;
  if (Math.abs(value * SECOND_MS - fromMs) <= NEAR_MS) {
    const shift = (toMs - fromMs) / SECOND_MS;
    return Number.isInteger(value) ? value + Math.round(shift) : value + shift;
  }
  return value;
}
