const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

/** A hit of a search as the server wrote it: the exact bytes, so that no number loses a digit. */
export interface Hit {
  index: string;
  id: string;
  /** Null when the document was not asked for. */
  source: Buffer | null;
  /** The sort values as JSON text, to be sent back as they came. */
  sort: string;
}

/** Cuts the hits out of the answer of a search, which must be valid JSON. Null when it is no answer of a search. */
export function hitsOf(answer: Buffer): Hit[] | null {
  const outer = memberOf(answer, 0, 'hits');
  const inner = outer === null ? null : memberOf(answer, outer.from, 'hits');
  if (inner === null || answer[inner.from] !== OPEN_ARRAY) return null;
  const hits: Hit[] = [];
  let at = skipSpace(answer, inner.from + 1);
  while (at < inner.to && answer[at] === OPEN_OBJECT) {
    const members = membersOf(answer, at);
    const [index, id, sort] = ['_index', '_id', 'sort'].map((name) => textAt(answer, members.spans.get(name)));
    if (index === undefined || id === undefined || sort === undefined) return null;
    const source = members.spans.get('_source');
    hits.push({
      index: String(JSON.parse(index)),
      id: String(JSON.parse(id)),
      source: source === undefined ? null : answer.subarray(source.from, source.to),
      sort,
    });
    at = skipSpace(answer, members.end);
    if (answer[at] === COMMA) at = skipSpace(answer, at + 1);
  }
  return hits;
}

/** A hit as one record: what it says of itself that never changes, and its document byte for byte. */
export function recordOfHit({ index, id, source }: Hit): Buffer {
  const head = `{"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)},"_source":`;
  return Buffer.concat([Buffer.from(head), source ?? Buffer.from('null'), Buffer.from('}')]);
}

interface Span {
  from: number;
  to: number;
}

function textAt(bytes: Buffer, span: Span | undefined): string | undefined {
  return span === undefined ? undefined : bytes.toString('utf8', span.from, span.to);
}

function memberOf(bytes: Buffer, at: number, name: string): Span | null {
  const from = skipSpace(bytes, at);
  return bytes[from] === OPEN_OBJECT ? (membersOf(bytes, from).spans.get(name) ?? null) : null;
}

/** The members of the object that begins at `at`, by name, and where it ends. */
function membersOf(bytes: Buffer, at: number): { spans: Map<string, Span>; end: number } {
  const spans = new Map<string, Span>();
  let from = skipSpace(bytes, at + 1);
  while (bytes[from] === QUOTE) {
    const nameEnd = endOfValue(bytes, from);
    const name = bytes.toString('utf8', from + 1, nameEnd - 1);
    const colon = skipSpace(bytes, nameEnd);
    const start = skipSpace(bytes, colon + 1);
    const end = endOfValue(bytes, start);
    if (bytes[colon] === COLON) spans.set(name, { from: start, to: end });
    from = skipSpace(bytes, end);
    if (bytes[from] === COMMA) from = skipSpace(bytes, from + 1);
  }
  return { spans, end: from + 1 };
}

function skipSpace(bytes: Buffer, at: number): number {
  let to = at;
  while (to < bytes.length && (bytes[to] ?? 0) <= SPACE) to += 1;
  return to;
}

/** Behind the value that begins at `at`. */
function endOfValue(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return endOfString(bytes, at);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return endOfContainer(bytes, at);
  let to = at;
  while (to < bytes.length && !isDelimiter(bytes[to] ?? 0)) to += 1;
  return to;
}

function isDelimiter(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte <= SPACE;
}

function endOfString(bytes: Buffer, at: number): number {
  let to = at + 1;
  while (to < bytes.length && bytes[to] !== QUOTE) to += bytes[to] === BACKSLASH ? 2 : 1;
  return to + 1;
}

function endOfContainer(bytes: Buffer, at: number): number {
  let depth = 0;
  for (let to = at; to < bytes.length; to += 1) {
    const byte = bytes[to];
    if (byte === QUOTE) to = endOfString(bytes, to) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) return to + 1;
    }
  }
  return bytes.length;
}
