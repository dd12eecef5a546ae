import { EngineError } from '../../shared/model/errors.ts';
import type { CommandContext, DecisionSubject } from '../handlers.ts';
import { mergeContent } from '../ingest/group-merge.ts';
import type { GroupFacts, GroupRow } from '../ingest/pipeline-group.ts';
import { factsOf } from '../ingest/pipeline-priority.ts';
import { CountDeltas } from '../store/counts.ts';
import { type GroupEntityRow, setEntities } from '../store/group-entities.ts';
import { deleteLinks, type GroupLink, homesOf, insertLinks } from '../store/group-links.ts';
import { forgetSeen } from '../store/group-seen.ts';
import { type AlertMove, alertIdsOf, alertTotals, moveAlerts, saveGroup, wholeGroups } from '../store/regroup.ts';
import { deleteGroups } from '../store/rule-windows.ts';
import {
  aboutColumns,
  keptEntities,
  prioritise,
  type ReadContent,
  type RegroupDeps,
  readContent,
  uniteEntities,
  withoutEntities,
} from './regroup-content.ts';

/** A group before and after; null where it does not exist. */
export interface RegroupedGroup {
  id: number;
  before: GroupRow | null;
  after: GroupRow | null;
}

/** Everything that a join or a split does, so that the same thing backwards is its undo. */
export interface Regrouping {
  /** The group that takes the others in, or that they go out of. */
  wholeId: number;
  /** True when the parts go into the whole. */
  isJoin: boolean;
  groups: RegroupedGroup[];
  moves: AlertMove[];
  links: GroupLink[];
}

const TITLE_LENGTH_MAX = 1_000;

/** The same thing backwards. */
export function reversed({ wholeId, isJoin, groups, moves, links }: Regrouping): Regrouping {
  return {
    wholeId,
    isJoin: !isJoin,
    groups: groups.map(({ id, before, after }) => ({ id, before: after, after: before })),
    moves: moves.map(([alertId, from, to]) => [alertId, to, from] as const),
    links,
  };
}

/**
 * Carries a join, a split, or one of them backwards out. The rows say what is decided; what alerts say is counted from
 * the alerts that are there now, so that what came in meanwhile is in it. Answers the change as it really was.
 */
export async function regroup(context: CommandContext, deps: RegroupDeps, asked: Regrouping): Promise<Regrouping> {
  const { tx } = context;
  const change = await withLaterAlerts(tx, asked);
  const ids = change.groups.map(({ id }) => id);
  const now = await wholeGroups(tx, ids);
  const entities = new Map<number, GroupEntityRow[]>();
  for (const { id, after } of change.groups) {
    const row = now.get(id) ?? after;
    if (row !== null) entities.set(id, await keptEntities(tx, row));
  }
  await moveAlerts(tx, change.moves);
  await relink(context, change, now);
  const counts = new CountDeltas();
  const done: RegroupedGroup[] = [];
  const gone = change.groups.filter(({ after }) => after === null).map(({ id }) => id);
  await deleteGroups(tx, gone);
  // Parts first: what the whole is without them is told from theirs.
  const inOrder = change.groups.toSorted((a, b) => Number(a.id === change.wholeId) - Number(b.id === change.wholeId));
  for (const { id, before, after } of inOrder) {
    const current = now.get(id) ?? null;
    if (after === null) {
      if (current !== null) counts.move(current, null, null);
      done.push({ id, before: current, after: null });
    } else {
      const version = (current?.version ?? before?.version ?? after.version) + 1;
      const row = await recounted(context, deps, { ...after, version }, entities, change);
      await saveGroup(tx, row, current === null);
      counts.move(current, row, null);
      done.push({ id, before: current, after: row });
    }
    context.touch('group', id);
  }
  await counts.apply(tx);
  await forgetSeen(tx, ids);
  context.touch('alert');
  return { ...change, groups: done };
}

/** A part that ends gives back also what came into it since it was split off. */
async function withLaterAlerts(tx: CommandContext['tx'], change: Regrouping): Promise<Regrouping> {
  const isSplitBack = change.isJoin && change.links.some(({ kind }) => kind === 'split');
  if (!isSplitBack) return change;
  const known = new Set(change.moves.map(([alertId]) => alertId));
  const later: AlertMove[] = [];
  for (const { id, after } of change.groups) {
    if (after !== null) continue;
    for (const alertId of await alertIdsOf(tx, id)) {
      if (!known.has(alertId)) later.push([alertId, id, change.wholeId]);
    }
  }
  return { ...change, moves: [...change.moves, ...later] };
}

/** Joined groups are found in the whole; what was split off may still be looked for there. */
async function relink({ tx }: CommandContext, change: Regrouping, now: ReadonlyMap<number, GroupRow>): Promise<void> {
  const partsGone = change.links.every(({ kind }) => kind === 'joined');
  // A join makes its links, and so does a split; backwards each takes its own away.
  if (change.isJoin === partsGone) await insertLinks(tx, change.links);
  else await deleteLinks(tx, change.links);
  if (now.size === 0) throw new EngineError('not_found', 'None of these items exists any more.');
}

