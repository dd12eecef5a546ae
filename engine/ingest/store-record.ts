import type { CommandContext } from '../handlers.ts';
import { reserveIds } from '../store/ids.ts';
import { originId } from '../store/ingest-rows.ts';
import type { FormatCatalogue } from './formats/index.ts';
import type { Classified } from './pipeline-classify.ts';
import { commitSlice } from './pipeline-commit.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { Prioritiser } from './pipeline-priority.ts';
import { Tally } from './pipeline-tally.ts';

export interface StoreRecordParts {
  triage: TriageState;
  append: AppendMachineDecision;
  formats: FormatCatalogue;
}

/**
 * Stores one record that the program or a person makes, the way of every other, within the transaction of a command.
 * `isRun` keeps a run of it among the files and uploads; what a source says of itself is none.
 */
export async function storeRecord(
  { tx, nowMs, touch }: Pick<CommandContext, 'tx' | 'nowMs' | 'touch'>,
  item: Classified,
  { triage, append, formats }: StoreRecordParts,
  { origin, site, isRun }: { origin: string; site: string | null; isRun: boolean },
): Promise<void> {
  await commitSlice(
    tx,
    [item],
    {
      triage,
      prioritiser: new Prioritiser(triage),
      append,
      formats,
      originId: await originId(tx, origin, site),
      origin,
      site,
      isHistory: false,
      firstLine: isRun ? 1 : null,
      run: isRun ? { id: await reserveIds(tx, 'ingest_run', 1), started_at_ms: nowMs } : null,
      before: new Tally(),
      touch,
    },
    nowMs,
  );
}
