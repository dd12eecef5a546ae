/**
 * The standard normal quantile, relative error under 1.2e-9 (P. J. Acklam, 2003). NaN outside (0, 1).
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return Number.NaN;
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.6968302866538 * r + 220.946098424521) * r - 275.928510446969) * r + 138.357751867269) * r -
      30.6647980661472) *
      r +
      2.50662827745924) *
      q) /
    (((((-54.4760987982241 * r + 161.585836858041) * r - 155.698979859887) * r + 66.8013118877197) * r -
      13.2806815528857) *
      r +
      1)
  );
}

function tail(q: number): number {
  return (
    (((((-0.00778489400243029 * q - 0.322396458041136) * q - 2.40075827716184) * q - 2.54973253934373) * q +
      4.37466414146497) *
      q +
      2.93816398269878) /
    ((((0.00778469570904146 * q + 0.32246712907004) * q + 2.445134137143) * q + 3.75440866190742) * q + 1)
  );
}
