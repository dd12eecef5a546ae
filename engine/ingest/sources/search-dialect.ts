import { EngineError } from '../../../shared/model/errors.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import { type SearchServer, type ServerAnswer, TryLater } from './search-server.ts';

const SMALL_BYTES = 4 * 1024 * 1024;
const KEEP_ALIVE = '2m';

/** What the two families of servers say differently. */
export interface SearchDialect {
  name: 'Elasticsearch' | 'OpenSearch';
  openPath(index: string): string;
  /** Where the answer to opening has the id. */
  idField: 'id' | 'pit_id';
  closePath: string;
  closeBody(id: string): string;
  /** What tells documents of the same time apart: unique within a point in time. */
  tiebreak: readonly JsonObject[];
}

/** Elasticsearch since 7.12: `POST /INDEX/_pit`, and `_shard_doc` numbers the documents of a point in time. */
const ELASTICSEARCH: SearchDialect = {
  name: 'Elasticsearch',
  openPath: (index) => `/${index}/_pit?keep_alive=${KEEP_ALIVE}`,
  idField: 'id',
  closePath: '/_pit',
  closeBody: (id) => JSON.stringify({ id }),
  tiebreak: [{ _shard_doc: 'asc' }],
};

/** OpenSearch since 2.4: an interface of its own, and documents are told apart by index and id. */
const OPENSEARCH: SearchDialect = {
  name: 'OpenSearch',
  openPath: (index) => `/${index}/_search/point_in_time?keep_alive=${KEEP_ALIVE}`,
  idField: 'pit_id',
  closePath: '/_search/point_in_time',
  closeBody: (id) => JSON.stringify({ pit_id: [id] }),
  tiebreak: [{ _id: 'asc' }, { _index: 'asc' }],
};

/** Asks the server what it is. Throws EngineError when it is neither of the two, or too old for a point in time. */
export async function dialectOf(server: SearchServer): Promise<SearchDialect> {
  const answer = await server.call('GET', '/', null, SMALL_BYTES);
  // A key that may read and nothing else is refused here; Elasticsearch says its name all the same.
  if (answer.status === 403) return answer.product === 'Elasticsearch' ? ELASTICSEARCH : OPENSEARCH;
  refuse(answer, server, '');
  const version = objectOf(answer.body)?.version;
  const number = isJsonObject(version) ? version.number : undefined;
  if (!isJsonObject(version) || typeof number !== 'string') {
    throw new EngineError(
      'invalid_input',
      `${server.name} answers, and is no Elasticsearch or OpenSearch. Check address and port.`,
    );
  }
  if (version.distribution === 'opensearch') return OPENSEARCH;
  const [major = 0, minor = 0] = number.split('.').map(Number);
  if (major < 7 || (major === 7 && minor < 12)) {
    throw new EngineError('unsupported', `${server.name} runs Elasticsearch ${number}. It takes 7.12 or later.`);
  }
  return ELASTICSEARCH;
}

/** Throws EngineError when the index is not there, or the field is no date in it. */
export async function checkField(server: SearchServer, index: string, field: string): Promise<void> {
  const path = `/${encodeURIComponent(index)}/_field_caps?fields=${encodeURIComponent(field)}`;
  const answer = await server.call('GET', path, null, SMALL_BYTES);
  refuse(answer, server, index);
  const body = objectOf(answer.body);
  if (Array.isArray(body?.indices) && body.indices.length === 0) {
    throw new EngineError('not_found', `No index matches ${index} on ${server.name}. Check its name.`);
  }
  const fields = isJsonObject(body?.fields) ? body.fields[field] : undefined;
  if (!isJsonObject(fields)) {
    throw new EngineError('invalid_input', `${index} has no field ${field}. Name the field that holds the time.`);
  }
  const kinds = Object.keys(fields).filter((kind) => kind !== 'unmapped');
  const wrong = kinds.find((kind) => kind !== 'date' && kind !== 'date_nanos');
  if (wrong !== undefined) {
    throw new EngineError('invalid_input', `${field} is ${wrong} in ${index}, not a date. Name the field of the time.`);
  }
}

/** Throws for an answer that is none: TryLater for what passes by itself, EngineError for what a person must mend. */
export function refuse(answer: ServerAnswer, server: SearchServer, index: string): void {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return;
  const reason = reasonOf(answer.body);
  const said = reason === null ? '' : ` It said: ${reason}`;
  if (status >= 300 && status < 400) {
    const advice = 'Enter the address that it leads to, so that key and password go nowhere else.';
    throw new EngineError('invalid_input', `${server.name} leads to another address. ${advice}`);
  }
  if (status === 401) {
    throw new EngineError('forbidden', `${server.name} does not accept the key or password. Enter it again.`);
  }
  if (status === 403) {
    throw new EngineError('forbidden', `The key or user may not read ${index} on ${server.name}.${said}`);
  }
  if (status === 404) throw new EngineError('not_found', `${index} is not there on ${server.name}.${said}`);
  if (status === 429 || status >= 500) {
    throw new TryLater(`${server.name} is busy or not ready (${status}), and is asked again.${said}`, retryAfterMs);
  }
  throw new EngineError('invalid_input', `${server.name} refuses the search (${status}).${said}`);
}

/** True when the point in time is gone: its time is over, or the node that held it. */
export function isPointLost({ status, body }: ServerAnswer): boolean {
  return status === 404 && body.includes('search_context_missing_exception');
}

export function objectOf(body: Buffer): JsonObject | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

const REASON_LENGTH_MAX = 300;

function reasonOf(body: Buffer): string | null {
  const error = objectOf(body)?.error;
  if (typeof error === 'string') return error.slice(0, REASON_LENGTH_MAX);
  if (!isJsonObject(error)) return null;
  const causes = Array.isArray(error.root_cause) ? error.root_cause : [];
  const [first] = causes;
  const reason = isJsonObject(first) && typeof first.reason === 'string' ? first.reason : error.reason;
  return typeof reason === 'string' ? reason.slice(0, REASON_LENGTH_MAX) : null;
}
