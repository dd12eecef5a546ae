import type { z } from 'zod';
import { type QueueFilter, queueFilterSchema } from '../../shared/model/queue.ts';
import { UsageError } from './arguments.ts';

type Draft = z.input<typeof queueFilterSchema>;

/** Words that a query knows before a colon, and the filter that each one fills. */
const LISTS = {
  severity: 'severities',
  status: 'statuses',
  tier: 'tiers',
  product: 'products',
  priority: 'priorityLevels',
  disposition: 'dispositions',
} as const;
const SINGLES = {
  assignee: 'assignee',
  tag: 'tag',
  site: 'site',
  entity: 'entityValue',
  rule: 'sourceRuleId',
  state: 'state',
} as const;

/**
 * Reads `severity:high,critical tier:tier2 lateral movement`: known words before a colon narrow the list, everything
 * else is searched for. Throws UsageError for a value that no item can have.
 */
export function readWhere(text: string, base: Partial<QueueFilter> = {}): QueueFilter {
  const draft: Record<string, unknown> = { ...base };
  const words: string[] = [];
  for (const word of text.match(/\w+:"[^"]*"|\S+/g) ?? []) {
    const at = word.indexOf(':');
    const key = word.slice(0, at).toLowerCase();
    const value = word.slice(at + 1).replace(/^"(.*)"$/, '$1');
    if (at > 0 && value !== '' && Object.hasOwn(LISTS, key)) {
      const values = value.split(',').map((each) => (key === 'priority' ? each.toUpperCase() : each));
      draft[LISTS[key as keyof typeof LISTS]] = values;
    } else if (at > 0 && value !== '' && Object.hasOwn(SINGLES, key))
      draft[SINGLES[key as keyof typeof SINGLES]] = value;
    else words.push(word);
  }
  if (words.length > 0) draft.text = words.join(' ');
  const read = queueFilterSchema.safeParse(draft as Draft);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new UsageError(`--where cannot be read: ${issue?.path.join('.')}: ${issue?.message ?? ''}`);
}
