import { EngineError } from '../../shared/model/errors.ts';
import type { Person } from '../../shared/model/people.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { replaceAssets, replaceIdentities, replaceLookup } from '../store/entity-lists.ts';
import { listPeople, replaceDuties, replacePeople } from '../store/people.ts';
import { type ListProblem, readAssets, readIdentities, readLookup } from '../triage/lists-csv.ts';
import { readPeople, readRota } from '../workload/roster-import.ts';

type Input = InputOf<'sources', 'importList'>;

interface Import {
  rows: number;
  problems: ListProblem[];
  /** "Imported 120 assets": for the toast and the ledger. */
  summary: string;
}

/** Lists that triage reads: it has to read them again after such an import. */
export function isTriageList(kind: Input['kind']): boolean {
  return kind === 'assets' || kind === 'identities' || kind === 'lookup';
}

/**
 * Replaces one list by what a CSV text says. Rows that cannot be read are named by line and left out; when no row can
 * be read nothing is replaced, since an empty list of assets would make everything unknown in one stroke.
 */
export async function importList(context: CommandContext, input: Input): Promise<OutputOf<'sources', 'importList'>> {
  const kind = isTriageList(input.kind) ? 'lists.import' : 'roster.import';
  checkStatement(input.statement, kind, null);
  const { rows, problems, summary } = await IMPORTS[input.kind](context, input);
  context.touch(isTriageList(input.kind) ? 'lists' : 'roster');
  const decisionId = await context.record({
    kind,
    statement: input.statement,
    summary,
    subjects: [],
  });
  return { decisionId, changed: rows, skipped: [], summary, seq: 0, rows, problems };
}

const IMPORTS: Record<Input['kind'], (context: CommandContext, input: Input) => Promise<Import>> = {
  assets: async ({ tx }, { csv }) => {
    const { rows, problems } = readAssets(csv);
    refuseEmpty(rows, problems);
    await replaceAssets(tx, rows);
    return { rows: rows.length, problems, summary: `Imported ${counted(rows.length, 'asset')}` };
  },
  identities: async ({ tx }, { csv }) => {
    const { rows, problems } = readIdentities(csv);
    refuseEmpty(rows, problems);
    await replaceIdentities(tx, rows);
    return { rows: rows.length, problems, summary: `Imported ${counted(rows.length, 'identity', 'identities')}` };
  },
  lookup: async ({ tx }, { csv, name }) => {
    if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)) {
      throw new EngineError('invalid_input', 'Name the lookup list with letters, digits, dots or hyphens.');
    }
    const { rows, problems } = readLookup(csv);
    refuseEmpty(rows, problems);
    await replaceLookup(tx, name, rows);
    return {
      rows: rows.length,
      problems,
      summary: `Imported ${counted(rows.length, 'entry', 'entries')} into ${name}`,
    };
  },
  people: importPeople,
  roster: importRota,
};

/** Roles come with people, so that this is an admin's; somebody has to stay who can do it again. */
async function importPeople({ tx, actor }: CommandContext, { csv }: Input): Promise<Import> {
  // `system` is the account that owns the data folder, from its terminal: without it there would be no first admin.
  if (actor.kind === 'rule' || (actor.kind === 'person' && !actor.roles.includes('admin'))) {
    throw new EngineError('forbidden', 'Only an admin may change who is on the team: roles come with it.');
  }
  const { values, problems } = readPeople(csv);
  refuseEmpty(values, problems);
  if (!values.some((person) => person.roles.includes('admin'))) {
    throw new EngineError('invalid_input', 'Nobody in this list has the role admin. Add it to at least one person.');
  }
  await replacePeople(tx, values);
  return { rows: values.length, problems, summary: `Imported ${counted(values.length, 'person', 'people')}` };
}

async function importRota({ tx }: CommandContext, { csv }: Input): Promise<Import> {
  const people: Person[] = await listPeople(tx);
  const { values, problems } = readRota(csv, people);
  refuseEmpty(values, problems);
  const fromMs = Math.min(...values.map((duty) => duty.startsAtMs));
  await replaceDuties(tx, values, fromMs);
  const day = new Date(fromMs).toISOString().slice(0, 10);
  return {
    rows: values.length,
    problems,
    summary: `Imported ${counted(values.length, 'duty', 'duties')}; the rota from ${day} on is new`,
  };
}

function refuseEmpty(rows: readonly unknown[], problems: readonly ListProblem[]): void {
  if (rows.length > 0) return;
  const first = problems[0];
  const why = first === undefined ? 'it has no rows.' : `line ${first.line}: ${first.message}`;
  throw new EngineError('invalid_input', `Nothing was imported, the list stays as it was: ${why}`);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
