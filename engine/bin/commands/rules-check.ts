import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { checkRuleFiles, type RuleCheck } from '../../triage/check-rules.ts';
import { loadTriagePolicies } from '../../triage/policies.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { systemClock } from '../host-ports.ts';
import { SOURCE_RESOURCES_DIR } from '../resources-dir.ts';
import { table, visible } from '../terminal.ts';

export const rulesCheckCommand: Command = {
  name: 'rules check',
  usage: 'FILE…',
  summary: 'Check rule files as a review would: grammar, owner, expiry, and their examples',
  flags: {},
  async run({ args, dataDir }) {
    const paths = args.positionals;
    if (paths.length === 0) throw new UsageError('Name the rule files to check, or folders of them.');
    for (const path of paths) {
      if (!existsSync(path)) throw new EngineError('not_found', `${path}: There is no such file. Check the name.`);
    }
    const { triage } = loadTriagePolicies(join(SOURCE_RESOURCES_DIR, 'policies'), join(dataDir, 'policies'));
    const check = checkRuleFiles(paths, { policy: triage, lists: new Map(), nowMs: systemClock.nowMs() });
    if (check.files === 0) throw new EngineError('not_found', 'There is no rule file (.yml, .yaml) among these paths.');
    return { json: check, text: describe(check), isOk: check.ok };
  },
};

function describe(check: RuleCheck): string {
  const problems = check.problems.map(
    ({ path, line, column, level, message }) => `${visible(path)}:${line}:${column} ${level}: ${visible(message)}`,
  );
  const rules = table(
    [
      { title: 'Rule', isElastic: true, cell: (rule) => rule.title },
      { title: 'Status', cell: (rule) => rule.status },
      { title: 'Owner', cell: (rule) => rule.owner },
      { title: 'Expires', cell: (rule) => rule.expires ?? '' },
      { title: 'Closes', cell: (rule) => (rule.closes ? 'yes' : 'no') },
      { title: 'Examples', align: 'right', cell: (rule) => `${rule.passed}/${rule.tests}` },
    ],
    check.rules,
    null,
  );
  const verdict = check.ok ? 'All rules can be used.' : 'These rules cannot be used as they are.';
  return `${[...problems, ...(problems.length > 0 ? [''] : []), rules.trimEnd(), '', verdict].join('\n')}\n`;
}
