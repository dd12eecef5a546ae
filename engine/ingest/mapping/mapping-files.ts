import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MappingDocument } from '../../../shared/domain/mapping/mapping-document.ts';
import { parseMapping } from '../../../shared/domain/mapping/parse-mapping.ts';
import type { RuleProblem } from '../../../shared/domain/rules/rule-problem.ts';
import { RULE_TEXT_MAX_BYTES } from '../../../shared/domain/rules/yaml-source.ts';
import type { AlertFormat } from '../format.ts';
import { BUILT_IN, catalogueOf, FORMATS, type FormatCatalogue } from '../formats/index.ts';
import { compileMapping } from './compile-mapping.ts';

/** More files than this were not written by people. */
const FILES_MAX = 500;

export interface MappingProblem extends RuleProblem {
  path: string;
}

export interface LoadedMapping {
  path: string;
  mapping: MappingDocument;
  format: AlertFormat;
}

export interface MappingFiles {
  mappings: LoadedMapping[];
  problems: MappingProblem[];
}

/**
 * Reads the mapping files (`*.yml`, `*.yaml`) directly in these folders, or files that are named. A folder that is not
 * there holds none. One that cannot be used is a problem with its place, and the others go on; of two with one name
 * the first counts.
 */
export function readMappingFiles(paths: readonly string[]): MappingFiles {
  const found: MappingFiles = { mappings: [], problems: [] };
  for (const path of paths.flatMap((given) => filesAt(given, found.problems))) readOne(path, found);
  return found;
}

function readOne(path: string, found: MappingFiles): void {
  const text = readText(path, found.problems);
  if (text === null) return;
  const { mapping, problems } = parseMapping(text);
  for (const problem of problems) found.problems.push({ path, ...problem });
  if (mapping === null) return;
  const before = found.mappings.find((other) => other.mapping.name === mapping.name)?.path;
  if (BUILT_IN.named(mapping.name) !== null) {
    report(found.problems, path, `"${mapping.name}" is the name of a format of this program. Choose another name.`);
  } else if (before !== undefined) {
    report(found.problems, path, `"${mapping.name}" is the name of the mapping in ${before}. Choose another name.`);
  } else {
    found.mappings.push({ path, mapping, format: compileMapping(mapping) });
  }
}

function filesAt(path: string, problems: MappingProblem[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    // A folder's own files only: a link could lead out of it.
    const names = readdirSync(path).filter((name) => /\.ya?ml$/i.test(name) && lstatSync(join(path, name)).isFile());
    if (names.length > FILES_MAX) report(problems, path, `Only ${FILES_MAX} mapping files are read.`);
    return names
      .sort()
      .slice(0, FILES_MAX)
      .map((name) => join(path, name));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing || /\.ya?ml$/i.test(path)) report(problems, path, reasonOf(error));
    return [];
  }
}

function readText(path: string, problems: MappingProblem[]): string | null {
  try {
    if (statSync(path).size > RULE_TEXT_MAX_BYTES) {
      report(problems, path, 'A mapping file is at most 1 MB. Split it.');
      return null;
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    report(problems, path, reasonOf(error));
    return null;
  }
}

function report(problems: MappingProblem[], path: string, message: string): void {
  problems.push({ path, level: 'error', line: 1, column: 1, message });
}

function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'This file is not UTF-8 text. Save it as UTF-8.';
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'There is no such file or folder. Check the name.';
  if (code === 'EACCES' || code === 'EPERM') return 'There is no permission to read it. Change the permission.';
  return `It cannot be read: ${error instanceof Error ? error.message : 'unknown fault'}.`;
}

export interface LoadedCatalogue extends MappingFiles {
  catalogue: FormatCatalogue;
}

/**
 * The formats of a workspace: the mappings of its own first, since whoever wrote one knows their records, then those of
 * the program. `dirs` are the folders of mappings in that order.
 */
export function loadCatalogue(dirs: readonly string[]): LoadedCatalogue {
  const files = readMappingFiles(dirs);
  const formats = files.mappings.map(({ format }) => format);
  return { ...files, catalogue: formats.length === 0 ? BUILT_IN : catalogueOf([...formats, ...FORMATS]) };
}
