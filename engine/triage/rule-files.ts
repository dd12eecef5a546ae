import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseRules } from '../../shared/domain/rules/parse-rule.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import type { RuleProblem } from '../../shared/domain/rules/rule-problem.ts';
import { RULE_TEXT_MAX_BYTES } from '../../shared/domain/rules/yaml-source.ts';

const FILES_MAX = 20_000;
const DEPTH_MAX = 20;

export interface FileProblem extends RuleProblem {
  path: string;
}

export interface LoadedRule {
  path: string;
  rule: RuleDocument;
}

export interface RuleFiles {
  rules: LoadedRule[];
  problems: FileProblem[];
  /** Files that were read. */
  files: string[];
}

/**
 * Reads rule files: `*.yml` and `*.yaml` below folders (links are not followed), or files named one by one; tests
 * in `*.test.yml` are left to the check. What cannot be read is a problem with its place, and the rest goes on.
 * Two rules with one id are a problem of the second, and only the first counts.
 */
export function readRuleFiles(paths: readonly string[]): RuleFiles {
  const found: RuleFiles = { rules: [], problems: [], files: [] };
  for (const path of paths) collectRuleFiles(path, found);
  const seen = new Map<string, string>();
  for (const path of found.files) {
    const text = readText(path, found.problems);
    if (text === null) continue;
    for (const { rule, problems } of parseRules(text)) {
      for (const problem of problems) found.problems.push({ path, ...problem });
      if (rule === null) continue;
      const before = seen.get(rule.id);
      if (before === undefined) {
        seen.set(rule.id, path);
        found.rules.push({ path, rule });
      } else {
        const place = rule.places.get('id') ?? { line: 1, column: 1 };
        const message = `The id ${rule.id} is that of a rule in ${before}. Give this one an id of its own.`;
        found.problems.push({ path, level: 'error', ...place, message });
      }
    }
  }
  return found;
}

/**
 * Adds the files that a path comes to: itself, or what a folder holds by the name that `isMeant` asks for. Links in
 * folders are not followed.
 */
export function collectRuleFiles(
  path: string,
  found: { files: string[]; problems: FileProblem[] },
  isMeant: (path: string) => boolean = isRuleFile,
  depth = 0,
): void {
  const isNamed = depth === 0;
  try {
    // A file that somebody names may be a link; one that a folder holds may not lead out of it.
    const stat = isNamed ? statSync(path) : lstatSync(path);
    if (stat.isDirectory()) {
      if (depth > DEPTH_MAX) report(found.problems, path, `Folders are nested more than ${DEPTH_MAX} deep.`);
      else for (const name of readdirSync(path).sort()) collectRuleFiles(join(path, name), found, isMeant, depth + 1);
    } else if (stat.isFile() && (isNamed || isMeant(path))) {
      if (found.files.length < FILES_MAX) found.files.push(path);
      else if (found.files.length === FILES_MAX) report(found.problems, path, `Only ${FILES_MAX} files are read.`);
    } else if (isNamed) {
      report(found.problems, path, 'This is neither a file nor a folder.');
    }
  } catch (error) {
    report(found.problems, path, reasonOf(error));
  }
}

function isRuleFile(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !/\.test\.ya?ml$/i.test(path);
}

/** The text of a file up to the limit for rules; null and a problem when it cannot be read. */
export function readText(path: string, problems: FileProblem[]): string | null {
  try {
    if (statSync(path).size > RULE_TEXT_MAX_BYTES) {
      report(problems, path, 'A rule file is at most 1 MB. Split it.');
      return null;
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    return text;
  } catch (error) {
    report(problems, path, reasonOf(error));
    return null;
  }
}

function report(problems: FileProblem[], path: string, message: string): void {
  problems.push({ path, level: 'error', line: 1, column: 1, message });
}

/** Why a file cannot be read, and what to do. */
export function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'This file is not UTF-8 text. Save it as UTF-8.';
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'There is no such file or folder. Check the name.';
  if (code === 'EACCES' || code === 'EPERM') return 'There is no permission to read it. Change the permission.';
  return `It cannot be read: ${error instanceof Error ? error.message : 'unknown fault'}.`;
}
