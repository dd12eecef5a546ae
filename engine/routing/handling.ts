import { handlingClass } from '../../shared/domain/strain/handling-class.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import { addHandlingSample, removeHandlingSample, takenUpAtMs } from '../store/decision-facts.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Beyond two hours something else happened meanwhile. */
const MINUTES_MAX = 120;

/**
 * Notes how long an item took from being taken up to its closing, by class and day and without the person, or takes
 * that note back. An item that nobody took up before it was closed says nothing.
 */
export async function sampleHandling(
  tx: Write,
  group: Pick<Tables['alert_group'], 'id' | 'severity' | 'product'>,
  closedAtMs: number,
  change: 'add' | 'remove',
): Promise<void> {
  const startedAtMs = await takenUpAtMs(tx, group.id);
  if (startedAtMs === null || startedAtMs > closedAtMs) return;
  const sample = {
    class: handlingClass(severityOfRank(group.severity), group.product),
    day: Math.floor(closedAtMs / DAY_MS),
    minutes: Math.min(MINUTES_MAX, (closedAtMs - startedAtMs) / MINUTE_MS),
  };
  await (change === 'add' ? addHandlingSample(tx, sample) : removeHandlingSample(tx, sample));
}
