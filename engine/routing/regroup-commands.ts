import { itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import type { Entity } from '../../shared/model/alert.ts';
import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { digestBytes, shortDigest } from '../ingest/pipeline-classify.ts';
import type { GroupRow } from '../ingest/pipeline-group.ts';
import { ENTITY_LENGTH_MAX, groupKey } from '../ingest/pipeline-group-book.ts';
import { storableText } from '../ingest/storable-text.ts';
import { type AlertRow, alertsById, alertsOfGroups } from '../store/alerts.ts';
import { findRows } from '../store/bulk.ts';
import { type GroupLink, homesOf } from '../store/group-links.ts';
import { reserveIds } from '../store/ids.ts';
import { wholeGroups, withQuestions } from '../store/regroup.ts';
import { readStored } from './children.ts';
import { checkStatement, decidedBy } from './decide.ts';
import { joinedRow, regroup, subjectsOf } from './regroup.ts';
import type { RegroupDeps } from './regroup-content.ts';
import { whyMoved } from './selection.ts';

const PAGE = 2_000;
/** More alerts than this are not moved at once. */
const ABOUT_MAX = 5_000;

type Seen = { id: number; version: number };

/** Joining items and splitting alerts off. */
export function regroupCommands(deps: RegroupDeps): Readonly<Record<string, Command>> {
  return {
    'decisions.join': command((context, input: InputOf<'decisions', 'join'>) => join(context, deps, input)),
    'decisions.split': command((context, input: InputOf<'decisions', 'split'>) => split(context, deps, input)),
  };
}

async function join(
  context: CommandContext,
  deps: RegroupDeps,
  { statement, into, items }: InputOf<'decisions', 'join'>,
): Promise<DecisionResult> {
  const seen = [into, ...items];
  const ids = [...new Set(seen.map(({ id }) => id))];
  if (ids.length < seen.length) throw new EngineError('invalid_input', 'Name each item once.');
  checkStatement(statement, 'group.join', ids);
  const [target, ...others] = await openRows(context, seen);
  if (target === undefined) throw new EngineError('not_found', 'This item does not exist.');
  const [asked] = await withQuestions(
    context.tx,
    others.map((row) => row.id),
  );
  const askedTitle = others.find((row) => row.id === asked)?.title;
  if (askedTitle !== undefined) {
    throw new EngineError('conflict', `“${askedTitle}” has a question with it. Join the others into that one instead.`);
  }
  const links = others.map(({ id, window_start_ms, key }): GroupLink => {
    return { from_id: id, to_id: target.id, kind: 'joined', window_start_ms, key };
  });
  const change = await regroup(context, deps, {
    wholeId: target.id,
    isJoin: true,
    groups: [
      { id: target.id, before: target, after: joinedRow(target, others) },
      ...others.map((row) => ({ id: row.id, before: row, after: null })),
    ],
    moves: [],
    links,
  });
  const titles = others.map((row) => `“${row.title.slice(0, 120)}”`);
  const told = titles.length > 3 ? `${titles.slice(0, 3).join(', ')} and ${titles.length - 3} more` : titles.join(', ');
  const decisionId = await context.record({
    kind: 'group.join',
    statement,
    summary: `Joined with ${told}`,
    subjects: subjectsOf(change),
  });
  const summary = `Joined ${itemsInWords(seen.length)} into one`;
  return { decisionId, changed: seen.length, skipped: [], summary, seq: 0 };
}

async function split(
  context: CommandContext,
  deps: RegroupDeps,
  { statement, id, version, alertIds, entity }: InputOf<'decisions', 'split'>,
): Promise<OutputOf<'decisions', 'split'>> {
  const { tx } = context;
  checkStatement(statement, 'group.split', [id]);
  const [row] = await openRows(context, [{ id, version }]);
  if (row === undefined) throw new EngineError('not_found', 'This item does not exist.');
  const alerts =
    entity === null ? await namedAlerts(context, id, alertIds) : await alertsAbout(context, deps, id, entity);
  if (alerts.length >= row.count) {
    throw new EngineError('invalid_input', 'These are all of its alerts. Leave at least one, or decide on the item.');
  }
  const partId = await reserveIds(tx, 'alert_group', 1);
  const part: GroupRow = {
    ...row,
    id: partId,
    key: (entity === null ? null : await freeKey(context, row, entity)) ?? ownKey(partId),
    // Whatever differs from the alerts that it gets is counted anew.
    count: 0,
    entity_count: 1,
    version: 0,
  };
  const link: GroupLink = { from_id: id, to_id: partId, kind: 'split', window_start_ms: null, key: null };
  const change = await regroup(context, deps, {
    wholeId: id,
    isJoin: false,
    groups: [
      { id, before: row, after: row },
      { id: partId, before: null, after: part },
    ],
    moves: alerts.map((alert) => [alert.id, alert.group_id, partId] as const),
    links: [link],
  });
  const n = alerts.length === 1 ? '1 alert' : `${alerts.length.toLocaleString('en-US')} alerts`;
  const decisionId = await context.record({
    kind: 'group.split',
    statement,
    summary: `Split off ${n}`,
    subjects: subjectsOf(change),
  });
  const summary = `Split ${n} off into an item of ${alerts.length === 1 ? 'its' : 'their'} own`;
  return { decisionId, changed: 2, skipped: [], summary, seq: 0, groupId: partId };
}

const ownKey = (id: number): Uint8Array => digestBytes(shortDigest(`split\u0000${id}`));

async function namedAlerts({ tx }: CommandContext, id: number, alertIds: readonly number[]): Promise<AlertRow[]> {
  const wanted = [...new Set(alertIds)].sort((a, b) => a - b);
  const homes = new Set(await homesOf(tx, id));
  const alerts = (await alertsById(tx, wanted)).filter((alert) => homes.has(alert.group_id));
  if (alerts.length < wanted.length) {
    throw new EngineError('conflict', 'Some of these alerts are not in this item any more. Look at it again.');
  }
  return alerts;
}

/** All alerts of an item that are about one thing, told from their originals as ingest tells it. */
async function alertsAbout({ tx }: CommandContext, deps: RegroupDeps, id: number, entity: Entity): Promise<AlertRow[]> {
  const homes = await homesOf(tx, id);
  const triage = deps.triage();
  const about: AlertRow[] = [];
  let after = 0;
  for (;;) {
    const rows = await alertsOfGroups(tx, homes, after, PAGE);
    const stored = await readStored(tx, deps.formats, rows);
    for (const [i, row] of rows.entries()) {
      const alert = stored[i]?.alert;
      if (alert === undefined) continue;
      const own = triage.grouping(alert.product, alert.ruleId).entityOf(alert);
      if (own.kind === entity.kind && storableText(own.value, ENTITY_LENGTH_MAX) === entity.value) about.push(row);
    }
    if (about.length > ABOUT_MAX) {
      const most = ABOUT_MAX.toLocaleString('en-US');
      throw new EngineError(
        'too_large',
        `More than ${most} alerts are about it. Close the item, or make a rule for them.`,
      );
    }
    if (rows.length < PAGE) break;
    after = rows.at(-1)?.id ?? after;
  }
  if (about.length === 0) throw new EngineError('conflict', 'No alert of this item is about that. Look at it again.');
  return about;
}

/** The key under which later alerts about this thing come in; null when another group has it. */
async function freeKey({ tx }: CommandContext, row: GroupRow, entity: Entity): Promise<Uint8Array | null> {
  const [rule] = await findRows(tx, 'source_rule', ['id'], [{ id: row.source_rule_id }]);
  if (rule === undefined) return null;
  const key = groupKey({
    product: rule.product,
    ruleId: rule.rule_id,
    kind: entity.kind,
    value: entity.value,
    lane: row.lane,
    windowStartMs: row.window_start_ms,
    site: row.site,
  });
  const place = [{ window_start_ms: row.window_start_ms, key }];
  const taken = await findRows(tx, 'alert_group', ['window_start_ms', 'key'], place);
  const led = await findRows(tx, 'group_link', ['window_start_ms', 'key'], place);
  return taken.length + led.length > 0 ? null : key;
}

/** The whole rows of open items as the person saw them, in their order. Throws `conflict` when one has moved on. */
async function openRows(context: CommandContext, seen: readonly Seen[]): Promise<GroupRow[]> {
  const { tx } = context;
  const by = decidedBy(context);
  const rows = await wholeGroups(
    tx,
    seen.map(({ id }) => id),
  );
  const found: GroupRow[] = [];
  for (const { id, version } of seen) {
    const row = rows.get(id);
    if (row === undefined) throw new EngineError('conflict', `One of the items ${await whyMoved(tx, id)}. Look again.`);
    const named = `“${row.title.slice(0, 120)}”`;
    if (row.version !== version) {
      throw new EngineError('conflict', `${named} ${await whyMoved(tx, id)}. Look at it again before you decide.`);
    }
    if (row.is_open === 0) throw new EngineError('conflict', `${named} is closed. Reopen it first.`);
    if (row.assignee_id !== null && row.assignee_id !== by.id && !by.isLead) {
      throw new EngineError('forbidden', `${named} is with somebody else. They or a lead can join or split it.`);
    }
    found.push(row);
  }
  return found;
}
