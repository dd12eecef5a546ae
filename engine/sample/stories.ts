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
  /** Who does it; else whoever of the tier is on shift. */
  personId?: string;
  /** What is done with the unowned groups of this title. */
  act(desk: Desk, personId: string, ids: readonly number[], nowMs: number): Promise<void>;
}

function lookedAt(
  hours: number,
  title: string,
  tier: Tier,
  note: string | null,
  holdHours: number | null,
): ScriptedStep {
  return {
    hours,
    title,
    tier,
    act: async (desk, personId, ids, nowMs) => {
      await desk.acknowledge(personId, ids);
      for (const id of ids) {
        if (note !== null) await desk.note(personId, id, note);
        if (holdHours !== null) await desk.hold(personId, id, nowMs + holdHours * HOUR_MS);
      }
    },
  };
}

function asked(hours: number, title: string, tier: Tier, question: string): ScriptedStep {
  return {
    hours,
    title,
    tier,
    act: async (desk, personId, ids) => {
      for (const id of ids.slice(0, 1)) await desk.escalate(personId, id, question);
    },
  };
}

/**
 * What the team did about the stories so far: single steps were looked at by single people, nobody saw them together.
 * None is closed, so that whoever opens the sample can find them.
 */
export const SCRIPT: readonly ScriptedStep[] = [
  lookedAt(
    94.1,
    'Archive with a script was delivered',
    'tier1',
    'User says the document did not open and was deleted. Asked for a scan of the desk.',
    110,
  ),
  lookedAt(93.5, 'Suspicious MS Office Child Process', 'tier1', null, null),
  lookedAt(93.2, 'Mshta Making Network Connections', 'tier1', null, null),
  lookedAt(
    92.9,
    'Microsoft Office application started mshta.exe',
    'tier1',
    'Same event as the one from Elastic.',
    null,
  ),
  lookedAt(81.5, 'Observed Loader CnC Domain', 'tier1', 'Asked the proxy team to block the domain.', 130),
  lookedAt(70.8, 'Active Directory Discovery', 'tier1', 'Might be the inventory project, asked its lead.', 90),
  lookedAt(70.5, 'Persistence via Registry Run Key', 'tier1', null, null),
  lookedAt(48.9, 'Observed Loader CnC Domain', 'tier1', null, null),
  lookedAt(
    46.5,
    'LSASS Memory Dump Handle Access',
    'tier2',
    'Dump file is gone. Waiting for the owner of the desk, who is travelling.',
    null,
  ),
  lookedAt(29.2, 'instructions found in retrieved document', 'tier1', null, null),
  {
    hours: 29.4,
    title: 'customer records in model output',
    tier: 'tier2',
    personId: 'camila.rojas',
    act: async (desk, personId, ids) => {
      const [id] = await desk.take(personId, ids);
      if (id !== undefined)
        await desk.note(
          personId,
          id,
          'The assistant was asked for a summary only. Which document told it to send mail?',
        );
    },
  },
  {
    hours: 27.8,
    title: 'Agent used a tool beyond the task',
    tier: 'tier2',
    personId: 'camila.rojas',
    act: async (desk, personId, ids) => {
      const [id] = ids;
      if (id === undefined) return;
      await desk.escalate(personId, id, 'May the assistant call the export tool at all? If not, who switches it off?');
      const question = (await desk.questions('tier3')).find((each) => each.groupId === id);
      if (question !== undefined) await desk.accept('kenji.sato', question);
    },
  },
  lookedAt(25.8, 'Executable Written to ADMIN$', 'tier1', null, null),
  asked(
    5.2,
    'Remotely Started Services via RPC',
    'tier1',
    'adm-msikora started a service on hl-fs01 from a desk in Rotterdam. Is that a change of ours?',
  ),
  asked(
    1.4,
    'Large transfer to a destination never seen',
    'tier1',
    '2 GB left the file server at night. Do we know this host?',
  ),
];
