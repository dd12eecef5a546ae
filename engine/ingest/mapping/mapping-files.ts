import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MappingDocument } from '../../../shared/domain/mapping/mapping-document.ts';
import { parseMapping } from '../../../shared/domain/mapping/parse-mapping.ts';
import type { RuleProblem } from '../../../shared/domain/rules/rule-problem.ts';
import { RULE_TEXT_MAX_BYTES } from '../../../shared/domain/rules/yaml-source.ts';
import type { AlertFormat } from '../format.ts';
import { BUILT_IN, type FormatCatalogue } from '../formats/index.ts';
import { compileMapping } from './compile-mapping.ts';
import { catalogueOfMappings } from './mapping-catalogue.ts';

/** More files than this were not written by people. */
const FILES_MAX = 500;
/** All files of a folder together: they are read again every few seconds. */
const FOLDER_MAX_BYTES = 8 * RULE_TEXT_MAX_BYTES;

/** Where mapping files lie; null where there is no such folder. Those of one's own are asked first. */
export interface MappingDirs {
  own: string | null;
  program: string | null;
}

export const NO_MAPPING_DIRS: MappingDirs = { own: null, program: null };

export interface MappingProblem extends RuleProblem {
  path: string;
  /** True when the file cannot be used and what it said before goes on being in force. */
  isOldInForce?: boolean;
}

export interface LoadedMapping {
  path: string;
  isOwn: boolean;
  text: string;
  mapping: MappingDocument;
  format: AlertFormat;
}

export interface MappingFiles {
  mappings: LoadedMapping[];
  problems: MappingProblem[];
}

/** One file as it was read, before anything is made of it. Plain JSON, so that it can be told to another thread. */
export interface MappingFile {
  path: string;
  isOwn: boolean;
  /** Null when it cannot be read as text; `problem` says why. */
  text: string | null;
  problem: string | null;
}

export interface MappingReading {
  files: MappingFile[];
  /** Of folders, and of files that were named. */
  problems: MappingProblem[];
  /** False when the workspace's own folder is there and cannot be looked into: then nothing was removed. */
  isOwnKnown: boolean;
}

/** Reads the texts of the mapping files (`*.yml`, `*.yaml`) directly in these folders, in the order of their names. */
export function readMappingDirs({ own, program }: MappingDirs): MappingReading {
  const reading: MappingReading = { files: [], problems: [], isOwnKnown: true };
  if (own !== null) {
    readPlace(own, true, reading);
    reading.isOwnKnown = reading.problems.every(({ path }) => path !== own) || reading.files.length > 0;
  }
  if (program !== null) readPlace(program, false, reading);
  return reading;
}

/**
 * Reads the mapping files directly in these folders, or files that are named. A folder that is not there holds none.
 * One that cannot be used is a problem with its place, and the others go on; of two with one name the first counts.
 */
export function readMappingFiles(paths: readonly string[]): MappingFiles {
  const reading: MappingReading = { files: [], problems: [], isOwnKnown: true };
  for (const path of paths) readPlace(path, true, reading);
  return settleMappings(reading, new Map());
}

/**
 * What is in force by these files. `before` holds the texts that are in force, by the names of the workspace's files: a
 * file of theirs that cannot be used leaves its own in force.
 */
export function settleMappings(reading: MappingReading, before: ReadonlyMap<string, string>): MappingFiles {
  const found: MappingFiles = { mappings: [], problems: [...reading.problems] };
  const kept: MappingFile[] = reading.isOwnKnown
    ? []
    : [...before].map(([file, text]) => ({ path: file, isOwn: true, text, problem: null }));
  for (const file of [...kept, ...reading.files]) settleOne(file, before, found);
  return found;
}

function settleOne(file: MappingFile, before: ReadonlyMap<string, string>, found: MappingFiles): void {
  const { path, isOwn } = file;
  const problems: MappingProblem[] = [];
  if (file.problem !== null) report(problems, path, file.problem);
  const loaded = file.text === null ? null : usable(file, file.text, found, problems);
  if (loaded !== null) found.mappings.push(loaded);
  else if (isOwn) {
    const old = before.get(basename(path));
    const last = old === undefined ? null : usable(file, old, found, []);
    if (last !== null) found.mappings.push(last);
    for (const problem of problems) problem.isOldInForce = last !== null;
  }
  found.problems.push(...problems);
}

/** The mapping of this text, if it can be used beside those that were found before. */
function usable(
  { path, isOwn }: MappingFile,
  text: string,
  { mappings }: MappingFiles,
  problems: MappingProblem[],
): LoadedMapping | null {
  const parsed = parseMapping(text);
  for (const problem of parsed.problems) problems.push({ path, ...problem });
  const { mapping } = parsed;
  if (mapping === null) return null;
  const other = mappings.find((one) => one.mapping.name === mapping.name)?.path;
  if (BUILT_IN.named(mapping.name) !== null) {
    report(problems, path, `"${mapping.name}" is the name of a format of this program. Choose another name.`);
    return null;
  }
  if (other !== undefined) {
    report(problems, path, `"${mapping.name}" is the name of the mapping in ${other}. Choose another name.`);
    return null;
  }
  return { path, isOwn, text, mapping, format: compileMapping(mapping) };
}

function readPlace(path: string, isOwn: boolean, reading: MappingReading): void {
  let left = FOLDER_MAX_BYTES;
  for (const file of filesAt(path, reading.problems)) {
    const read = readText(file, left);
    left -= Buffer.byteLength(read.text ?? '');
    reading.files.push({ path: file, isOwn, ...read });
  }
}

function filesAt(path: string, problems: MappingProblem[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    // A folder's own files only: a link could lead out of it.
    const names = readdirSync(path).filter((name) => /\.ya?ml$/i.test(name) && isPlainFile(join(path, name)));
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

/** False also for one that was taken away since the folder was listed. */
function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readText(path: string, maxBytes: number): Pick<MappingFile, 'text' | 'problem'> {
  try {
    const { size } = statSync(path);
    if (size > RULE_TEXT_MAX_BYTES) return { text: null, problem: 'A mapping file is at most 1 MB. Split it.' };
    if (size > maxBytes) {
      return {
        text: null,
        problem: 'The mapping files before it come to 8 MB, which is all that is read. Take some away.',
      };
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)), problem: null };
  } catch (error) {
    return { text: null, problem: reasonOf(error) };
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

/** The formats of a workspace by the files as they lie there: for commands that ask no running engine. */
export function loadCatalogue(dirs: MappingDirs): LoadedCatalogue {
  const files = settleMappings(readMappingDirs(dirs), new Map());
  const inForce = files.mappings.map(({ text }) => text);
  return { ...files, catalogue: catalogueOfMappings({ inForce, earlier: [] }) };
}
