/**
 * A number in [0, 1) that depends on the seed and the key alone, so that a sample can be drawn again and shown to be the
 * same. Whoever does not know the seed cannot tell which closures will be looked at. Two rounds of MurmurHash3's 32-bit
 * finish over FNV-1a sums (A. Appleby; G. Fowler, L. C. Noll, K.-P. Vo): spread well, no protection against one who knows the seed.
 */
export function drawAt(seed: string, key: string): number {
  const text = `${seed} ${key}`;
  let [low, high] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ (unit + 0x5bd1), 0x01000193);
  }
  const mixed = finish(low ^ Math.imul(finish(high), 0x9e3779b1));
  const more = finish(high ^ mixed);
  return ((mixed >>> 0) * 0x200000 + ((more >>> 0) >>> 11)) / 0x20000000000000;
}

function finish(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
