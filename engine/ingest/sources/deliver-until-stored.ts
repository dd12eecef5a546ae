import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../../../shared/model/errors.ts';
import type { IngestReport } from '../../../shared/model/ingest.ts';
import type { Delivery } from '../delivery.ts';
import type { SourceContext } from './live-source.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/** The source is to stop, or was removed: what was not stored stays where it came from. */
export class SourceStopped extends Error {}

/**
 * Delivers the same again and again until it is stored: for sources that can wait, since what they read stays where it
 * is. Throws SourceStopped when the source ends meanwhile.
 */
export async function deliverUntilStored(
  context: Pick<SourceContext, 'deliver' | 'signal' | 'show' | 'problem' | 'log' | 'source'>,
  delivery: Omit<Delivery, 'sourceId'>,
): Promise<IngestReport> {
  const { signal } = context;
  let isToldOf = false;
  for (let waitMs = FIRST_WAIT_MS, isAgain = false; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      const report = await context.deliver({ ...delivery, isAgain });
      if (isAgain) context.show({ isHeld: false });
      if (isToldOf) context.problem(null);
      return report;
    } catch (error) {
      if (error instanceof EngineError && error.code === 'not_found') break;
      isAgain = true;
      if (!isToldOf && !(error instanceof EngineError && error.code === 'unavailable')) {
        isToldOf = true;
        context.problem('What was read could not be stored, and the log says why. It is tried again.');
      }
      context.show({ isHeld: true });
      context.log.warn(
        { source: context.source.id, error: String(error) },
        'A delivery was not stored and is tried again',
      );
      await delay(waitMs, undefined, { signal }).catch(() => {});
    }
  }
  throw new SourceStopped('The source stops');
}
