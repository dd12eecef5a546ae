import { entityInWords } from '../../../shared/domain/explain/entity-words.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import type { QueueFilter, QueueItem, QueueSort } from '../../../shared/model/queue.ts';
import type { EngineClient } from '../../serve/in-process.ts';
import type { Command } from '../command.ts';
import { readWhere } from '../queue-where.ts';
import { count, table, utc } from '../terminal.ts';

const PAGE = 500;

export const queueCommand: Command = {
  name: 'queue',
  usage: '',
  summary: 'Show what waits, in the order of work',
  flags: {
    view: { value: 'NAME', help: 'a saved view' },
    where: {
      value: 'TEXT',
      help: 'words to search for, and severity:, status:, tier:, product:, priority:, assignee:, state:, tag:, site:, entity:, rule:',
    },
    limit: { value: 'N', help: 'how many items to show (20)' },
  },
  async run({ args, terminal, engine }) {
    const limit = args.whole('limit', 20, 1, 1_000_000);
    const where = args.text('where');
    const { client } = await engine();
    const view = await findView(client, args.text('view'));
    const filter = readWhere(where ?? '', view?.filter);
    const { items, total } = await firstItems(client, filter, view?.sort ?? 'priority', limit);
    const shown = items.map((item) => ({
      ...item,
      id: item.ref,
      groupId: item.id,
      priority: item.priorityLevel,
      assignee: item.assigneeId,
    }));
    const all = total === null ? 'more than 10 000' : count(total);
    const text =
      items.length === 0
        ? 'Nothing here. Everything that matches is done, or nothing matched.\n'
        : `${describe(items, terminal.columns)}\n${count(items.length)} of ${all}.\n`;
    return { json: { total, items: shown }, text, isOk: true };
  },
};

async function findView(
  client: EngineClient,
  name: string | undefined,
): Promise<{ filter: QueueFilter; sort: QueueSort } | null> {
  if (name === undefined) return null;
  const views = await client.queue.views({});
  const found = views.find((view) => view.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const known = views.map((view) => view.name).join(', ');
  throw new EngineError('not_found', `There is no view "${name}".${known === '' ? '' : ` There are: ${known}.`}`);
}

async function firstItems(client: EngineClient, filter: QueueFilter, sort: QueueSort, limit: number) {
  const items: QueueItem[] = [];
  let cursor: string | null = null;
  let total: number | null = null;
  do {
    const page: Awaited<ReturnType<EngineClient['queue']['list']>> = await client.queue.list({
      filter,
      sort,
      cursor,
      limit: Math.min(PAGE, limit - items.length),
    });
    if (items.length === 0) total = page.total;
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { items, total };
}

function describe(items: readonly QueueItem[], width: number | null): string {
  return table(
    [
      { title: 'Id', cell: (item) => item.ref },
      { title: 'Pri', cell: (item) => item.priorityLevel },
      { title: 'Severity', cell: (item) => item.severity },
      { title: 'Title', isElastic: true, cell: (item) => item.title },
      { title: 'Entity', cell: (item) => entityInWords(item).slice(0, 40) },
      { title: 'Alerts', align: 'right', cell: (item) => count(item.count) },
      { title: 'Status', cell: (item) => item.status },
      { title: 'Tier', cell: (item) => item.tier },
      { title: 'Owner', cell: (item) => item.assigneeId ?? '' },
      { title: 'Last seen', cell: (item) => utc(item.lastObservedAtMs) },
    ],
    items,
    width,
  );
}
