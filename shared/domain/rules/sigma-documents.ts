import { type Document, isMap, isScalar, type Node, Pair, visit, type YAMLMap } from 'yaml';
import type { RuleProblem } from './rule-problem.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** One document of a text of community rules, or why it is none. `line` is where it starts in the text. */
export interface SigmaSource {
  line: number;
  source: YamlSource | null;
  problems: RuleProblem[];
}

interface Piece {
  text: string;
  line: number;
}

const DOCUMENTS_MAX = 50_000;

/** How many values of global documents may be put into the documents after them, all together. */
const SHARED_NODES_MAX = 500_000;

/**
 * Reads a stream of community rules document by document, so that a faulty one leaves the others alone and a stream may
 * be far larger than one rule. Collections of the first Sigma (`action: global`, `reset`, `repeat`) are put together as
 * pySigma does: what a global document says holds for those after it. Holds one document at a time.
 */
export function* readSigmaSources(text: string): Generator<SigmaSource> {
  const room = { nodes: SHARED_NODES_MAX };
  let documents = 0;
  let shared: YamlSource | null = null;
  let previous: YamlSource | null = null;
  for (const piece of piecesOf(text)) {
    if (++documents > DOCUMENTS_MAX) {
      yield refused(piece.line, `Only ${DOCUMENTS_MAX} documents of a file are read. Split it.`);
      return;
    }
    const read = readYaml(piece.text, { firstLine: piece.line, writesOutAliases: true });
    const own = read.sources[0];
    if (own === undefined) {
      yield { line: piece.line, source: null, problems: read.problems };
      continue;
    }
    const line = own.placeOf(own.document.contents).line;
    const action = actionOf(own);
    if (action === 'global') shared = withoutAction(own);
    else if (action === 'reset') shared = null;
    else {
      const base: YamlSource | null = action === 'repeat' ? previous : shared;
      const source: YamlSource = base === null ? own : merged(withoutAction(own), base, action === 'repeat', room);
      if (room.nodes < 0) {
        yield refused(line, 'What the global document repeats comes to too much. Write its rules out.');
        return;
      }
      // A document is read in place by who gets it, so that the next one repeats a copy.
      previous = { ...source, document: source.document.clone() as Document.Parsed };
      yield { line, source, problems: [] };
    }
  }
}

function refused(line: number, message: string): SigmaSource {
  return { line, source: null, problems: [{ level: 'error', line, column: 1, message }] };
}

/** The texts between the marks of documents, which YAML allows at the start of a line only. Those without content are left out. */
function* piecesOf(text: string): Generator<Piece> {
  const mark = /^(?:---(?=\s|$)[ \t]*|\.\.\.[ \t]*\r?$)/gm;
  let from = 0;
  let line = 1;
  const pieceTo = (to: number): Piece[] => {
    const piece = text.slice(from, to).replace(/^\uFEFF/, '');
    return HAS_CONTENT.test(piece) ? [{ text: piece, line }] : [];
  };
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    yield* pieceTo(found.index);
    line += countLines(text, from, found.index + found[0].length);
    from = found.index + found[0].length;
  }
  yield* pieceTo(text.length);
}

/** A line that is neither empty nor a comment nor a directive. Looks at each character once. */
const HAS_CONTENT = /^(?![^\S\n]*(?:#|$)|%)/m;

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function actionOf({ document }: YamlSource): string | null {
  const value = isMap(document.contents) ? document.contents.get('action') : undefined;
  return typeof value === 'string' ? value : null;
}

function withoutAction(source: YamlSource): YamlSource {
  if (isMap(source.document.contents)) source.document.contents.delete('action');
  return source;
}

/** One document of two: maps are put together key by key, and of anything else that both have, one's stands. */
function merged(own: YamlSource, base: YamlSource, ownWins: boolean, room: { nodes: number }): YamlSource {
  const root = own.document.contents;
  const other = base.document.contents;
  if (!isMap(root) || !isMap(other)) return own;
  const foreign = new Set<unknown>();
  const document = own.document.clone() as Document.Parsed;
  const contents = document.contents as unknown as YAMLMap;
  mergeMaps(contents, other, ownWins, foreign);
  room.nodes -= foreign.size;
  const placeOf = (node: unknown) => (foreign.has(node) ? base.placeOf(node) : own.placeOf(node));
  return { ...own, document, placeOf };
}

function mergeMaps(into: YAMLMap, from: YAMLMap, ownWins: boolean, foreign: Set<unknown>): void {
  for (const { key, value } of from.items) {
    const name = isScalar(key) ? key.value : null;
    const known = into.items.find((pair) => isScalar(pair.key) && pair.key.value === name);
    if (known === undefined) into.items.push(copyOf(new Pair(key, value), foreign));
    else if (isMap(known.value) && isMap(value)) mergeMaps(known.value, value, ownWins, foreign);
    else if (!ownWins) known.value = copyOf(new Pair(key, value), foreign).value;
  }
}

/** A copy whose nodes are known to stand in the other document. */
function copyOf(pair: Pair<unknown, unknown>, foreign: Set<unknown>): Pair<unknown, unknown> {
  const copy = pair.clone();
  for (const part of [copy.key, copy.value]) {
    if (part === null || typeof part !== 'object') continue;
    visit(part as Node, {
      Node: (_key, node) => {
        foreign.add(node);
      },
    });
    foreign.add(part);
  }
  return copy;
}
