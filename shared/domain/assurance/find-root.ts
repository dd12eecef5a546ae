/**
 * The point of [low, high] at which a growing function passes zero, by bisection to the last bit that matters.
 * An end of the interval when the function does not pass zero inside.
 */
export function findRoot(growing: (at: number) => number, low: number, high: number): number {
  let [left, right] = [low, high];
  for (let step = 0; step < 100; step += 1) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) break;
    if (growing(middle) < 0) left = middle;
    else right = middle;
    if (right - left <= 1e-15 + 1e-12 * Math.abs(right)) break;
  }
  return (left + right) / 2;
}
