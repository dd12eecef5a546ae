import type { z } from 'zod';
import type { changeKindSchema } from '../../shared/contract/changes.ts';
import type { QueueFilter, QueueSort } from '../../shared/model/queue.ts';

export type ChangeKind = z.infer<typeof changeKindSchema>;

/** Every key that server data is kept under. The first word is what a change makes old. */
export const keys = {
  workspace: () => ['workspace'] as const,
  people: () => ['people'] as const,
  /** Pages of the list. Never made old by a change, so that the list does not jump; see the queue's live hook. */
  queuePages: (filter: QueueFilter, sort: QueueSort) => ['queue-pages', filter, sort] as const,
  queueHead: (filter: QueueFilter, sort: QueueSort) => ['queue', 'head', filter, sort] as const,
  facets: (state: QueueFilter['state']) => ['queue', 'facets', state] as const,
  group: (id: number) => ['group', id] as const,
  groupAlerts: (id: number) => ['group', id, 'alerts'] as const,
  alert: (id: number) => ['alert', id] as const,
  original: (id: number) => ['original', id] as const,
  views: () => ['views'] as const,
  escalations: (...rest: readonly unknown[]) => ['escalations', ...rest] as const,
  automation: (...rest: readonly unknown[]) => ['automation', ...rest] as const,
  /** What is said of a text while it is written: alerts that come in change nothing of it. */
  ruleCheck: (text: string) => ['rule-check', text] as const,
  /** What a text would do on the newest alerts: asked at intervals, not at each alert. */
  rulePreview: (document: string | null) => ['rule-preview', document] as const,
  assurance: (...rest: readonly unknown[]) => ['assurance', ...rest] as const,
  team: (...rest: readonly unknown[]) => ['team', ...rest] as const,
  myWatch: () => ['my-watch'] as const,
  sources: (...rest: readonly unknown[]) => ['sources', ...rest] as const,
};

/** What each kind of change makes old. */
export const STALE_AFTER: Readonly<Record<ChangeKind, readonly string[]>> = {
  group: ['queue', 'group', 'escalations', 'automation', 'team', 'my-watch'],
  alert: ['queue', 'group', 'alert', 'automation', 'team', 'sources'],
  escalation: ['escalations', 'group', 'queue', 'team'],
  note: ['group'],
  view: ['views'],
  rule: ['automation', 'assurance', 'group', 'rule-check'],
  roster: ['people', 'workspace', 'team', 'my-watch'],
  lists: ['group', 'queue', 'sources', 'rule-check', 'rule-preview'],
  source: ['sources'],
  workspace: ['workspace', 'automation', 'people'],
  band: ['team', 'my-watch'],
};
