import type { QueueFilter } from '../../shared/model/queue.ts';
import { type ResolvedFilter, sourceRuleKeys } from '../store/queue-filter.ts';
import type { Read } from '../store/store.ts';

/** Finds groups by what their alerts say. Null where there is no index to search. */
export type FindByText = (db: Read, text: string, limit: number) => Promise<number[]>;

/** Groups that a text search looks at; beyond it a narrower search is asked for by the result itself being cut. */
export const TEXT_MATCHES_MAX = 5_000;

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
    assignee: assigneeOf(assignee, personId),
    sourceRuleKeys: sourceRuleId === null ? null : await sourceRuleKeys(db, sourceRuleId),
    groupIds: words === '' ? null : await findByText(db, words, TEXT_MATCHES_MAX),
  };
}

function assigneeOf(assignee: string | null, personId: string | null): ResolvedFilter['assignee'] {
  if (assignee === null) return null;
  if (assignee === 'none') return 'none';
  return { id: assignee === 'me' ? (personId ?? '') : assignee };
}
