import { EngineError } from '../../../shared/model/errors.ts';
import type { FieldMatch } from '../../../shared/model/rule.ts';
import type { BacktestReport } from '../../../shared/model/rule-life.ts';
import { type Command, command } from '../../commands.ts';
import type { CommandContext } from '../../handlers.ts';
import { backtestById, changeBacktest, insertBacktestHits } from '../../store/rule-life.ts';

/** What the runner of backtests writes down. No procedure of the contract leads here. */
export type BacktestNews =
  | { id: number; state: 'running'; share: number }
  | { id: number; state: 'done'; report: BacktestReport; hits: { groupId: number; matched: FieldMatch[] }[] }
  | { id: number; state: 'failed'; problem: string };

export const BACKTEST_NEWS = 'backtests.news';

export function backtestCommands(): Readonly<Record<string, Command>> {
  return { [BACKTEST_NEWS]: command(keepNews) };
}

/** Answers whether the backtest is still wanted: somebody may have cancelled it. */
async function keepNews({ tx, touch, actor }: CommandContext, news: BacktestNews): Promise<{ isWanted: boolean }> {
  if (actor.kind !== 'system') throw new EngineError('forbidden', 'Only the engine itself says this.');
  const row = await backtestById(tx, news.id);
  if (row === null || (row.state !== 'waiting' && row.state !== 'running')) return { isWanted: false };
  if (news.state === 'running') {
    await changeBacktest(tx, news.id, { state: 'running', progress_permille: Math.round(1_000 * news.share) });
    return { isWanted: true };
  }
  if (news.state === 'failed') {
    await changeBacktest(tx, news.id, { state: 'failed', problem: news.problem });
  } else {
    await changeBacktest(tx, news.id, {
      state: 'done',
      progress_permille: 1_000,
      problem: null,
      report_json: JSON.stringify(news.report),
    });
    await insertBacktestHits(
      tx,
      news.hits.map(({ groupId, matched }) => ({
        backtest_id: news.id,
        group_id: groupId,
        matched_json: JSON.stringify(matched),
        answer: null,
        reason: null,
        answered_by: null,
        answered_at_ms: null,
      })),
    );
  }
  touch('rule');
  return { isWanted: true };
}
