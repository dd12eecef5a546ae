import type { DeadLetter } from '../../../shared/model/ingest.ts';
import type { EngineClient } from '../../serve/in-process.ts';
import type { Command } from '../command.ts';
import { count, utc, visible } from '../terminal.ts';

const PAGE = 500;
const TEXT_SHOWN = 160;

export const rejectsCommand: Command = {
  name: 'rejects',
  usage: '',
  summary: 'Show what could not be read: where, why, and the text',
  flags: { limit: { value: 'N', help: 'how many to show, newest first (50)' } },
  async run({ args, engine }) {
    const limit = args.whole('limit', 50, 1, 1_000_000);
    const { client } = await engine();
    const items: DeadLetter[] = [];
    let cursor: string | null = null;
    let total = 0;
    do {
      const page: Awaited<ReturnType<EngineClient['sources']['deadLetters']>> = await client.sources.deadLetters({
        cursor,
        limit: Math.min(PAGE, limit - items.length),
      });
      total = page.total;
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < limit);
    return { json: { total, items }, text: describe(items, total), isOk: true };
  },
};

function describe(items: readonly DeadLetter[], total: number): string {
  if (total === 0) return 'Everything that came in could be read.\n';
  const blocks = items.map((item) => {
    const place = item.line === null ? '' : `:${item.line}${item.column === null ? '' : `:${item.column}`}`;
    const text = visible(item.text.slice(0, TEXT_SHOWN));
    return `${visible(item.origin)}${place}  ${item.reason}\n  ${visible(item.message)} (${utc(item.atMs)}, ${count(item.bytes)} bytes)\n  ${text}${item.text.length > TEXT_SHOWN ? '…' : ''}\n`;
  });
  return `${blocks.join('\n')}\n${count(items.length)} of ${count(total)}.\n`;
}
