import { principalEntity } from '../../shared/domain/alert/principal-entity.ts';
import type { QueueItem } from '../../shared/model/queue.ts';
import type { Tier } from '../../shared/model/vocabulary.ts';
import { recogniseFormat } from '../ingest/formats/index.ts';
import type { Desk } from './desk.ts';
import type { SampleRecord } from './record.ts';

const HOUR_MS = 3_600_000;

function keyOf(product: string, ruleId: string, entity: string): string {
  return `${product}\n${ruleId}\n${entity}`;
}

/** Tells the groups of the two stories from all others, by product, rule and entity. */
export function storyGroups(records: readonly SampleRecord[]): (item: QueueItem) => boolean {
  const keys = new Set<string>();
  for (const { story, record } of records) {
    if (story === null) continue;
    const read = recogniseFormat(record)?.read(record);
    if (read?.kind !== 'alert') continue;
    keys.add(keyOf(read.alert.product, read.alert.ruleId, principalEntity(read.alert).value));
  }
  return (item) => keys.has(keyOf(item.product, item.sourceRuleId, item.entity.value));
}

export interface ScriptedStep {
  /** Hours before the end of the fortnight. */
  hours: number;
  title: string;
  tier: Tier;
  act(desk: Desk, personId: string, id: number, nowMs: number): Promise<void>;
}

/**
 * What the team did about the stories so far: each step was looked at by somebody, nobody saw them together. None is
 * closed, so that whoever opens the sample can find them.
 */
export const SCRIPT: readonly ScriptedStep[] = [
  {
    hours: 94.1,
    title: 'Archive with a script was delivered',
    tier: 'tier1',
    act: async (desk, personId, id, nowMs) => {
      await desk.take(personId, [id]);
      await desk.note(
        personId,
        id,
        'User says the document did not open and was deleted. Asked for a scan of the desk.',
      );
      await desk.hold(personId, id, nowMs + 72 * HOUR_MS);
    },
  },
  {
    hours: 93.2,
    title: 'Mshta Making Network Connections',
    tier: 'tier1',
    act: (desk, personId, id) => desk.acknowledge(personId, [id]),
  },
  {
    hours: 46.5,
    title: 'LSASS Memory Dump Handle Access',
    tier: 'tier2',
    act: async (desk, personId, id) => {
      await desk.take(personId, [id]);
      await desk.note(personId, id, 'Dump file is gone. Waiting for the owner of the desk, who is travelling.');
    },
  },
  {
    hours: 26.1,
    title: 'Remotely Started Services via RPC',
    tier: 'tier1',
    act: (desk, personId, id) =>
      desk.escalate(
        personId,
        id,
        'adm-msikora started a service on hl-fs01 from a desk in Rotterdam. Is that a change of ours?',
      ),
  },
  {
    hours: 29.4,
    title: 'customer records in model output',
    tier: 'tier2',
    act: async (desk, personId, id) => {
      await desk.take(personId, [id]);
      await desk.note(personId, id, 'The assistant was asked for a summary only. Which document told it to send mail?');
    },
  },
  {
    hours: 29.2,
    title: 'instructions found in retrieved document',
    tier: 'tier1',
    act: (desk, personId, id) => desk.acknowledge(personId, [id]),
  },
];
