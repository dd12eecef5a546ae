import { type DeadLetter, REJECT_REASONS } from '../../../shared/model/ingest.ts';
import type { EngineClient } from '../../serve/in-process.ts';
import { type ParsedArguments, UsageError } from '../arguments.ts';
import type { Command, CommandResult } from '../command.ts';
import { count, countOf, utc, visible } from '../terminal.ts';
import { statementFor } from './decision-statement.ts';

const PAGE = 500;
const TEXT_SHOWN = 160;

type Filter = Parameters<EngineClient['sources']['deadLetters']>[0]['filter'];

export const rejectsCommand: Command = {
  name: 'rejects',
  usage: '',
  summary: 'Show what could not be read, read it again, or discard it',
  flags: {
    limit: { value: 'N', help: 'how many to show, newest first (50)' },
    origin: { value: 'NAME', help: 'only of this source or file' },
    reason: { value: 'REASON', help: 'only with this reason, such as unknown_format' },
    text: { value: 'TEXT', help: 'only with these words in the text or the message' },
    'read-again': { value: null, help: 'read all that match again; what reads now is stored and leaves the list' },
    format: { value: 'FORMAT', help: 'with --read-again: as this format' },
    discard: { value: null, help: 'take all that match off the list' },
  },
  async run({ args, engine }) {
    const filter = filterOf(args);
    if (args.isSet('read-again') && args.isSet('discard')) {
      throw new UsageError('Say --read-again or --discard, not both.');
    }
    const limit = args.whole('limit', 50, 1, 1_000_000);
    const { client } = await engine();
    if (args.isSet('read-again')) return readAgain(client, filter, args.text('format') ?? 'auto');
    if (args.isSet('discard')) return discard(client, filter);
    return show(client, filter, limit);
  },
};

function filterOf(args: ParsedArguments): NonNullable<Filter> {
  const reason = args.text('reason');
  const known = REJECT_REASONS.find((each) => each === reason);
  if (reason !== undefined && known === undefined) {
    throw new UsageError(`There is no reason "${reason}". There are: ${REJECT_REASONS.join(', ')}.`);
  }
  return { origin: args.text('origin') ?? null, reason: known ?? null, text: args.text('text') ?? null };
}

async function readAgain(client: EngineClient, filter: Filter, format: string): Promise<CommandResult> {
  const statement = statementFor('letters.read_again');
  const answer = await client.sources.readAgain({ statement, ids: null, filter, format });
  const { report, changed, left, skipped, summary } = answer;
  const reasons = skipped.slice(0, 10).map(({ id, reason }) => `  ${id}: ${visible(reason)}\n`);
  const text = `${visible(summary)}\n${countOf(report.stored, 'alert')} stored, ${count(report.updated)} changed, ${count(report.duplicates)} known already.\n${reasons.join('')}`;
  return { json: { read: changed, left, report, skipped }, text, isOk: left === 0 };
}

async function discard(client: EngineClient, filter: Filter): Promise<CommandResult> {
  const { changed, summary } = await client.sources.discard({
    statement: statementFor('letters.discard'),
    ids: null,
    filter,
  });
  return { json: { discarded: changed }, text: `${visible(summary)}.\n`, isOk: true };
}

async function show(client: EngineClient, filter: Filter, limit: number): Promise<CommandResult> {
  const items: DeadLetter[] = [];
  let cursor: string | null = null;
  let total = 0;
  do {
    const page: Awaited<ReturnType<EngineClient['sources']['deadLetters']>> = await client.sources.deadLetters({
      filter,
      cursor,
      limit: Math.min(PAGE, limit - items.length),
    });
    total = page.total;
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { json: { total, items }, text: describe(items, total), isOk: true };
}

function describe(items: readonly DeadLetter[], total: number): string {
  if (total === 0) return 'Nothing here: everything that came in could be read, or nothing matched.\n';
  const blocks = items.map((item) => {
    const place = item.line === null ? '' : `:${item.line}${item.column === null ? '' : `:${item.column}`}`;
    const text = visible(item.text.slice(0, TEXT_SHOWN));
    return `${visible(item.origin)}${place}  ${item.reason}\n  ${visible(item.message)} (${utc(item.atMs)}, ${count(item.bytes)} bytes)\n  ${text}${item.text.length > TEXT_SHOWN ? '…' : ''}\n`;
  });
  return `${blocks.join('\n')}\n${count(items.length)} of ${count(total)}.\n`;
}
