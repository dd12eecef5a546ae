import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { Place } from './detection.ts';
import { ProblemList, type RuleProblem } from './rule-problem.ts';

/** Above it a text is refused before it is read. */
export const RULE_TEXT_MAX_BYTES = 1_000_000;
const DEPTH_MAX = 40;
const DOCUMENTS_MAX = 5000;
/** How many nodes aliases may come to together. */
const ALIAS_NODES_MAX = 10_000;

/** One YAML document of a text, with the places of its nodes. `problems` has what the YAML itself got wrong. */
export interface YamlSource {
  document: Document.Parsed;
  /** The text of this document alone. */
  text: string;
  placeOf(node: unknown): Place;
  problems: ProblemList;
}

export interface ReadYamlOptions {
  /** What a limit that is passed calls the file. */
  kind?: 'rule' | 'mapping';
  /** The line of the whole file on which this text starts. */
  firstLine?: number;
  /** Writes out what aliases stand for, up to a limit, where others write the texts; otherwise they are refused. */
  writesOutAliases?: boolean;
}

/**
 * Reads YAML 1.2 (core schema) that a stranger may have written: no aliases (they are how a small text becomes a
 * huge value) unless asked for, no tags, a limit on size, depth and number of documents. Problems that stop all
 * reading come alone.
 */
export function readYaml(
  text: string,
  options: ReadYamlOptions = {},
): { sources: YamlSource[]; problems: RuleProblem[] } {
  const { kind = 'rule', firstLine = 1 } = options;
  const start: Place = { line: firstLine, column: 1 };
  const whole = new ProblemList();
  const depthFault = deepestFlow(text, firstLine);
  if (text.length > RULE_TEXT_MAX_BYTES) {
    whole.error(start, `A ${kind} file is at most 1 MB. Split it.`);
  } else if (depthFault !== null) {
    whole.error(depthFault, `Brackets are nested more than ${DEPTH_MAX} deep.`);
  }
  if (whole.hasErrors()) return { sources: [], problems: whole.problems };
  const lines = new LineCounter();
  let documents: Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: 'core',
      uniqueKeys: false,
    });
    documents = 'empty' in parsed ? [] : [...parsed];
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    whole.error(start, 'This text is nested too deep.');
    return { sources: [], problems: whole.problems };
  }
  if (documents.length > DOCUMENTS_MAX) {
    whole.error(start, `A file has at most ${DOCUMENTS_MAX} documents. Split it.`);
    return { sources: [], problems: whole.problems };
  }
  const filled = documents.filter((document) => document.contents !== null || document.errors.length > 0);
  if (filled.length === 0) whole.error(start, 'There is nothing in this file.');
  return { sources: filled.map((document) => sourceOf(document, text, lines, options)), problems: whole.problems };
}

function sourceOf(
  document: Document.Parsed,
  text: string,
  lines: LineCounter,
  { firstLine = 1, writesOutAliases = false }: ReadYamlOptions,
): YamlSource {
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line) + firstLine - 1, column: Math.max(1, col) };
  };
  const placeOf = (node: unknown): Place => {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    return placeAt(offset ?? document.range[0]);
  };
  const problems = new ProblemList();
  // One open bracket makes a fault of every line below it: the first is the one to mend.
  const [first] = document.errors;
  if (first !== undefined) problems.error(placeAt(first.pos[0]), faultOf(first.message));
  if (writesOutAliases && !problems.hasErrors()) writeOutAliases(document, placeOf, problems);
  if (!problems.hasErrors()) refuseUnsafe(document, placeOf, problems);
  return { document, text: text.slice(document.range[0], document.range[1]), placeOf, problems };
}

/** The parser reports its own exhausted stack as one more error of the text. */
function faultOf(message: string): string {
  if (message.includes('call stack')) return 'This text is nested too deep.';
  return `This is not valid YAML: ${message.length > 200 ? `${message.slice(0, 200)}…` : message}`;
}

/** Puts a copy of what an anchor named in place of each alias; a text that grows too much by that is refused. */
function writeOutAliases(document: Document.Parsed, placeOf: (node: unknown) => Place, problems: ProblemList): void {
  const anchors = new Map<string, Node>();
  let room = ALIAS_NODES_MAX;
  visit(document, {
    Node(_key, node: Node, path) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return undefined;
      }
      const meant = anchors.get(node.source);
      if (meant === undefined || path.includes(meant)) {
        const names = meant === undefined ? 'nothing before it' : 'what it stands in';
        problems.error(placeOf(node), `The alias "*${node.source}" names ${names}. Write the value out.`);
        return visit.BREAK;
      }
      room -= countNodes(meant, room + 1);
      if (room < 0) {
        problems.error(placeOf(node), `Aliases come to more than ${ALIAS_NODES_MAX} values. Write the values out.`);
        return visit.BREAK;
      }
      const copy = meant.clone() as Node;
      copy.range = node.range;
      return copy;
    },
  });
  visit(document, {
    Node(_key, node: Node) {
      if (!isAlias(node)) delete node.anchor;
    },
  });
}

/** How many nodes lie below one, itself included; stops counting at `most`. */
function countNodes(root: Node, most: number): number {
  let count = 0;
  visit(root, { Node: () => (++count >= most ? visit.BREAK : undefined) });
  return count;
}

function refuseUnsafe(document: Document.Parsed, placeOf: (node: unknown) => Place, problems: ProblemList): void {
  visit(document, {
    Node(_key, node: Node, path) {
      if (isAlias(node))
        problems.error(placeOf(node), `The alias "*${node.source}" is not allowed. Write the value out.`);
      else if (isExplicitTag(node)) problems.error(placeOf(node), `The tag "${node.tag}" is not allowed. Remove it.`);
      else if (path.length > DEPTH_MAX * 2) problems.error(placeOf(node), `Nested more than ${DEPTH_MAX} deep.`);
      else if (isMap(node)) refuseRepeatedKeys(node.items, placeOf, problems);
      return problems.problems.length > 100 ? visit.BREAK : undefined;
    },
  });
}

/** Checked here and not by the parser, whose own check compares each key with all others. */
function refuseRepeatedKeys(
  pairs: readonly { key: unknown }[],
  placeOf: (node: unknown) => Place,
  problems: ProblemList,
): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    if (!isScalar(key)) {
      problems.error(placeOf(key), 'A key must be plain text.');
      continue;
    }
    const name = String(key.value);
    if (seen.has(name)) problems.error(placeOf(key), `"${name.slice(0, 60)}" stands here twice. Keep one of them.`);
    seen.add(name);
  }
}

function isExplicitTag(node: Node): boolean {
  const implied = isScalar(node) || isMap(node) || isSeq(node) || isCollection(node);
  return implied && typeof node.tag === 'string';
}

/** Where flow brackets go too deep, before a recursive parser sees them. Quotes are ignored: too strict is safe here. */
function deepestFlow(text: string, firstLine: number): Place | null {
  let depth = 0;
  let line = firstLine;
  let lineStart = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line++;
      lineStart = at + 1;
      // Brackets inside a regular expression need not be balanced, and flow collections of rules are short.
      depth = 0;
    } else if (code === 91 || code === 123) {
      if (++depth > DEPTH_MAX * 5) return { line, column: at - lineStart + 1 };
    } else if (code === 93 || code === 125) depth = Math.max(0, depth - 1);
  }
  return null;
}
