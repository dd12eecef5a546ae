interface NetworkNode {
  /** The network's bytes; of them `length` bits count. */
  readonly bytes: readonly number[];
  readonly length: number;
  places: number[];
  zero: NetworkNode | null;
  one: NetworkNode | null;
}

/** Finds which of many networks an address lies in: a radix trie for each family, with shared bits written once. */
export class CidrTrie {
  private readonly roots = new Map<number, NetworkNode>();

  /** `bytes` as 4 or 16 numbers, of which the first `length` bits name the network. */
  insert(bytes: readonly number[], length: number, place: number): void {
    let parent: NetworkNode | null = null;
    let node: NetworkNode | null = this.roots.get(bytes.length) ?? null;
    while (node !== null) {
      const shared = sharedBits(bytes, node.bytes, Math.min(length, node.length));
      if (shared < node.length) {
        this.put(parent, splitAt(node, shared, bytes, length, place));
        return;
      }
      if (node.length === length) {
        node.places.push(place);
        return;
      }
      parent = node;
      node = childAt(node, bytes);
    }
    this.put(parent, leaf(bytes, length, place));
  }

  /** Adds to `found` the places of the networks around an address, the widest first. */
  collect(address: readonly number[], found: number[]): void {
    let node = this.roots.get(address.length) ?? null;
    while (node !== null && sharedBits(address, node.bytes, node.length) === node.length) {
      for (const place of node.places) found.push(place);
      if (node.length === address.length * 8) return;
      node = childAt(node, address);
    }
  }

  private put(parent: NetworkNode | null, node: NetworkNode): void {
    if (parent === null) this.roots.set(node.bytes.length, node);
    else if (bitAt(node.bytes, parent.length) === 0) parent.zero = node;
    else parent.one = node;
  }
}

function leaf(bytes: readonly number[], length: number, place: number): NetworkNode {
  return { bytes, length, places: [place], zero: null, one: null };
}

/** Where a network leaves the bits of a node, a node of what both share stands above them. */
function splitAt(
  node: NetworkNode,
  shared: number,
  bytes: readonly number[],
  length: number,
  place: number,
): NetworkNode {
  const above: NetworkNode = { bytes, length: shared, places: [], zero: null, one: null };
  if (shared === length) above.places.push(place);
  else if (bitAt(bytes, shared) === 0) above.zero = leaf(bytes, length, place);
  else above.one = leaf(bytes, length, place);
  if (bitAt(node.bytes, shared) === 0) above.zero = node;
  else above.one = node;
  return above;
}

function childAt(node: NetworkNode, bytes: readonly number[]): NetworkNode | null {
  return bitAt(bytes, node.length) === 0 ? node.zero : node.one;
}

function bitAt(bytes: readonly number[], at: number): number {
  return ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
}

/** How many of the first `max` bits are the same. */
function sharedBits(a: readonly number[], b: readonly number[], max: number): number {
  for (let at = 0; at * 8 < max; at++) {
    const differing = (a[at] ?? 0) ^ (b[at] ?? 0);
    if (differing !== 0) return Math.min(max, at * 8 + Math.clz32(differing) - 24);
  }
  return max;
}
