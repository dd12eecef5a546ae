import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { type SourcePreview, sourceDraftSchema } from '../../../shared/model/source.ts';
import type { Command } from '../command.ts';
import { utc, visible } from '../terminal.ts';
import { sourceNamed } from './sources.ts';

export const sourcesTestCommand: Command = {
  name: 'sources test',
  usage: 'NAME',
  summary: 'Try a source and show its first records as they would be stored; stores nothing',
  flags: {
    wait: { value: 'SECONDS', help: 'how long to wait for the first record (15)' },
    sample: { value: 'FILE', help: 'read this file instead, or - for standard input' },
  },
  async run({ args, engine, stdin }) {
    const waitSeconds = args.whole('wait', 15, 1, 60);
    const path = args.text('sample');
    const { client } = await engine();
    const { source } = await sourceNamed(client, args, 'sources test');
    const sample = path === undefined ? null : path === '-' ? await textOf(stdin) : await readFile(path, 'utf8');
    const draft = sourceDraftSchema.parse(source);
    const answer = await client.sources.test({ draft, id: source.id, sample, waitSeconds });
    const text = `${visible(answer.message)}\n${answer.records.map(describe).join('')}`;
    return { json: answer, text, isOk: answer.isReached };
  },
};

function describe(record: SourcePreview): string {
  const { outcome, format, why, title, severity, observedAtMs, ruleName, entity, warnings, text } = record;
  if (outcome !== 'alert')
    return `\n${outcome === 'skip' ? 'no alert' : 'not read'}: ${visible(why ?? '')}\n  ${visible(text.slice(0, 160))}\n`;
  const facts = [format, utc(observedAtMs), ruleName, entity].filter((fact) => fact !== null && fact !== '');
  const lines = warnings.map((warning) => `  ${visible(warning)}\n`);
  return `\n${severity}  ${visible(title ?? '')}\n  ${visible(facts.join(' · '))}\n${lines.join('')}`;
}
