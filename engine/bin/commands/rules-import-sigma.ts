import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { type CommunityImport, type CommunityRule, importCommunityRules } from '../../triage/community-rules.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { count, countOf, table, visible } from '../terminal.ts';

const SHOWN = 50;

export const rulesImportSigmaCommand: Command = {
  name: 'rules import-sigma',
  usage: 'FILE|DIR…',
  summary: 'Read community Sigma rules as drafts that mark and never close, and say which cannot be read',
  flags: {
    out: { value: 'DIR', help: 'write each rule that could be read as a file of its own into this folder' },
  },
  async run({ args }) {
    const paths = args.positionals;
    if (paths.length === 0) throw new UsageError('Name the files of Sigma rules, or folders of them.');
    for (const path of paths) {
      if (!existsSync(path)) throw new EngineError('not_found', `${path}: There is no such file. Check the name.`);
    }
    const unmapped = new Map<string, number>();
    const lists = new Map<string, number>();
    const drafts: CommunityRule[] = [];
    const out = args.text('out');
    const done = importCommunityRules(paths, (rule) => {
      if (rule.rule === null) return;
      for (const name of rule.unmapped) unmapped.set(name, (unmapped.get(name) ?? 0) + 1);
      for (const name of rule.lists) lists.set(name, (lists.get(name) ?? 0) + 1);
      if (out !== undefined) drafts.push(rule);
    });
    const written = out === undefined ? null : await writeDrafts(out, drafts);
    if (written !== null) {
      for (const { path, line, error } of written.failed) {
        done.failed.push({ path, line, error });
        done.parsed--;
      }
    }
    return {
      json: done,
      text: describe(
        done,
        { unmapped, lists },
        written === null || out === undefined ? null : { count: written.count, out },
      ),
      isOk: done.failed.length === 0,
    };
  },
};

/** Each into `<id>.yml`. A file that is there and says something else was worked on by somebody, and is left as it is. */
async function writeDrafts(
  out: string,
  drafts: readonly CommunityRule[],
): Promise<{ count: number; failed: CommunityImport['failed'] }> {
  const failed: CommunityImport['failed'] = [];
  const seen = new Map<string, string>();
  let written = 0;
  try {
    await mkdir(out, { recursive: true });
  } catch (error) {
    throw new EngineError('invalid_input', `${out}: This folder cannot be made: ${reason(error)}.`);
  }
  for (const { path, line, rule } of drafts) {
    if (rule === null) continue;
    const before = seen.get(rule.id);
    if (before !== undefined) {
      failed.push({
        path,
        line,
        error: `The id ${rule.id} is that of a rule in ${before}. Give this one an id of its own.`,
      });
      continue;
    }
    seen.set(rule.id, path);
    const why = await writeDraft(join(out, `${rule.id}.yml`), `${rule.text}\n`);
    if (why === null) written++;
    else failed.push({ path, line, error: why });
  }
  return { count: written, failed };
}

/** Null when the file now says this; otherwise why it does not. */
async function writeDraft(file: string, text: string): Promise<string | null> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return null;
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) return `The draft cannot be written: ${reason(error)}.`;
    if ((await readFile(file, 'utf8')) === text) return null;
    return `${basename(file)} is there already and says something else, so it was left as it is. Remove it to have it written anew.`;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(
  done: CommunityImport,
  { unmapped, lists }: { unmapped: ReadonlyMap<string, number>; lists: ReadonlyMap<string, number> },
  written: { count: number; out: string } | null,
): string {
  const failures = done.failed
    .slice(0, SHOWN)
    .map(({ path, line, error }) => `${visible(path)}:${line} ${visible(error)}`);
  if (done.failed.length > SHOWN) failures.push(`${count(done.failed.length - SHOWN)} more; --json has all of them.`);
  const lines = [...failures, ...(failures.length > 0 ? [''] : [])];
  lines.push(
    `Read ${countOf(done.rules, 'rule')}: ${count(done.parsed)} can be used as drafts, ${count(done.failed.length)} cannot.`,
  );
  if (written !== null) lines.push(`Wrote ${countOf(written.count, 'file')} to ${visible(written.out)}.`);
  const unknown = Object.entries(done.unsupported);
  if (unknown.length > 0) {
    lines.push(
      `Modifiers that nobody knows: ${unknown.map(([name, times]) => `${visible(name)} (${count(times)})`).join(', ')}.`,
    );
  }
  if (lists.size > 0) {
    const asked = [...lists].map(([name, times]) => `%${visible(name)}% (${count(times)})`).join(', ');
    lines.push(`Lookup lists that rules ask for, to be imported before these can match: ${asked}.`);
  }
  const names = [...unmapped].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (names.length === 0) return `${lines.join('\n')}\n`;
  const rows = table(
    [
      { title: 'Field without one of ours', cell: ([name]) => `raw.${name}` },
      { title: 'Rules', align: 'right', cell: ([, rules]) => count(rules) },
    ],
    names.slice(0, SHOWN),
    null,
  );
  return `${[...lines, '', rows.trimEnd()].join('\n')}\n`;
}
