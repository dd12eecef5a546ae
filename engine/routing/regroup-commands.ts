import { itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { digestBytes, shortDigest } from '../ingest/pipeline-classify.ts';
import type { GroupRow } from '../ingest/pipeline-group.ts';
import { alertsById } from '../store/alerts.ts';
import { type GroupLink, homesOf } from '../store/group-links.ts';
import { reserveIds } from '../store/ids.ts';
import { wholeGroups, withQuestions } from '../store/regroup.ts';
import { checkStatement, decidedBy } from './decide.ts';
import { joinedRow, regroup, subjectsOf } from './regroup.ts';
import type { RegroupDeps } from './regroup-content.ts';
import { whyMoved } from './selection.ts';

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
  { statement, id, version, alertIds }: InputOf<'decisions', 'split'>,
): Promise<OutputOf<'decisions', 'split'>> {
  const { tx } = context;
  checkStatement(statement, 'group.split', [id]);
  const [row] = await openRows(context, [{ id, version }]);
  if (row === undefined) throw new EngineError('not_found', 'This item does not exist.');
  const wanted = [...new Set(alertIds)].sort((a, b) => a - b);
  const homes = new Set(await homesOf(tx, id));
  const alerts = (await alertsById(tx, wanted)).filter((alert) => homes.has(alert.group_id));
  if (alerts.length < wanted.length) {
    throw new EngineError('conflict', 'Some of these alerts are not in this item any more. Look at it again.');
  }
  if (alerts.length >= row.count) {
    throw new EngineError('invalid_input', 'These are all of its alerts. Leave at least one, or decide on the item.');
  }
  const partId = await reserveIds(tx, 'alert_group', 1);
  const part: GroupRow = {
    ...row,
    id: partId,
    key: digestBytes(shortDigest(`split\u0000${partId}`)),
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
  const summary = `Split ${n} off into an item of their own`;
  return { decisionId, changed: 2, skipped: [], summary, seq: 0, groupId: partId };
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
