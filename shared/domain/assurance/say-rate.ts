/**
 * A rate in percent, with as many digits as it takes to tell small ones apart. What is there but smaller than these is
 * "under 0.001 %".
 */
export function percent(rate: number): string {
  const value = rate * 100;
  const digits = value >= 10 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 3;
  const shown = Number(value.toFixed(digits));
  return shown === 0 && rate > 0 ? 'under 0.001 %' : `${String(shown)} %`;
}
