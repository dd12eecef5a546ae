import ipaddr from 'ipaddr.js';
import type { Asset, Identity } from '../../shared/model/lists.ts';
import { CRITICALITIES, type Criticality } from '../../shared/model/vocabulary.ts';
import { type CsvRecord, readCsv } from '../csv-records.ts';

export interface ListProblem {
  /** 1-based line of the CSV text. */
  line: number;
  message: string;
}

export interface ListImport<T> {
  rows: T[];
  problems: ListProblem[];
}

export interface LookupEntry {
  key: string;
  value: string;
}

/** Stops the report of a file that is no list at all. */
const PROBLEMS_MAX = 500;
const ROWS_MAX = 500_000;

/**
 * Reads assets: `name` (or `host`, `ip`, `cidr`, `key`), `criticality`, `internet_facing`, `owner`, `note`. A bad line is
 * reported with its number and what to do, and the rest goes on; an empty cell is "unknown", never "no".
 */
export function readAssets(csv: string): ListImport<Asset> {
  return readRows(
    csv,
    ['key', 'name', 'host', 'hostname', 'ip', 'address', 'cidr', 'network'],
    (row) => {
      const key = row.first('key', 'name', 'host', 'hostname', 'ip', 'address', 'cidr', 'network')?.toLowerCase();
      if (key === undefined) return 'The name is empty. Write a host name, an address or a network.';
      if (key.length > 255) return 'The name is longer than 255 characters. Shorten it.';
      const kind = kindOf(key);
      if (kind === null) return `"${key}" is no network. Write, for example, 10.20.0.0/24.`;
      const criticality = readCriticality(row.first('criticality', 'tier', 'importance'));
      if (criticality === undefined) return criticalityHint(row.first('criticality', 'tier', 'importance'));
      const internetFacing = readTruth(row.first('internet_facing', 'internetfacing', 'public', 'exposed'));
      if (internetFacing === undefined) return 'internet_facing takes yes, no or nothing.';
      return {
        key,
        kind,
        criticality,
        internetFacing,
        owner: row.first('owner') ?? null,
        note: row.first('note') ?? null,
      };
    },
    (asset) => `${asset.kind} ${asset.key}`,
  );
}

/** Reads identities: `name` (or `user`, `account`, `key`), `tier0`, `criticality`, `owner`, `note`, as `readAssets` does. */
export function readIdentities(csv: string): ListImport<Identity> {
  return readRows(
    csv,
    ['key', 'name', 'user', 'username', 'account', 'upn', 'email'],
    (row) => {
      const key = row.first('key', 'name', 'user', 'username', 'account', 'upn', 'email')?.toLowerCase();
      if (key === undefined) return 'The name is empty. Write an account name.';
      if (key.length > 255) return 'The name is longer than 255 characters. Shorten it.';
      const tier0 = readTruth(row.first('tier0', 'tier_0', 'privileged'));
      if (tier0 === undefined) return 'tier0 takes yes, no or nothing.';
      const criticality = readCriticality(row.first('criticality', 'importance'));
      if (criticality === undefined) return criticalityHint(row.first('criticality', 'importance'));
      return { key, tier0, criticality, owner: row.first('owner') ?? null, note: row.first('note') ?? null };
    },
    (identity) => identity.key,
  );
}

/** Reads a lookup list: `key` (or the first column) and `value`. Rules name its keys as `%list%` after `expand`. */
export function readLookup(csv: string): ListImport<LookupEntry> {
  return readRows(
    csv,
    null,
    (row) => {
      const key = row.first('key') ?? row.firstCell();
      if (key === undefined) return 'The key is empty.';
      if (key.length > 1000) return 'The key is longer than 1000 characters. Shorten it.';
      return { key, value: row.first('value', 'note') ?? '' };
    },
    (entry) => entry.key,
  );
}

class Row {
  private readonly cells: ReadonlyMap<string, string>;

  constructor(header: readonly string[], record: readonly string[]) {
    const cells = new Map<string, string>();
    header.forEach((name, at) => {
      const cell = record[at]?.trim() ?? '';
      if (cell !== '' && !cells.has(name)) cells.set(name, cell);
    });
    this.cells = cells;
  }

  /** The first of these columns that is filled. */
  first(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const cell = this.cells.get(name);
      if (cell !== undefined) return cell;
    }
    return undefined;
  }

  firstCell(): string | undefined {
    return this.cells.values().next().value;
  }
}

/** `keyColumns` are those of which the header must have one; null when any will do. `make` gives back a value or what to do. */
function readRows<T extends object>(
  csv: string,
  keyColumns: readonly string[] | null,
  make: (row: Row) => T | string,
  identityOf: (value: T) => string,
): ListImport<T> {
  const { records, problems } = csvRows(csv);
  const header = records[0]?.cells.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
  if (header === undefined) return { rows: [], problems: problems.length > 0 ? problems : [emptyList] };
  if (keyColumns !== null && !keyColumns.some((name) => header.includes(name))) {
    const message = `The first line must name the columns, among them one of ${keyColumns.join(', ')}.`;
    return { rows: [], problems: [...problems, { line: 1, message }] };
  }
  const rows = new Map<string, T>();
  for (const { line, cells } of records.slice(1)) {
    if (cells.length > header.length && cells.slice(header.length).some((cell) => cell.trim() !== '')) {
      addProblem(
        problems,
        line,
        `There are ${cells.length} cells for ${header.length} columns. Quote cells that hold the separator.`,
      );
      continue;
    }
    const value = make(new Row(header, cells));
    if (typeof value === 'string') addProblem(problems, line, value);
    else if (rows.has(identityOf(value)))
      addProblem(problems, line, `"${identityOf(value)}" stands here twice. The first one counts.`);
    else rows.set(identityOf(value), value);
  }
  return { rows: [...rows.values()], problems };
}

const emptyList: ListProblem = { line: 1, message: 'There is nothing in this list. The first line names the columns.' };

function addProblem(problems: ListProblem[], line: number, message: string): void {
  if (problems.length < PROBLEMS_MAX) problems.push({ line, message });
}

function csvRows(csv: string): { records: CsvRecord[]; problems: ListProblem[] } {
  const read = readCsv(csv, ROWS_MAX);
  return read.kind === 'records' ? { records: read.records, problems: [] } : { records: [], problems: [read] };
}

function kindOf(key: string): Asset['kind'] | null {
  if (key.includes('/')) return ipaddr.isValidCIDR(key) ? 'cidr' : null;
  const isAddress = key.includes(':') ? ipaddr.isValid(key) : ipaddr.IPv4.isValidFourPartDecimal(key);
  return isAddress ? 'ip' : 'host';
}

/** Undefined when the word is not known; null when nothing is said. */
function readCriticality(text: string | undefined): Criticality | null | undefined {
  if (text === undefined || /^(unknown|-|n\/a)$/i.test(text)) return null;
  const word = text.toLowerCase().replaceAll(/[\s-]+/g, '_');
  return CRITICALITIES.find((each) => each === word);
}

function criticalityHint(text: string | undefined): string {
  return `"${text ?? ''}" is no criticality. Use ${CRITICALITIES.join(', ')} or nothing.`;
}

function readTruth(text: string | undefined): boolean | null | undefined {
  if (text === undefined || /^(unknown|-|n\/a)$/i.test(text)) return null;
  if (/^(yes|y|true|1|x)$/i.test(text)) return true;
  return /^(no|n|false|0)$/i.test(text) ? false : undefined;
}
