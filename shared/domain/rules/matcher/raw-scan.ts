import { isJsonObject, type Json } from '../../../model/json.ts';
import type { FieldSubject } from '../../alert/ecs-fields.ts';
import { holdsWindowsEvent, isNameOfWindowsEvents } from '../../alert/windows-event.ts';
import type { Candidates } from './candidates.ts';
import type { FieldScan } from './field-scan.ts';

interface PathNode {
  next: Map<string, PathNode>;
  scan: FieldScan | null;
  seenInTurn: number;
}

/**
 * Finds which paths of the original record, of all that rules read, a record has, by one walk over the keys that it
 * has: to ask for each path in turn would cost as much as there are paths. Paths and keys may both have dots.
 */
export class RawScan {
  private readonly root: PathNode = emptyNode();
  private readonly nodes: object[] = [];
  private readonly places: PathNode[] = [];
  private readonly ofWindowsEvents: PathNode[] = [];
  private turn = 0;

  constructor(scans: readonly (readonly [path: string, scan: FieldScan])[]) {
    for (const [path, scan] of scans) {
      let node = this.root;
      for (const segment of path.split('.')) {
        let child = node.next.get(segment);
        if (child === undefined) {
          child = emptyNode();
          node.next.set(segment, child);
        }
        node = child;
      }
      node.scan = scan;
      if (isNameOfWindowsEvents(path)) this.ofWindowsEvents.push(node);
    }
  }

  run(subject: FieldSubject, candidates: Candidates): void {
    this.turn++;
    this.push(subject.raw, this.root);
    // A search engine's hit wraps the document that people know.
    if (Object.hasOwn(subject.raw, '_source')) this.push(subject.raw._source, this.root);
    for (let node = this.nodes.pop(); node !== undefined; node = this.nodes.pop()) {
      const place = this.places.pop() ?? this.root;
      if (Array.isArray(node)) for (const each of node) this.push(each, place);
      else this.open(node, place, subject, candidates);
    }
    this.runOfWindowsEvent(subject, candidates);
  }

  /** The names by which a Windows event is asked are none of the record's own keys, so the walk does not meet them. */
  private runOfWindowsEvent(subject: FieldSubject, candidates: Candidates): void {
    const source = Object.hasOwn(subject.raw, '_source') ? subject.raw._source : undefined;
    if (!holdsWindowsEvent(isJsonObject(source) ? source : subject.raw)) return;
    for (const node of this.ofWindowsEvents) this.runOnce(node, subject, candidates);
  }

  private runOnce(node: PathNode, subject: FieldSubject, candidates: Candidates): void {
    if (node.scan === null || node.seenInTurn === this.turn) return;
    node.seenInTurn = this.turn;
    node.scan.run(subject, candidates);
  }

  private push(node: Json | undefined, place: PathNode): void {
    if (typeof node !== 'object' || node === null) return;
    this.nodes.push(node);
    this.places.push(place);
  }

  private open(node: object, place: PathNode, subject: FieldSubject, candidates: Candidates): void {
    for (const key of Object.keys(node)) {
      const child = place.next.get(key) ?? (key.includes('.') ? along(place, key) : undefined);
      if (child === undefined) continue;
      this.runOnce(child, subject, candidates);
      if (child.next.size > 0) this.push((node as Record<string, Json>)[key], child);
    }
  }
}

function emptyNode(): PathNode {
  return { next: new Map(), scan: null, seenInTurn: 0 };
}

function along(place: PathNode, key: string): PathNode | undefined {
  let node: PathNode | undefined = place;
  for (const segment of key.split('.')) node = node?.next.get(segment);
  return node;
}