/** A row with what its alerts say now. Whatever was decided on it stays. */
async function recounted(
  context: CommandContext,
  deps: RegroupDeps,
  row: GroupRow,
  entities: Map<number, GroupEntityRow[]>,
  change: Regrouping,
): Promise<GroupRow> {
  const { tx } = context;
  const homes = await homesOf(tx, row.id);
  const totals = await alertTotals(tx, homes);
  if (totals === null) throw new EngineError('conflict', 'One of the items would have no alerts left.');
  const isAsSaved = totals.count === row.count;
  const content = await readContent(tx, deps, homes);
  const title = totals.title.slice(0, TITLE_LENGTH_MAX);
  const counted: GroupRow = isAsSaved ? { ...row } : { ...row, ...totals, title };
  const facts: GroupFacts = factsOf(row);
  if (content !== null && !isAsSaved) {
    Object.assign(counted, content.columns);
    Object.assign(facts, content.facts);
  }
  const about = entitiesOf(row.id, content, entities, change);
  entities.set(row.id, about);
  await setEntities(tx, row.id, about.length > 1 ? about : []);
  Object.assign(counted, aboutColumns(counted, about));
  await prioritise(tx, deps, [{ row: counted, facts }]);
  return counted;
}

/** Read anew where that can be, else the kept ones put together or taken apart. */
function entitiesOf(
  id: number,
  content: ReadContent | null,
  kept: ReadonlyMap<number, GroupEntityRow[]>,
  { wholeId, isJoin, groups }: Regrouping,
): GroupEntityRow[] {
  if (content !== null) return content.entities;
  const own = kept.get(id) ?? [];
  if (id !== wholeId) return own;
  const parts = groups.filter((group) => group.id !== wholeId).map((group) => kept.get(group.id) ?? []);
  return isJoin ? uniteEntities([own, ...parts]) : withoutEntities(own, uniteEntities(parts));
}

/** The target of a join with everything that the others say. Its state stays; a clock that runs runs to the earliest. */
export function joinedRow(target: GroupRow, others: readonly GroupRow[]): GroupRow {
  const into = { row: { ...target }, facts: factsOf(target) };
  for (const other of others) mergeContent(into, { row: other, facts: factsOf(other) });
  if (target.status !== 'new') into.row.due_at_ms = target.due_at_ms;
  const priority = JSON.parse(into.row.priority_json);
  return { ...into.row, priority_json: JSON.stringify({ ...priority, facts: into.facts }) };
}

/** The change as the ledger keeps it: a subject for each group, the first of them with the alerts that moved. */
export function subjectsOf(change: Regrouping): DecisionSubject[] {
  const { wholeId, isJoin, moves, links } = change;
  return change.groups.map(({ id, before, after }) => {
    const about = id === wholeId ? { regrouped: { wholeId, isJoin, moves, links: links.map(linkAsText) } } : {};
    return {
      groupId: id,
      before: { ...about, row: before === null ? null : rowAsText(before) },
      after: { row: after === null ? null : rowAsText(after) },
      versionAfter: after?.version ?? before?.version ?? 0,
    };
  });
}

/** Reads the change back from its subjects. */
export function regroupingOf(
  subjects: readonly { groupId: number; beforeJson: string; afterJson: string }[],
): Regrouping | null {
  const groups: RegroupedGroup[] = [];
  let about: Pick<Regrouping, 'wholeId' | 'isJoin' | 'moves' | 'links'> | null = null;
  for (const { groupId, beforeJson, afterJson } of subjects) {
    const before: SavedState = JSON.parse(beforeJson);
    const after: SavedState = JSON.parse(afterJson);
    if (before.regrouped !== undefined) {
      about = { ...before.regrouped, links: before.regrouped.links.map(linkOfText) };
    }
    groups.push({ id: groupId, before: rowOfText(before.row), after: rowOfText(after.row) });
  }
  return about === null ? null : { ...about, groups };
}

type TextRow = Omit<GroupRow, 'key'> & { key: string };
type TextLink = Omit<GroupLink, 'key'> & { key: string | null };

interface SavedState {
  row?: TextRow | null;
  regrouped?: Pick<Regrouping, 'wholeId' | 'isJoin' | 'moves'> & { links: TextLink[] };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const rowAsText = (row: GroupRow): TextRow => ({ ...row, key: hex(row.key) });
const linkAsText = (link: GroupLink): TextLink => ({ ...link, key: link.key === null ? null : hex(link.key) });
const linkOfText = (link: TextLink): GroupLink => ({
  ...link,
  key: link.key === null ? null : Buffer.from(link.key, 'hex'),
});
const rowOfText = (row: TextRow | null | undefined): GroupRow | null =>
  row === null || row === undefined ? null : { ...row, key: Buffer.from(row.key, 'hex') };
