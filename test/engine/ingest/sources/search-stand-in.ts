import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../../../shared/model/json.ts';

export interface StoredDocument {
  index: string;
  id: string;
  atMs: number;
  /** The document as JSON text, given back byte for byte. */
  source: string;
}

interface Point {
  documents: readonly StoredDocument[];
}

interface SearchBody {
  size: number;
  query: { bool: { filter: [JsonObject, { range?: Record<string, { gte: number }>; exists?: { field: string } }] } };
  sort: Record<string, unknown>[];
  pit: { id: string; keep_alive: string };
  search_after?: (number | string)[];
  _source: boolean;
}

/**
 * A server that answers as Elasticsearch 8 or OpenSearch 2 do, over real HTTP, as far as polling asks: what one of them
 * would refuse is refused here.
 */
export class SearchStandIn {
  readonly documents: StoredDocument[] = [];
  readonly requests: { method: string; path: string; authorization: string | undefined }[] = [];
  readonly points = new Map<string, Point>();
  /** Called before each answer; true when it answered itself. */
  intercept: (request: IncomingMessage, response: ServerResponse, path: string) => boolean = () => false;
  fields: JsonObject = { '@timestamp': { date: { type: 'date' } } };
  authorization: string | null = null;
  readonly #family: 'elasticsearch' | 'opensearch';
  readonly #server: Server;
  #made = 0;

  readonly #scheme: 'http' | 'https';

  constructor(family: 'elasticsearch' | 'opensearch', tls?: { cert: Buffer; key: Buffer }) {
    this.#family = family;
    this.#scheme = tls === undefined ? 'http' : 'https';
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      this.#answer(request, response).catch(() => response.destroy());
    this.#server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  add(...values: readonly { n: number; atMs: number; index?: string; more?: string }[]): void {
    for (const { n, atMs, index = 'alerts-1', more = '' } of values) {
      const source = `{"n":${n},"@timestamp":${JSON.stringify(new Date(atMs).toISOString())}${more}}`;
      this.documents.push({ index, id: `doc-${n}`, atMs, source });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://here');
    const path = decodeURIComponent(url.pathname);
    const { authorization } = request.headers;
    this.requests.push({ method: request.method ?? '', path, authorization });
    if (this.intercept(request, response, path)) return;
    if (this.authorization !== null && authorization !== this.authorization) {
      return send(response, 401, failure('security_exception', 'unable to authenticate user'));
    }
    const body = Buffer.concat(chunks).toString();
    const [status, answer] = this.#route(`${request.method} ${path}`, url, body);
    const product: Record<string, string> =
      this.#family === 'elasticsearch' ? { 'x-elastic-product': 'Elasticsearch' } : {};
    send(response, status, answer, product);
  }

  #route(what: string, url: URL, body: string): [number, string] {
    const isElastic = this.#family === 'elasticsearch';
    if (what === 'GET /') return [200, JSON.stringify(this.#root())];
    if (what === 'GET /alerts-*/_field_caps') return [200, JSON.stringify(this.#fieldCaps(url))];
    if (what.endsWith('_field_caps')) return [404, failure('index_not_found_exception', 'no such index')];
    if (what === `POST /alerts-*/${isElastic ? '_pit' : '_search/point_in_time'}`) {
      if (url.searchParams.get('keep_alive') === null) return [400, failure('action_request_validation_exception', '')];
      this.#made += 1;
      const id = `point-${this.#made}`;
      this.points.set(id, { documents: [...this.documents] });
      return [200, JSON.stringify(isElastic ? { id } : { pit_id: id, creation_time: 1 })];
    }
    if (what === `DELETE ${isElastic ? '/_pit' : '/_search/point_in_time'}`) {
      const { id, pit_id: ids } = JSON.parse(body) as { id?: string; pit_id?: string[] };
      for (const each of isElastic ? [id ?? ''] : (ids ?? [])) this.points.delete(each);
      return [200, '{}'];
    }
    if (what === 'POST /_search') return this.#search(JSON.parse(body) as SearchBody, body);
    return [405, failure('illegal_argument_exception', `no handler for ${what}`)];
  }

  #root(): JsonObject {
    return this.#family === 'elasticsearch'
      ? { name: 'node', version: { number: '8.17.1', build_flavor: 'default' }, tagline: 'You Know, for Search' }
      : { name: 'node', version: { distribution: 'opensearch', number: '2.19.0' } };
  }

  #fieldCaps(url: URL): JsonObject {
    const asked = url.searchParams.get('fields') ?? '';
    const known = this.fields[asked];
    return { indices: ['alerts-1'], fields: known === undefined ? {} : { [asked]: known } };
  }

  #search(body: SearchBody, text: string): [number, string] {
    const point = this.points.get(body.pit.id);
    if (point === undefined) {
      return [404, failure('search_context_missing_exception', `No search context found for id [${body.pit.id}]`)];
    }
    const tiebreak = Object.keys(body.sort[1] ?? {})[0];
    if (tiebreak !== (this.#family === 'elasticsearch' ? '_shard_doc' : '_id')) {
      return [400, failure('query_shard_exception', `No mapping found for [${tiebreak}] in order to sort on`)];
    }
    const from = Object.values(body.query.bool.filter[1].range ?? {})[0]?.gte ?? Number.NEGATIVE_INFINITY;
    const sorted = point.documents
      .map((document, shardDoc) => ({ document, keys: this.#keys(document, shardDoc) }))
      .filter(({ document }) => document.atMs >= from)
      .sort((a, b) => compare(a.keys, b.keys));
    const after = body.search_after;
    const rest = after === undefined ? sorted : sorted.filter(({ keys }) => compare(keys, after) > 0);
    const hits = rest.slice(0, body.size).map(({ document: { index, id, source }, keys }) => {
      const shown = body._source ? `,"_source":${source}` : '';
      return `{"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)},"_score":null${shown},"sort":${JSON.stringify(keys)}}`;
    });
    if (text.includes('"search_after":[]')) return [400, failure('illegal_argument_exception', 'search_after')];
    const total = `{"value":${Math.min(10_000, sorted.length)},"relation":"eq"}`;
    return [
      200,
      `{"pit_id":"${body.pit.id}","took":1,"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"total":${total},"max_score":null,"hits":[${hits.join(',')}]}}`,
    ];
  }

  #keys({ atMs, id, index }: StoredDocument, shardDoc: number): (number | string)[] {
    return this.#family === 'elasticsearch' ? [atMs, shardDoc] : [atMs, id, index];
  }
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}

function failure(type: string, reason: string): string {
  return JSON.stringify({ error: { root_cause: [{ type, reason }], type, reason }, status: 0 });
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
