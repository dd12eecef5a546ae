import { EngineError } from '../../../shared/model/errors.ts';
import type { Actor } from '../../handlers.ts';
import type { Log } from '../../ports.ts';
import { type BacktestRow, ruleVersion, unfinishedBacktests } from '../../store/rule-life.ts';
import type { Store } from '../../store/store.ts';
import type { Writer } from '../../writer.ts';
import { BACKTEST_NEWS, type BacktestNews } from './backtest-commands.ts';
import type { HeavyReads } from './heavy-reads.ts';

const BACKTESTS: Actor = { kind: 'system', id: 'backtests' };
/** Progress is written down at steps of so much, not at each slice. */
const STEP = 0.02;

/** Runs the backtests that were asked for, one after the other, oldest first; one that was cut off begins anew. */
export class BacktestRunner {
  readonly #store: Pick<Store, 'read'>;
  readonly #writer: Pick<Writer, 'run'>;
  readonly #reads: HeavyReads;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(parts: { store: Pick<Store, 'read'>; writer: Pick<Writer, 'run'>; reads: HeavyReads; log: Log }) {
    this.#store = parts.store;
    this.#writer = parts.writer;
    this.#reads = parts.reads;
    this.#log = parts.log;
  }

  /** Looks whether there is something to run. Answers at once; `settled` waits. */
  look(): void {
    this.#isAskedAgain = true;
    this.#running ??= this.#runAll()
      .catch((error) => this.#log.error({ error: String(error) }, 'Backtests could not be run'))
      .finally(() => {
        this.#running = null;
      });
  }

  /** When nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.settled();
    await this.#reads.close();
  }

  async #runAll(): Promise<void> {
    while (this.#isAskedAgain && !this.#stopping.signal.aborted) {
      this.#isAskedAgain = false;
      for (const row of await this.#store.read(unfinishedBacktests)) {
        if (this.#stopping.signal.aborted) return;
        await this.#runOne(row);
      }
    }
  }

  async #runOne(row: BacktestRow): Promise<void> {
    const stop = new AbortController();
    const end = () => stop.abort();
    this.#stopping.signal.addEventListener('abort', end, { once: true });
    try {
      const version = await this.#store.read((db) => ruleVersion(db, row.rule_id, row.version));
      if (version === null) throw new EngineError('not_found', 'This version is no longer there.');
      await this.#tell({ id: row.id, state: 'running', share: 0 }, stop);
      let told = 0;
      const onProgress = (share: number): void => {
        if (share - told < STEP || share >= 1) return;
        told = share;
        void this.#tell({ id: row.id, state: 'running', share }, stop).catch(() => {});
      };
      const { report, hits } = await this.#reads.backtest(version.document, onProgress, stop.signal);
      await this.#tell({ id: row.id, state: 'done', report, hits }, stop);
    } catch (error) {
      // Cancelled by a person, which is written already, or by the end of this process, after which it begins anew.
      if (stop.signal.aborted) return;
      this.#log.warn({ backtest: row.id, error: String(error) }, 'A backtest failed');
      const problem = error instanceof EngineError ? error.message : 'It could not be finished; the log says why.';
      await this.#tell({ id: row.id, state: 'failed', problem }, stop);
    } finally {
      this.#stopping.signal.removeEventListener('abort', end);
    }
  }

  async #tell(news: BacktestNews, stop: AbortController): Promise<void> {
    const { isWanted } = (await this.#writer.run(BACKTEST_NEWS, news, BACKTESTS)) as { isWanted: boolean };
    if (!isWanted) stop.abort();
  }
}
