import { EngineError } from '../../shared/model/errors.ts';
import type { QueueFilter } from '../../shared/model/queue.ts';
import { groupsToLookIn } from '../store/group-links.ts';
import { type ResolvedFilter, sourceRuleKeys } from '../store/queue-filter.ts';
import type { Read } from '../store/store.ts';

/** Finds groups by what their alerts say. Null where there is no index to search. */
export type FindByText = (db: Read, text: string, limit: number) => Promise<number[]>;

/** Groups that a text search looks at; what it finds beyond them is neither listed nor decided on. */
export const TEXT_MATCHES_MAX = 5_000;

/** Whether the text search found more than it looks at, so that nobody can say how many match. */
export function isTextCut({ groupIds }: Pick<ResolvedFilter, 'groupIds'>): boolean {
  return groupIds !== null && groupIds.length >= TEXT_MATCHES_MAX;
}

/** Looks up what a filter names by word: who `me` is, rules of products, and what the text search finds. */
export async function resolveFilter(
  db: Read,
  filter: QueueFilter,
  personId: string | null,
  findByText: FindByText,
): Promise<ResolvedFilter> {
  const { assignee, sourceRuleId, text, ...rest } = filter;
  const words = text?.trim() ?? '';
  return {
    ...rest,
    tag: filter.tag === null ? null : filter.tag.trim().toLowerCase(),
    assignee: assigneeOf(assignee, personId, filter.state),
    sourceRuleKeys: sourceRuleId === null ? null : await sourceRuleKeys(db, sourceRuleId),
    groupIds: words === '' ? null : await groupsToLookIn(db, await findByText(db, words, TEXT_MATCHES_MAX)),
  };
}

/**
 * Who holds what is open is a fact of the work. What another person finished, in the order of time, would be a record
 * of that person: it cannot be asked for.
 */
function assigneeOf(
  assignee: string | null,
  personId: string | null,
  state: QueueFilter['state'],
): ResolvedFilter['assignee'] {
  if (assignee === null) return null;
  if (assignee === 'none') return 'none';
  if (state !== 'open' && assignee !== 'me' && assignee !== personId) {
    throw new EngineError(
      'forbidden',
      'What another person finished cannot be listed. Look at their open items, or leave the person out.',
    );
  }
  return { id: assignee === 'me' ? (personId ?? '') : assignee };
}
