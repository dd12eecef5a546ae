import { DUTY_KINDS, type Duty, type Person } from '../../shared/model/people.ts';
import { ROLES, type Role, TIERS, type Tier } from '../../shared/model/vocabulary.ts';
import { type CsvProblem, type CsvRow, readCsvTable } from './csv-table.ts';
import { readRotaTime } from './rota-time.ts';

const HOUR_MS = 3_600_000;
const SHIFT_MAX_MS = 24 * HOUR_MS;
const OTHER_MAX_MS = 92 * 24 * HOUR_MS;
const ITEM_LIMIT_DEFAULT = 12;
const ITEM_LIMIT_MAX = 500;
/** Words of filters, and the name under which commands of a terminal are known. */
export const RESERVED_IDS: ReadonlySet<string> = new Set(['me', 'none', 'terminal']);

export interface Imported<T> {
  values: T[];
  problems: CsvProblem[];
}

/**
 * The team from CSV: `id, name, tier` and, where given, `initials, roles, skills, item_limit`. Roles and skills are
 * separated by `;` or `|`. The order of the lines is the roster order. A row that cannot be read is a problem by line.
 */
export function readPeople(text: string): Imported<Person> {
  const columns = { required: ['id', 'name', 'tier'], optional: ['initials', 'roles', 'skills', 'item_limit'] };
  const { rows, problems } = readCsvTable(text, columns);
  const values: Person[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const person = personOf(row);
    if (typeof person === 'string') problems.push({ line: row.line, message: person });
    else if (seen.has(person.id))
      problems.push({ line: row.line, message: `The id “${person.id}” stands here twice.` });
    else {
      seen.add(person.id);
      values.push(person);
    }
  }
  return { values, problems };
}

function personOf(row: CsvRow): Person | string {
  const id = row.cell('id');
  const name = row.cell('name');
  if (!/^[\p{L}\p{N}._@-]{1,64}$/u.test(id) || RESERVED_IDS.has(id)) {
    return `“${id}” is no id. Use letters, digits, dots or hyphens, such as ana.ruiz.`;
  }
  if (name === '' || name.length > 120) return 'The name is missing or longer than 120 characters.';
  const tier = TIERS.find(
    (known) =>
      known ===
      row
        .cell('tier')
        .toLowerCase()
        .replaceAll(/[\s_-]/g, ''),
  );
  if (tier === undefined) return `“${row.cell('tier')}” is no tier. Use ${TIERS.join(', ')}.`;
  const roles = rolesOf(row.cell('roles'), tier);
  if (typeof roles === 'string') return roles;
  const limitText = row.cell('item_limit');
  const itemLimit = limitText === '' ? ITEM_LIMIT_DEFAULT : Number(limitText);
  if (!Number.isInteger(itemLimit) || itemLimit < 1 || itemLimit > ITEM_LIMIT_MAX) {
    return `“${limitText}” is no item limit. Use a whole number from 1 to ${ITEM_LIMIT_MAX}.`;
  }
  const initials = row.cell('initials') || initialsOf(name);
  if ([...initials].length > 4) return `The initials “${initials}” are longer than 4 characters.`;
  return { id, name, initials, tier, roles, skills: listOf(row.cell('skills')), itemLimit };
}

function listOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[;|]/)
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  ];
}

function rolesOf(text: string, tier: Tier): Role[] | string {
  const named = listOf(text.toLowerCase());
  if (named.length === 0) return tier === 'lead' ? ['lead'] : ['analyst'];
  const roles = named.flatMap((name) => ROLES.filter((role) => role === name));
  const unknown = named.find((name) => !ROLES.some((role) => role === name));
  return unknown === undefined ? roles : `“${unknown}” is no role. Use ${ROLES.join(', ')}.`;
}

/** First letters of the first and the last word: "Ana María Ruiz" is AR. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase();
}

/**
 * The rota from CSV: `person, starts, ends` and, where given, `kind` (shift, on_call, leave; shift when empty) and
 * `zone`. The person is an id or a full name of the team.
 */
export function readRota(text: string, people: readonly Pick<Person, 'id' | 'name'>[]): Imported<Duty> {
  const { rows, problems } = readCsvTable(text, { required: ['person', 'starts', 'ends'], optional: ['kind', 'zone'] });
  const values: Duty[] = [];
  for (const row of rows) {
    const duty = dutyOf(row, people);
    if (typeof duty === 'string') problems.push({ line: row.line, message: duty });
    else values.push(duty);
  }
  return { values, problems };
}

function dutyOf(row: CsvRow, people: readonly Pick<Person, 'id' | 'name'>[]): Duty | string {
  const who = row.cell('person');
  const person =
    people.find((each) => each.id === who) ?? people.find((each) => each.name.toLowerCase() === who.toLowerCase());
  if (person === undefined) return `“${who}” is nobody of the team. Import the people first.`;
  const kindText = row.cell('kind').toLowerCase().replaceAll(/[\s-]/g, '_') || 'shift';
  const kind = DUTY_KINDS.find((known) => known === kindText);
  if (kind === undefined) return `“${row.cell('kind')}” is no kind of duty. Use ${DUTY_KINDS.join(', ')}.`;
  const starts = readRotaTime(row.cell('starts'), row.cell('zone'));
  if ('problem' in starts) return starts.problem;
  const ends = readRotaTime(row.cell('ends'), row.cell('zone'));
  if ('problem' in ends) return ends.problem;
  const lengthMs = ends.atMs - starts.atMs;
  if (lengthMs <= 0) return 'It ends before it starts.';
  if (kind === 'shift' && lengthMs > SHIFT_MAX_MS) return 'A shift of more than 24 hours: check its dates.';
  if (lengthMs > OTHER_MAX_MS) return 'Longer than 92 days: check its dates.';
  return { personId: person.id, kind, startsAtMs: starts.atMs, endsAtMs: ends.atMs };
}
