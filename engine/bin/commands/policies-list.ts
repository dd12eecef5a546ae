import { join } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import { loadAssurancePolicy } from '../../assurance/policy.ts';
import { loadPolicies, loadStoragePolicy } from '../../policies.ts';
import { OWN_POLICIES, type OwnPolicy, ownPolicyPath, readPolicyJson, unreadPolicies } from '../../policy-files.ts';
import { loadTriagePolicies } from '../../triage/policies.ts';
import type { Command } from '../command.ts';
import { SOURCE_RESOURCES_DIR } from '../resources-dir.ts';
import { table, visible } from '../terminal.ts';

/** Each policy with how it is read: what cannot be used says so. */
const READERS: Readonly<Record<OwnPolicy, (dir: string, ownDir: string) => unknown>> = {
  assurance: loadAssurancePolicy,
  grouping: loadTriagePolicies,
  priority: loadTriagePolicies,
  sla: loadPolicies,
  storage: loadStoragePolicy,
  triage: loadTriagePolicies,
};

interface ListedPolicy {
  name: OwnPolicy;
  /** The workspace's own file; null where the default holds. */
  file: string | null;
  /** What its own file says otherwise: the place, the default (null where there is none), and the value here. */
  changes: { path: string; default: Json; here: Json }[];
  /** Why its own file cannot be used. */
  problem: string | null;
}

export const policiesListCommand: Command = {
  name: 'policies list',
  usage: '',
  summary: 'What this workspace says otherwise than the policies of the program, and what is wrong with it',
  flags: {},
  async run({ dataDir, terminal }) {
    const dirs = { program: join(SOURCE_RESOURCES_DIR, 'policies'), own: join(dataDir, 'policies') };
    const policies = OWN_POLICIES.map((name) => listed(dirs, name));
    const unread = unreadPolicies(dirs.own);
    const rows = policies.flatMap(({ name, changes }) => changes.map((change) => ({ name, ...change })));
    const changed = table(
      [
        { title: 'Policy', cell: (row) => row.name },
        { title: 'Place', cell: (row) => visible(row.path) },
        { title: 'Default', cell: (row) => visible(JSON.stringify(row.default)) },
        { title: 'Here', isElastic: true, cell: (row) => visible(JSON.stringify(row.here)) },
      ],
      rows,
      terminal.columns,
    );
    const told = [
      ...policies.flatMap(({ problem }) =>
        problem === null ? [] : problem.split('\n').map((line) => `${visible(line)}\n`),
      ),
      ...unread.map(
        (file) => `${visible(join(dirs.own, file))} is no policy that a workspace may change, and is not read.\n`,
      ),
    ];
    return {
      json: { policies, unread },
      text: `${rows.length === 0 ? 'Every policy is as it comes with the program.\n' : changed}${told.length === 0 ? '' : `\n${told.join('')}`}`,
      isOk: policies.every(({ problem }) => problem === null),
    };
  },
};

function listed(dirs: { program: string; own: string }, name: OwnPolicy): ListedPolicy {
  const file = ownPolicyPath(dirs, name);
  if (file === null) return { name, file, changes: [], problem: null };
  try {
    const own = readPolicyJson(file);
    const changes = changesOf(readPolicyJson(join(dirs.program, `${name}.json`)), own, '');
    return { name, file, changes, problem: problemOf(() => READERS[name](dirs.program, dirs.own), file) };
  } catch (error) {
    return { name, file, changes: [], problem: sentenceOf(error) };
  }
}

/** Null also when it is another policy read beside this one that is wrong: that one has a line of its own. */
function problemOf(read: () => unknown, file: string): string | null {
  try {
    read();
    return null;
  } catch (error) {
    const sentence = sentenceOf(error);
    return sentence.includes(file) ? sentence : null;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  throw error;
}

function changesOf(base: Json, own: Json, path: string): ListedPolicy['changes'] {
  if (isJsonObject(base) && isJsonObject(own)) {
    return Object.entries(own).flatMap(([key, value]) =>
      changesOf(Object.hasOwn(base, key) ? (base[key] ?? null) : null, value, path === '' ? key : `${path}.${key}`),
    );
  }
  return JSON.stringify(base) === JSON.stringify(own) ? [] : [{ path, default: base, here: own }];
}
