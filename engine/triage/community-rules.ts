import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type ImportedRule, importSigmaRules } from '../../shared/domain/rules/import-sigma.ts';
import { collectRuleFiles, type FileProblem, reasonOf } from './rule-files.ts';

/** A stream of thousands of rules is some megabytes; a gzip file may claim to be anything. */
const TEXT_MAX_BYTES = 64 * 1024 * 1024;

export interface FailedRule {
  path: string;
  /** 1-based, in the file. */
  line: number;
  error: string;
}

export interface CommunityRule extends ImportedRule {
  path: string;
}

/** What reading community rules came to. Every rule is either among the parsed or among the failed. */
export interface CommunityImport {
  rules: number;
  parsed: number;
  failed: FailedRule[];
  /** Modifiers that nobody knows, by name, with how often they stand in rules. */
  unsupported: Record<string, number>;
}

/**
 * Reads community rules out of files and folders (`.yml`, `.yaml`, gzipped or not; streams of many rules too), telling
 * `onRule` each one as it is read. A file that cannot be read counts as one failed rule.
 */
export function importCommunityRules(paths: readonly string[], onRule: (rule: CommunityRule) => void): CommunityImport {
  const { files, failed } = listCommunityFiles(paths);
  const unsupported = new Map<string, number>();
  let parsed = 0;
  for (const path of files) {
    const text = readRuleText(path);
    if (typeof text !== 'string') {
      failed.push({ path, line: 1, error: text.problem });
      continue;
    }
    const rules = importSigmaRules(text);
    if (rules.length === 0) failed.push({ path, line: 1, error: 'There is no rule in this file.' });
    for (const rule of rules) {
      for (const name of rule.unknownModifiers) unsupported.set(name, (unsupported.get(name) ?? 0) + 1);
      if (rule.rule === null) failed.push({ path, ...firstError(rule) });
      else parsed++;
      onRule({ path, ...rule });
    }
  }
  return { rules: parsed + failed.length, parsed, failed, unsupported: Object.fromEntries(unsupported) };
}

/** The files of rules that paths come to, gzipped ones too, and what is none. */
export function listCommunityFiles(paths: readonly string[]): { files: string[]; failed: FailedRule[] } {
  const found: { files: string[]; problems: FileProblem[] } = { files: [], problems: [] };
  for (const path of paths) collectRuleFiles(path, found, isCommunityFile);
  const failed = found.problems.map(({ path, line, message }) => ({ path, line, error: message }));
  return { files: [...new Set(found.files)], failed };
}

/** The first error says what to do; that there are more of them, how much. */
function firstError({ problems, line }: ImportedRule): { line: number; error: string } {
  const errors = problems.filter(({ level }) => level === 'error');
  const first = errors[0];
  if (first === undefined) return { line, error: 'This rule cannot be read.' };
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  return { line: first.line, error: `${first.message}${more}` };
}

function isCommunityFile(path: string): boolean {
  return /\.ya?ml(?:\.gz)?$/i.test(path) && !/\.test\.ya?ml(?:\.gz)?$/i.test(path);
}

/** The text of a file of rules, unpacked and decoded, or why there is none. */
export function readRuleText(path: string): string | { problem: string } {
  const tooLarge = { problem: `A file of rules is at most ${TEXT_MAX_BYTES / 1024 / 1024} MB, unpacked. Split it.` };
  try {
    if (statSync(path).size > TEXT_MAX_BYTES) return tooLarge;
    const stored = readFileSync(path);
    const isPacked = stored[0] === 0x1f && stored[1] === 0x8b;
    const bytes = isPacked ? gunzipSync(stored, { maxOutputLength: TEXT_MAX_BYTES }) : stored;
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return tooLarge;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('Z_')) return { problem: 'This gzip file is damaged. Fetch it again.' };
    return { problem: reasonOf(error) };
  }
}

/** By its byte order mark; without one it is UTF-8. */
function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
