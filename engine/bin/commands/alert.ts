import { entityInWords } from '../../../shared/domain/explain/entity-words.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import { formatId, parseId } from '../../../shared/model/ids.ts';
import type { GroupDetail } from '../../../shared/model/queue.ts';
import type { EngineClient } from '../../serve/in-process.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { countOf, table, utc, visible, visibleLines } from '../terminal.ts';

type AlertRecord = Awaited<ReturnType<EngineClient['alert']['get']>>;

export const alertCommand: Command = {
  name: 'alert',
  usage: 'ID',
  summary: 'Everything known about one alert (alr_…) or alert group (grp_…), with the reasons',
  flags: { original: { value: null, help: 'print the original text too' } },
  async run({ args, engine }) {
    const [id, ...rest] = args.positionals;
    if (id === undefined || rest.length > 0) throw new UsageError('Name one alert (alr_…) or alert group (grp_…).');
    const groupId = parseId('grp', id);
    const alertId = groupId === null ? parseId('alr', id) : null;
    if (groupId === null && alertId === null)
      throw new UsageError(`"${id}" is no id. Ids look like ${formatId('grp', 42)} or ${formatId('alr', 42)}.`);
    const { client } = await engine();
    const alert = alertId === null ? null : await client.alert.get({ id: alertId });
    const wantedGroup = alert?.groupId ?? groupId;
    if (wantedGroup === null) throw new EngineError('not_found', 'There is no such alert.');
    const group = await client.queue.get({ id: wantedGroup });
    const first = alertId ?? group.alerts[0]?.id ?? null;
    const record = alert ?? (first === null ? null : await client.alert.get({ id: first }));
    const found = args.isSet('original') && first !== null ? await client.alert.original({ id: first }) : null;
    const original = found === null ? null : (found.notice ?? found.text);
    return {
      json: { group, alert: record, ...(original === null ? {} : { original }) },
      text: describe(group, record, original),
      isOk: true,
    };
  },
};

function describe(group: GroupDetail, alert: AlertRecord | null, original: string | null): string {
  const { item, priority } = group;
  const lines = [
    `${item.ref}  ${visible(item.title)}`,
    `${item.severity} · ${item.priorityLevel} (${item.priorityPoints.toFixed(1)}) · ${item.status}${item.disposition === null ? '' : ` as ${item.disposition}`} · ${item.tier} · ${item.assigneeId ?? 'unowned'}`,
    `${visible(entityInWords(item))} · ${countOf(item.count, 'alert')} · ${utc(item.firstObservedAtMs)} to ${utc(item.lastObservedAtMs)} · ${item.product}`,
    '',
    'Why it is here',
    indent(group.why),
    '',
    'What happened',
    indent(group.story),
    '',
    'Priority',
    indent(
      table(
        [
          { title: 'Factor', cell: (term) => term.label },
          { title: 'Value', cell: (term) => term.value },
          { title: 'Points', align: 'right', cell: (term) => term.points },
        ],
        priorityRows(priority),
        null,
      ),
    ),
    '',
    'Rules',
    ...(group.rules.length === 0
      ? ['  No rule matched.']
      : group.rules.map((rule) =>
          indent(
            `${rule.mode}: ${rule.title} (version ${rule.ruleVersion}, ${rule.owner})${rule.why === null ? '' : ` — ${rule.why}`}\n${rule.matched.map((match) => `  ${match.field} ${match.pattern}: ${match.value}`).join('\n')}`,
          ),
        )),
    '',
    'Timeline',
    ...(group.timeline.length === 0
      ? ['  Nothing was decided yet.']
      : group.timeline.map((entry) =>
          indent(`${utc(entry.atMs)}  ${entry.actor.name}: ${entry.text}${entry.undone ? ' (undone)' : ''}`),
        )),
  ];
  if (alert !== null) {
    lines.push(
      '',
      `Fields of ${alert.alert.ref}`,
      indent(
        table(
          [
            { title: 'Name', cell: (field) => field.name },
            { title: 'Value', cell: (field) => field.value },
          ],
          alert.fields,
          null,
        ),
      ),
    );
    for (const warning of alert.warnings) lines.push(indent(`warning: ${warning.field}: ${warning.message}`));
  }
  if (original !== null) lines.push('', 'Original', visibleLines(original));
  return `${lines.join('\n')}\n`;
}

function priorityRows(priority: GroupDetail['priority']): { label: string; value: string; points: string }[] {
  return priority.terms.map((term) => ({
    label: term.factor,
    value: term.known ? term.reason : 'unknown',
    points: term.points.toFixed(1),
  }));
}

function indent(text: string): string {
  return visibleLines(text)
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
