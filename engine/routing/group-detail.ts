import { type Standing, standingSentence, withStanding } from '../../shared/domain/assurance/standing-sentence.ts';
import { isAboutMany } from '../../shared/domain/explain/entity-words.ts';
import { storyOf, storyOfMany } from '../../shared/domain/explain/story.ts';
import { whyHere } from '../../shared/domain/explain/why-here.ts';
import { unpackPriority } from '../../shared/domain/priority/packed-priority.ts';
import type { NormalisedAlert } from '../../shared/model/alert.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Priority } from '../../shared/model/priority.ts';
import type { GroupDetail, GroupEntity, QueueItem, TimelineEntry } from '../../shared/model/queue.ts';
import type { GroupRule } from '../../shared/model/rule.ts';
import type { SeverityCorrection } from '../../shared/model/severity-correction.ts';
import { ruleStandings } from '../assurance/rule-standings.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { escalationsOf } from '../store/escalations.ts';
import { earlierOf, groupById, rulesOfGroups } from '../store/group-detail.ts';
import { currentId, homesOf } from '../store/group-links.ts';
import { entriesOfGroups } from '../store/ledger.ts';
import { notesOf } from '../store/notes.ts';
import { personNames } from '../store/people.ts';
import { itemsOf } from '../store/queue-items.ts';
import type { Tables } from '../store/schema.ts';
import type { Read } from '../store/store.ts';
import { correctionsOfGroup } from '../triage/severity-correction-views.ts';
import { type ChildPage, readChildren } from './children.ts';
import { readEntities } from './group-entities.ts';
import type { KnownEntities } from './known-entities.ts';
import { productName } from './product-names.ts';

export interface DetailDeps {
  entities: KnownEntities;
  techniqueNames: ReadonlyMap<string, string>;
  formats: FormatCatalogue;
}

const CHILDREN_SHOWN = 50;
const ENTITIES_SHOWN = 10;
const TIMELINE_MAX = 200;

/**
 * Everything that the detail of one item shows, with the same reasons that the engine acted on. An id that was joined or
 * folded into another gives the item that it lives in now.
 */
export async function readDetail(db: Read, askedId: number, deps: DetailDeps, nowMs: number): Promise<GroupDetail> {
  const id = await currentId(db, askedId);
  const homes = await homesOf(db, id);
  const group = await groupById(db, id);
  const [item] = group === null ? [] : await itemsOf(db, [group]);
  if (group === null || item === undefined) throw new EngineError('not_found', 'This item does not exist.');
  const names = await personNames(db);
  // Whoever decides on it is not to know what a rule that only speaks would have done.
  const rules = await rulesOfGroups(db, homes, group.is_open === 1);
  const children = await readChildren(db, deps.formats, homes, 0, CHILDREN_SHOWN);
  const many =
    item.entityCount > 1 ? await readEntities(db, id, null, ENTITIES_SHOWN) : { entities: [], nextCursor: null };
  const alert = children.last?.alert ?? null;
  const priority = priorityOf(group, item);
  const { recent, ...earlier } = await earlierOf(db, group);
  const story = storyInWords(item, alert, many.entities);
  const techniques: string[] = JSON.parse(group.techniques_json);
  return {
    item,
    priority,
    why: whyOf(group, await ruleStandings(db), item, priority, rules, names, nowMs),
    story,
    description: alert?.description ?? '',
    category: alert?.category ?? null,
    tactics: JSON.parse(group.tactics_json) as string[],
    techniques: techniques.map((technique) => ({ id: technique, name: deps.techniqueNames.get(technique) ?? null })),
    rules,
    entities: alert === null ? [] : await deps.entities.of(db, alert),
    alerts: children.alerts,
    alertsNextCursor: children.nextCursor,
    groupEntities: many.entities,
    groupEntitiesNextCursor: many.nextCursor,
    earlier: {
      ...earlier,
      sinceMs: recent.at(-1)?.closedAtMs ?? null,
      recent: recent.flatMap(({ id: earlierId, ref, title, entity, disposition, closedAtMs, closedBy, closeReason }) =>
        disposition === null || closedAtMs === null || closedBy === null
          ? []
          : [{ id: earlierId, ref, title, entity, disposition, closedAtMs, closedBy, reason: closeReason }],
      ),
    },
    notes: await notesOf(db, homes),
    timeline: await timelineOf(db, { group, homes }, item, rules, names),
    escalations: await escalationsOf(db, id),
    severityCorrections: (await correctionsOfGroup(db, group, names)).filter((each) => hasCountedFor(each, children)),
  };
}

/** Whether a correction is why alerts count as what they do. Their originals say so, or nothing does any more. */
function hasCountedFor(
  { claimed, corrected }: Pick<SeverityCorrection, 'claimed' | 'corrected'>,
  { alerts, last }: ChildPage,
): boolean {
  return alerts.some(
    ({ severity, claimedSeverity }) => severity === corrected && (claimedSeverity === claimed || last === null),
  );
}

