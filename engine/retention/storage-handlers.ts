import { dueOriginals } from '../../shared/domain/retention/due-originals.ts';
import { lookAtClock, waitsUntilMs } from '../../shared/domain/retention/trusted-clock.ts';
import type { StoragePolicy, StorageStatus } from '../../shared/model/storage.ts';
import { severityRank } from '../../shared/model/vocabulary.ts';
import { type HandlerDeps, ownerOrPerson } from '../handler-deps.ts';
import type { Handlers } from '../handlers.ts';
import { letterTotals } from '../store/letter-room.ts';
import { heldBytes } from '../store/original-drop.ts';
import { countSmallBlocks, type DayTotal, heldTotals, storedTotals } from '../store/storage-totals.ts';
import type { Store } from '../store/store.ts';
import { dayWords } from './drop-sentence.ts';
import { recallStorage } from './storage-memory.ts';

const DAY_MS = 86_400_000;

export function storageHandlers(
  deps: HandlerDeps & { policy: StoragePolicy },
): Pick<Handlers['workspace'], 'storage' | 'tidyStorage'> {
  const { store, ports, policy, writer } = deps;
  return {
    storage: () => readStorage(store, policy, ports.clock.nowMs()),
    tidyStorage: async (context) => writer.tidy(await ownerOrPerson(context, store)),
  };
}

async function readStorage(store: Store, policy: StoragePolicy, nowMs: number): Promise<StorageStatus> {
  const file = await store.space();
  return store.read(async (db) => {
    const memory = await recallStorage(db);
    const clock = lookAtClock(memory.clock, nowMs);
    const today = Math.floor(clock.trustedMs / DAY_MS);
    const all = await storedTotals(db, null);
    const { due, overBytes } = dueOriginals(
      await storedTotals(db, today),
      policy.originals,
      today,
      await heldBytes(db, today),
    );
    return {
      asOfMs: clock.trustedMs,
      policy: {
        version: policy.version,
        keepDays: policy.originals.keepDays,
        maxBytes: policy.originals.size.maxBytes,
        sizeOrder: policy.originals.size.order,
        sizeKeepDays: policy.originals.size.keepDays,
        note: policy.note,
      },
      file,
      originals: sumOf(all),
      byMonth: byMonth(all),
      due: due.map(({ throughDay, ...rest }) => ({ ...rest, throughDay: dayWords(throughDay) })),
      overBytes,
      held: await heldTotals(db, today),
      letters: {
        ...(await letterTotals(db)),
        maxBytes: policy.purged.dead_letter.maxBytes,
        maxBytesOfSource: policy.purged.dead_letter.maxBytesOfSource,
      },
      smallBlocks: await countSmallBlocks(db),
      lastRun: memory.lastRun,
      waitsUntilMs: waitsUntilMs(clock),
    };
  });
}

type Amounts = StorageStatus['originals'];

function sumOf(totals: readonly DayTotal[]): Amounts {
  const sum = { blocks: 0, records: 0, storedBytes: 0, rawBytes: 0 };
  for (const { blocks, records, storedBytes, rawBytes } of totals) {
    sum.blocks += blocks;
    sum.records += records;
    sum.storedBytes += storedBytes;
    sum.rawBytes += rawBytes;
  }
  return sum;
}

function byMonth(totals: readonly DayTotal[]): StorageStatus['byMonth'] {
  const months = Map.groupBy(totals, ({ severity, storedDay }) => `${dayWords(storedDay).slice(0, 7)} ${severity}`);
  return [...months.values()]
    .flatMap((days) => {
      const [first] = days;
      if (first === undefined) return [];
      return [{ month: dayWords(first.storedDay).slice(0, 7), severity: first.severity, ...sumOf(days) }];
    })
    .sort((a, b) => b.month.localeCompare(a.month) || severityRank(b.severity) - severityRank(a.severity));
}
