/** A figure, none where it could not be measured, or the figures of each of several things. */
export type Metric = number | null | Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a benchmark answers. Metrics of different machines are only comparable as ratios to a peer of the same run. */
export interface BenchResult<M extends Metric = Metric> {
  name: string;
  metrics: Record<string, M>;
  /** The same measures of what it is compared with. */
  peers: Record<string, Record<string, number>>;
}
