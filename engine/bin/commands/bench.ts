import { benchAssurance } from '../../bench/assurance.ts';
import type { BenchResult, Metric } from '../../bench/bench-result.ts';
import { benchIngest } from '../../bench/ingest.ts';
import { benchQueue } from '../../bench/queue.ts';
import { benchRetention } from '../../bench/retention.ts';
import { benchRules } from '../../bench/rules.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { stderrLog, systemClock } from '../host-ports.ts';
import { SOURCE_RESOURCES_DIR } from '../resources-dir.ts';
import { table } from '../terminal.ts';

type Bench = (options: {
  clock: typeof systemClock;
  log: ReturnType<typeof stderrLog>;
  resourcesDir: string;
  alertPaths: readonly string[];
  isFull: boolean;
  isGrowthOnly: boolean;
  arrivals: string | undefined;
  say(text: string): void;
}) => Promise<BenchResult>;

const BENCHES: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['ingest', benchIngest],
  ['queue', benchQueue],
  ['rules', benchRules],
  ['retention', benchRetention],
  ['assurance', () => benchAssurance()],
]);

export const benchCommand: Command = {
  name: 'bench',
  usage: 'NAME|all',
  summary: `Measure, as ratios within one run: ${[...BENCHES.keys()].join(', ')}`,
  flags: {
    alerts: { value: 'PATH[,PATH…]', help: 'files or folders of real alerts, for the benchmarks that can mix them in' },
    arrivals: { value: 'FILE', help: 'arrival times of a year, one UTC second a line: bench ingest replays them' },
    only: { value: 'PART', help: 'of bench ingest: "growth", what an alert costs with many stored, and nothing else' },
    full: {
      value: null,
      help: 'what takes long too: bench ingest with ten million stored alerts (five to ten minutes more), bench rules with a million',
    },
  },
  async run({ args, terminal }) {
    const [name = 'all', ...rest] = args.positionals;
    if (rest.length > 0 || (name !== 'all' && !BENCHES.has(name))) {
      throw new UsageError(`Name one benchmark: ${[...BENCHES.keys(), 'all'].join(', ')}.`);
    }
    const only = args.text('only');
    if (only !== undefined && (name !== 'ingest' || only !== 'growth')) {
      throw new UsageError('--only knows one part of one benchmark: bench ingest --only growth.');
    }
    const alertPaths = args.text('alerts')?.split(',') ?? [];
    const options = {
      clock: systemClock,
      log: stderrLog('error'),
      resourcesDir: SOURCE_RESOURCES_DIR,
      alertPaths,
      isFull: args.isSet('full'),
      isGrowthOnly: only === 'growth',
      arrivals: args.text('arrivals'),
      say: (text: string) => terminal.err(`${text}\n`),
    };
    const results: BenchResult[] = [];
    for (const [each, bench] of BENCHES) {
      if (name !== 'all' && name !== each) continue;
      if (terminal.isWatched) terminal.err(`Measuring ${each}…\n`);
      results.push(await bench(options));
    }
    return { json: name === 'all' ? results : results[0], text: results.map(describe).join('\n'), isOk: true };
  },
};

function describe({ name, metrics, peers }: BenchResult): string {
  const rows = [
    ...Object.entries(metrics).flatMap(([key, value]) => rowsOf(name, key, value)),
    ...Object.entries(peers).flatMap(([who, values]) =>
      Object.entries(values).map(([key, value]) => ({ who, key, value })),
    ),
  ];
  return table(
    [
      { title: 'Measured', cell: (row) => row.who },
      { title: 'Metric', cell: (row) => row.key },
      {
        title: 'Value',
        align: 'right',
        cell: (row) =>
          row.value === null
            ? 'not measured'
            : Math.abs(row.value) >= 100
              ? row.value.toFixed(0)
              : row.value.toPrecision(3),
      },
    ],
    rows,
    null,
  );
}

/** One line for a figure; one for each figure of each thing where a metric has several. */
function rowsOf(who: string, key: string, value: Metric): { who: string; key: string; value: number | null }[] {
  if (value === null || typeof value === 'number') return [{ who, key, value }];
  return Object.entries(value).flatMap(([thing, figures]) =>
    Object.entries(figures).map(([figure, number]) => ({ who: `${who} ${thing}`, key: figure, value: number })),
  );
}
