/** A stream of numbers that depends on its seed alone, so that whatever is drawn from it can be drawn again. */
export interface SeededRandom {
  /** A float in [0, 1). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** An item in proportion to its weight; weights are not negative and not all zero. */
  weighted<T>(items: readonly (readonly [T, number])[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** In the form of an RFC 9562 version 4 UUID. */
  uuid(): string;
  /** A stream of its own, so that what one part draws does not move what another part gets. */
  fork(name: string): SeededRandom;
}

const TWO_TO_32 = 4_294_967_296;

/** Bob Jenkins' one-at-a-time hash with Murmur3's finish: turns a seed's text into words of state. */
function seedWords(text: string): [number, number, number, number] {
  let hash = 1_779_033_703 ^ text.length;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  const word = () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    hash ^= hash >>> 16;
    return hash >>> 0;
  };
  return [word(), word(), word(), word()];
}

/** Chris Doty-Humphrey's sfc32 (PractRand): small, fast, and good far beyond what a sample needs. */
function sfc32(state: [number, number, number, number]): () => number {
  let [a, b, c, counter] = state;
  return () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return (result >>> 0) / TWO_TO_32;
  };
}

/** Not for secrets: whoever knows the seed knows every number. */
export function seededRandom(seed: string | number): SeededRandom {
  const name = String(seed);
  const next = sfc32(seedWords(name));
  for (let round = 0; round < 12; round += 1) next();
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const hex = (digits: number) => {
    let text = '';
    while (text.length < digits) text += (Math.floor(next() * TWO_TO_32) >>> 0).toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  return {
    next,
    int,
    hex,
    chance: (probability) => next() < probability,
    pick: (items) => at(items, int(0, items.length - 1)),
    weighted: (items) => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return at(items, items.length - 1)[0];
    },
    uuid: () => {
      const digits = hex(32);
      const variant = '89ab'[int(0, 3)];
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
    },
    fork: (part) => seededRandom(`${name}/${part}`),
  };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError('Nothing to choose from.');
  return item;
}
