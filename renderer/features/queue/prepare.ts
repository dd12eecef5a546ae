import type { DecisionKind, Statement } from '../../../shared/model/decision.ts';
import type { QueueFilter, QueueItem, Selection } from '../../../shared/model/queue.ts';
import type { EngineClient } from '../../client/client.ts';
import { makeStatement } from '../../client/statement.ts';
import { useToasts } from '../../state/toasts.ts';

const NAMED_MAX = 1000;

/** What a decision is about, and the statement that names it. */
export interface Prepared {
  selection: Selection;
  statement: (kind: DecisionKind, reason?: string) => Statement;
  /** Empty for "everything that matches". */
  ids: readonly number[];
}

/** Names the items one by one. Null, with a word about it, when there are none or too many. */
export function prepareItems(items: readonly QueueItem[]): Prepared | null {
  if (items.length === 0) {
    useToasts.getState().show({ kind: 'note', text: 'Nothing is focused.', todo: 'Choose an item with j and k.' });
    return null;
  }
  if (items.length > NAMED_MAX) {
    const text = `${items.length} items are more than can be named one by one (${NAMED_MAX}).`;
    useToasts.getState().show({ kind: 'problem', text, todo: 'Press Ctrl+A to select all that match instead.' });
    return null;
  }
  const subjects = items.map(({ id, version, count }) => ({ id, version, count }));
  return {
    selection: { kind: 'items', items: subjects },
    // A closing covers the alerts that were seen, so its statement says how many these are.
    statement: (kind, reason) => makeStatement({ kind, subjects, reason, withCounts: kind === 'group.dispose' }),
    ids: subjects.map(({ id }) => id),
  };
}

/** Asks the engine what everything that matches is now, so that the statement can name it by count and digest. */
export async function prepareMatching(
  engine: EngineClient,
  filter: QueueFilter,
  except: ReadonlySet<number>,
): Promise<Prepared> {
  const exceptIds = [...except];
  const { count, digest } = await engine.queue.prepare({ filter, exceptIds });
  return {
    selection: { kind: 'matching', filter, exceptIds, expectedCount: count },
    statement: (kind, reason) => makeStatement({ kind, subjectsDigest: digest, reason }),
    ids: [],
  };
}
