import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { catalogueOfMappings } from '../../ingest/mapping/mapping-catalogue.ts';
import { loadCatalogue } from '../../ingest/mapping/mapping-files.ts';
import { ownPath, samplePath } from '../../own-workspace.ts';
import { earlierMappings } from '../../store/mapping-versions.ts';
import { openStore } from '../../store/open.ts';
import type { BacktestOutcome } from '../../triage/history/backtest.ts';
import { makeHeavyReads } from '../../triage/history/heavy-reads.ts';
import { readRuleFiles } from '../../triage/rule-files.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { stderrLog, systemClock } from '../host-ports.ts';
import { mappingsDirs, SOURCE_RESOURCES_DIR } from '../resources-dir.ts';
import { count, table, visible } from '../terminal.ts';

interface Tried extends BacktestOutcome {
  path: string;
  id: string;
  title: string;
}

export const rulesBacktestCommand: Command = {
  name: 'rules backtest',
  usage: 'FILE…',
  summary: 'Try rule files on everything that is stored: what each would have closed, and which true positives',
  flags: {},
  async run({ args, dataDir }) {
    if (args.positionals.length === 0) throw new UsageError('Name the rule files to try, or folders of them.');
    const found = readRuleFiles(args.positionals);
    const fault = found.problems.find(({ level }) => level === 'error');
    if (fault !== undefined) {
      throw new EngineError('invalid_input', `${fault.path}:${fault.line}:${fault.column} ${fault.message}`);
    }
    if (found.rules.length === 0)
      throw new EngineError('not_found', 'There is no rule (.yml, .yaml) among these paths.');
    const path = [ownPath(dataDir), samplePath(dataDir)].find((each) => existsSync(each));
    if (path === undefined) {
      throw new EngineError(
        'not_found',
        `There is no workspace in ${dataDir}. Take alerts in first, or name another with --data.`,
      );
    }
    const log = stderrLog('error');
    const store = await openStore({ target: { kind: 'sqlite', path }, log, clock: systemClock, readOnly: true });
    try {
      const { mappings } = loadCatalogue(mappingsDirs(dataDir)).catalogue;
      const earlier = (await store.read(earlierMappings)).map(({ text }) => text);
      const formats = catalogueOfMappings({ inForce: mappings.inForce, earlier });
      const reads = makeHeavyReads({
        store,
        clock: systemClock,
        log,
        resourcesDir: SOURCE_RESOURCES_DIR,
        formats,
        ownPoliciesDir: join(dataDir, 'policies'),
      });
      const tried: Tried[] = [];
      for (const { path: file, rule } of found.rules) {
        const outcome = await reads.backtest(rule.text, () => {}, new AbortController().signal);
        tried.push({ path: file, id: rule.id, title: rule.title, ...outcome });
      }
      const isOk = tried.every(({ report, hits }) => report.blocks.length === 0 && hits.length === 0);
      return { json: { rules: tried, ok: isOk }, text: describe(tried), isOk };
    } finally {
      await store.close();
    }
  },
};

function describe(tried: readonly Tried[]): string {
  const lines = table(
    [
      { title: 'Rule', isElastic: true, cell: ({ title }) => title },
      { title: 'Alerts', align: 'right', cell: ({ report }) => count(report.alerts) },
      { title: 'Matched', align: 'right', cell: ({ report }) => count(report.matchedAlerts) },
      { title: 'Would close', align: 'right', cell: ({ report }) => count(report.wouldCloseGroups) },
      { title: 'True positives', align: 'right', cell: ({ hits }) => count(hits.length) },
      { title: 'Minutes', align: 'right', cell: ({ report }) => count(Math.round(report.minutesSaved)) },
    ],
    tried,
    null,
  );
  const blocks = tried.flatMap(({ title, report, hits }) => [
    ...report.blocks.map((block) => `${visible(title)}: ${visible(block)}`),
    ...(hits.length === 0
      ? []
      : [`${visible(title)}: it would have closed ${hits.length} that people called true positives.`]),
  ]);
  return `${lines.trimEnd()}\n${blocks.length === 0 ? '' : `\n${blocks.join('\n')}\n`}`;
}