function storyInWords(item: QueueItem, alert: NormalisedAlert | null, things: readonly GroupEntity[]): string {
  const name = productName(item.product);
  if (isAboutMany(item)) {
    const top = things.map(({ entity, count }) => ({ value: entity.value, count }));
    return storyOfMany({ ...item, kind: item.entity.kind, productName: name, top });
  }
  if (alert !== null) return storyOf({ ...item, alert, productName: name });
  return `${name} reported “${item.title}” ${item.count} times. The original text is no longer kept.`;
}

function priorityOf(group: Tables['alert_group'], item: QueueItem): Priority {
  const { basePoints, terms, adjustments } = unpackPriority(JSON.parse(group.priority_json));
  return { points: item.priorityPoints, level: item.priorityLevel, basePoints, terms, adjustments };
}

function whyOf(
  group: Tables['alert_group'],
  standings: ReadonlyMap<string, Standing>,
  item: QueueItem,
  priority: Priority,
  rules: readonly GroupRule[],
  names: ReadonlyMap<string, string>,
  nowMs: number,
): string {
  const { closedBy } = item;
  if (closedBy?.kind === 'rule' && group.close_reason !== null) {
    const standing = standings.get(group.closed_by ?? '') ?? null;
    return withStanding(group.close_reason, standingSentence(standing, group.closing_rule_version ?? 0));
  }
  return whyHere(
    {
      severity: item.severity,
      level: item.priorityLevel,
      points: item.priorityPoints,
      priority,
      status: item.status,
      tier: item.tier,
      ownerName: item.assigneeId === null ? null : (names.get(item.assigneeId) ?? item.assigneeId),
      dueAtMs: item.dueAtMs,
      holdUntilMs: item.holdUntilMs,
      notNowCount: group.not_now_count,
      closed: closedBy === null ? null : { by: closerInWords(closedBy), disposition: item.disposition },
      withheld: rules.flatMap((rule) => (rule.mode === 'withheld' && rule.why !== null ? [rule.why] : [])),
    },
    nowMs,
  );
}

function closerInWords(closedBy: NonNullable<QueueItem['closedBy']>): string {
  if (closedBy.kind === 'rule') return `the rule “${closedBy.name}”`;
  return closedBy.kind === 'source' ? `${productName(closedBy.name)} itself` : closedBy.name;
}

/** Oldest first: how it came in, what rules did, what people and the clock decided. */
async function timelineOf(
  db: Read,
  { group, homes }: { group: Tables['alert_group']; homes: readonly number[] },
  item: QueueItem,
  rules: readonly GroupRule[],
  names: ReadonlyMap<string, string>,
): Promise<TimelineEntry[]> {
  const arrived: TimelineEntry = {
    decisionId: null,
    atMs: group.first_received_at_ms,
    actor: { kind: 'source', id: item.product, name: productName(item.product) },
    kind: 'alert.received',
    text: `The first alert came in from ${productName(item.product)}`,
    undone: false,
  };
  const machine = closedByMachine(item);
  const held = rules.filter((rule) => rule.mode === 'withheld').map((rule) => withheldEntry(group, rule));
  const decided = (await entriesOfGroups(db, homes, TIMELINE_MAX)).map((entry): TimelineEntry => {
    const isPerson = entry.actorKind === 'person';
    return {
      decisionId: entry.seq,
      atMs: entry.atMs,
      actor: {
        kind: isPerson ? 'person' : 'system',
        id: entry.actorId,
        name: isPerson ? (names.get(entry.actorId) ?? entry.actorId) : 'Evenwatch',
      },
      kind: entry.kind,
      text: entry.summary,
      undone: entry.isUndone,
    };
  });
  return [arrived, ...machine, ...held, ...decided.toReversed()].toSorted((a, b) => a.atMs - b.atMs);
}

function closedByMachine(item: QueueItem): TimelineEntry[] {
  const { closedBy, closedAtMs } = item;
  if (closedBy === null || closedAtMs === null || closedBy.kind === 'person') return [];
  const isRule = closedBy.kind === 'rule';
  return [
    {
      decisionId: null,
      atMs: closedAtMs,
      actor: {
        kind: isRule ? 'rule' : 'source',
        id: closedBy.id,
        name: isRule ? closedBy.name : productName(item.product),
      },
      kind: isRule ? 'automation.close' : 'source.close',
      text: isRule
        ? (item.closeReason ?? `Closed by the rule “${closedBy.name}”, version ${closedBy.ruleVersion ?? 1}`)
        : `${productName(item.product)} had closed it already`,
      undone: false,
    },
  ];
}

function withheldEntry(group: Tables['alert_group'], rule: GroupRule): TimelineEntry {
  return {
    decisionId: null,
    atMs: group.first_received_at_ms,
    actor: { kind: 'rule', id: rule.ruleId, name: rule.title },
    kind: 'automation.withheld',
    text: rule.why ?? `The rule “${rule.title}” would have closed it and was held back`,
    undone: false,
  };
}
