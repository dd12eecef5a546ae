/** A rate in percent for a sentence, with as many digits as it takes to tell small ones apart. */
export function percent(rate: number): string {
  const value = rate * 100;
  const digits = value >= 10 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 3;
  return `${String(Number(value.toFixed(digits)))} %`;
}
