/** What a benchmark answers. Metrics of different machines are only comparable as ratios to a peer of the same run. */
export interface BenchResult {
  name: string;
  metrics: Record<string, number>;
  /** The same measures of what it is compared with. */
  peers: Record<string, Record<string, number>>;
}
