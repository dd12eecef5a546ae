import type { MappingInForce, MappingProblem } from '../../../shared/model/mapping.ts';

/** Problems of one file that are shown: the first is mostly the cause of the others. */
const PROBLEMS_SHOWN = 3;

/** A mapping file as the screen shows it. */
export interface MappingFile {
  file: string;
  inForce: MappingInForce | null;
  /** How it stands, in one sentence. */
  sentence: string;
  problems: readonly MappingProblem[];
  /** Problems beyond those. */
  more: number;
}

/** Files with something wrong first, then by name. */
export function mappingFiles({
  inForce,
  problems,
}: {
  inForce: readonly MappingInForce[];
  problems: readonly MappingProblem[];
}): MappingFile[] {
  const names = new Set([...problems, ...inForce].map(({ file }) => file));
  return [...names]
    .map((file) => {
      const own = problems.filter((problem) => problem.file === file);
      const mapping = inForce.find((one) => one.file === file) ?? null;
      const shown = own.slice(0, PROBLEMS_SHOWN);
      return { file, inForce: mapping, sentence: stateOf(own), problems: shown, more: own.length - shown.length };
    })
    .sort((a, b) => b.problems.length - a.problems.length || a.file.localeCompare(b.file));
}

function stateOf(problems: readonly MappingProblem[]): string {
  const errors = problems.filter(({ level }) => level === 'error');
  if (errors.some(({ isOldInForce }) => isOldInForce)) return 'It cannot be used. What it said before stays in force.';
  if (errors.length > 0) return 'It cannot be used.';
  return problems.length > 0 ? 'It is in force, with a warning.' : 'It is in force.';
}

/** "Line 7, column 9". */
export function problemPlace({ line, column }: Pick<MappingProblem, 'line' | 'column'>): string {
  return `Line ${line}, column ${column}`;
}

/** "Acme IDS (acme.yml) was added or changed": what stands before the time of it. */
export function changedMappings(mappings: readonly MappingInForce[]): string {
  const names = mappings.map(({ label, file }) => `${label} (${file})`).join(', ');
  return mappings.length === 1
    ? `The mapping ${names} was added or changed`
    : `Mappings were added or changed: ${names}`;
}
