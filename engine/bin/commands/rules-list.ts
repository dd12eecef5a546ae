import type { RuleSummary } from '../../../shared/model/rule.ts';
import type { Command } from '../command.ts';
import { count, table, utc } from '../terminal.ts';

const WINDOW_DAYS = 30;
const DAY_MS = 86_400_000;

export const rulesListCommand: Command = {
  name: 'rules list',
  usage: '',
  summary: 'Show the rules of this workspace and what they did in the last 30 days',
  flags: {},
  async run({ terminal, engine }) {
    const { client } = await engine();
    const { nowMs } = await client.workspace.get({});
    const summary = await client.automation.summary({ sinceMs: nowMs - WINDOW_DAYS * DAY_MS });
    const { rules, paused, sinceMs, asOfMs } = summary;
    const text = rules.length === 0 ? 'There are no rules.\n' : describe(rules, paused, terminal.columns);
    return { json: { sinceMs, asOfMs, paused, rules }, text, isOk: true };
  },
};

function describe(rules: readonly RuleSummary[], isPaused: boolean, width: number | null): string {
  const text = table(
    [
      { title: 'Rule', isElastic: true, cell: (rule) => rule.title },
      { title: 'Status', cell: (rule) => rule.status },
      { title: 'Owner', cell: (rule) => rule.owner },
      { title: 'Expires', cell: (rule) => rule.expires ?? '' },
      { title: 'Matched', align: 'right', cell: (rule) => count(rule.hits) },
      { title: 'Closed', align: 'right', cell: (rule) => count(rule.closed) },
      { title: 'Withheld', align: 'right', cell: (rule) => count(rule.withheld) },
      { title: 'Last', cell: (rule) => utc(rule.lastHitAtMs) },
    ],
    rules,
    width,
  );
  const problems = rules.flatMap((rule) => rule.problems.map((problem) => `${rule.title}: ${problem}`));
  return [
    text,
    ...problems,
    ...(isPaused ? ['Automation is paused: rules say what they would do and do nothing.'] : []),
  ]
    .join('\n')
    .concat(problems.length > 0 || isPaused ? '\n' : '');
}
