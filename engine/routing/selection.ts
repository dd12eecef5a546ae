import { changedMeanwhile } from '../../shared/domain/decisions/sentences.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Selection } from '../../shared/model/queue.ts';
import { lastDecisionOn } from '../store/decision-facts.ts';
import { currentIds } from '../store/group-links.ts';
import { type DecidableRow, loadDecidable } from '../store/group-state.ts';
import type { ResolvedFilter } from '../store/queue-filter.ts';
import { matchingIds } from '../store/queue-page.ts';
import type { Read } from '../store/store.ts';
import { type FindByText, isTextCut, resolveFilter, TEXT_MATCHES_MAX } from './resolve-filter.ts';

/** More items than this are not decided on at once. */
export const SELECTION_MAX = 100_000;
/** A decision over everything that matches is refused when the count is further off than this share. */
const COUNT_TOLERANCE = 0.1;
const SLICE = 2_000;

export interface Skipped {
  id: number;
  reason: string;
}

export interface SelectedIds {
  ids: number[];
  /** The version that the person saw of each; null for a decision over everything that matches. */
  versions: ReadonlyMap<number, number> | null;
  /** How many alerts of each the person saw, where they say so. */
  counts: ReadonlyMap<number, number> | null;
}

/** The items of a selection, in rising order of their ids. Throws `conflict` or `too_large` where it may not be used. */
export async function selectIds(
  db: Read,
  selection: Selection,
  personId: string | null,
  findByText: FindByText,
): Promise<SelectedIds> {
  if (selection.kind === 'items') {
    const versions = new Map(selection.items.map((item) => [item.id, item.version]));
    const counts = new Map(selection.items.flatMap(({ id, count }) => (count === undefined ? [] : [[id, count]])));
    return { ids: [...versions.keys()].sort((a, b) => a - b), versions, counts };
  }
  const matching = await idsThatMatch(db, await resolveFilter(db, selection.filter, personId, findByText));
  const except = new Set(selection.exceptIds);
  const ids = matching.filter((id) => !except.has(id));
  if (Math.abs(ids.length - selection.expectedCount) > selection.expectedCount * COUNT_TOLERANCE) {
    throw new EngineError(
      'conflict',
      `${ids.length.toLocaleString('en-US')} items match now, ${selection.expectedCount.toLocaleString('en-US')} did when you looked. Look again before you decide.`,
    );
  }
  return { ids, versions: null, counts: null };
}

/** Ids of everything that matches, rising. Throws `too_large` where that is more than one decision may cover. */
export async function idsThatMatch(db: Read, filter: ResolvedFilter): Promise<number[]> {
  const matching = isTextCut(filter) ? null : await matchingIds(db, filter, SELECTION_MAX);
  if (matching !== null) return matching;
  const most = (isTextCut(filter) ? TEXT_MATCHES_MAX : SELECTION_MAX).toLocaleString('en-US');
  throw new EngineError('too_large', `More than ${most} items match. Narrow the filter and decide on a part.`);
}

/** Loads the selected items in slices. What does not exist or has moved on since is told in `skipped`. */
export async function* loadSelected(
  db: Read,
  { ids, versions }: SelectedIds,
  skipped: Skipped[],
): AsyncGenerator<DecidableRow[]> {
  for (let from = 0; from < ids.length; from += SLICE) {
    const wanted = ids.slice(from, from + SLICE);
    const rows = await loadDecidable(db, wanted);
    if (rows.length < wanted.length) {
      const found = new Set(rows.map((row) => row.id));
      const missing = wanted.filter((id) => !found.has(id));
      const current = await currentIds(db, missing);
      for (const id of missing) {
        const isMoved = current.get(id) !== id;
        skipped.push({ id, reason: isMoved ? 'is part of another item by now' : 'does not exist any more' });
      }
    }
    if (versions === null) {
      yield rows;
      continue;
    }
    const current: DecidableRow[] = [];
    for (const row of rows) {
      if (versions.get(row.id) === row.version) current.push(row);
      else skipped.push({ id: row.id, reason: await whyMoved(db, row.id) });
    }
    yield current;
  }
}

/** "was closed by Ana Ruiz meanwhile". */
export async function whyMoved(db: Read, groupId: number): Promise<string> {
  const last = await lastDecisionOn(db, groupId);
  if (last === null) return 'was changed by new alerts meanwhile';
  const byName = last.personName ?? (last.actorKind === 'person' ? last.actorId : 'the system');
  return changedMeanwhile(last.kind, byName);
}
