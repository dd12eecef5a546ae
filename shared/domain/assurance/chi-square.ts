import { findRoot } from './find-root.ts';
import { logGamma } from './log-beta.ts';

/** P(X <= x) of the chi-square distribution: the regularised lower incomplete gamma function (Abramowitz & Stegun 6.5.29 and 6.5.31). */
export function chiSquareCumulative(x: number, degrees: number): number {
  if (x <= 0) return 0;
  const a = degrees / 2;
  const half = x / 2;
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? (front * seriesOf(a, half)) / a : 1 - front * fractionOf(a, half);
}

function seriesOf(a: number, x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; k < 1_000 && term > sum * 1e-16; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** Lentz's way to sum the continued fraction of the upper part. */
function fractionOf(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < 1_000; k += 1) {
    const factor = -k * (k - a);
    b += 2;
    d = 1 / (Math.abs(factor * d + b) < tiny ? tiny : factor * d + b);
    c = Math.abs(b + factor / c) < tiny ? tiny : b + factor / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

export function chiSquareQuantile(p: number, degrees: number): number {
  let high = degrees + 10;
  while (chiSquareCumulative(high, degrees) < p) high *= 2;
  return findRoot((x) => chiSquareCumulative(x, degrees) - p, 0, high);
}
