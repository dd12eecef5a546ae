import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { EnricherLists } from '../../../shared/domain/enrichment/enricher.ts';
import type { LookupLists } from '../../../shared/domain/rules/compile-value.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import { takesAnyLine } from '../../ingest/formats/syslog.ts';
import { loadCatalogue } from '../../ingest/mapping/mapping-files.ts';
import { makeClassifier } from '../../ingest/pipeline-classify.ts';
import { readRecords } from '../../ingest/records.ts';
import { fileProblem, openAlertFile, STANDARD_INPUT } from '../../ingest/sources/file.ts';
import { ownPath } from '../../own-workspace.ts';
import { listAssets, listIdentities, listLookups } from '../../store/entity-lists.ts';
import { openStore } from '../../store/open.ts';
import { type AlertMatch, type MatchCounts, matchAlerts, readRulesToTry } from '../../triage/match-rules.ts';
import { loadPriors } from '../../triage/priors.ts';
import { UsageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { stderrLog, systemClock } from '../host-ports.ts';
import { mappingsDirs, SOURCE_RESOURCES_DIR } from '../resources-dir.ts';
import { count, countOf, type Terminal, table, visible } from '../terminal.ts';

export const rulesMatchCommand: Command = {
  name: 'rules match',
  usage: 'FILE|DIR… --alerts FILE|-',
  summary: 'Say which rules match which alerts of a file, and where; rules of yours or community Sigma rules',
  flags: {
    alerts: { value: 'FILE', help: 'the alerts, in any format that is read; - for standard input' },
    format: { value: 'NAME', help: 'read every record as this format, whatever it looks like' },
  },
  async run({ args, terminal, stdin, dataDir, isJson }) {
    const paths = args.positionals;
    const alerts = args.text('alerts');
    if (paths.length === 0) throw new UsageError('Name the rule files, or folders of them.');
    if (alerts === undefined) throw new UsageError('Name the alerts: --alerts FILE, or --alerts - for standard input.');
    for (const path of paths) {
      if (!existsSync(path)) throw new EngineError('not_found', `${path}: There is no such file. Check the name.`);
    }
    if (alerts !== STANDARD_INPUT) await refuseUnreadable(alerts);
    const { catalogue } = loadCatalogue(mappingsDirs(dataDir));
    const format = args.text('format') ?? 'auto';
    if (format !== 'auto' && catalogue.named(format) === null) {
      const known = catalogue.formats.map(({ name }) => name).join(', ');
      throw new UsageError(`"${format}" is no known format. Use auto, ${known}.`);
    }
    const known = await knownOf(dataDir);
    const tried = readRulesToTry(paths, known.lookups);
    for (const { path, line, error } of tried.failed) terminal.err(`${visible(path)}:${line} ${visible(error)}\n`);
    if (tried.ruleSet.rules.length === 0) {
      throw new EngineError('invalid_input', 'No rule among these files can be used, so there is nothing to match.');
    }
    const records = readRecords(open(alerts, stdin), { takesText: takesAnyLine(format) });
    const classify = makeClassifier(format, () => systemClock.nowMs(), catalogue);
    const printer = isJson ? jsonPrinter(terminal) : textPrinter(terminal);
    const counts = await matchAlerts(tried, records, classify, known.facts, {
      onMatch: printer.match,
      onBatch: async () => terminal.drain?.(),
    });
    const rules = tried.ruleSet.rules.length;
    printer.end({ rules, ...counts, failed: tried.failed, workspace: known.workspace });
    const isOk = tried.failed.length === 0 && (counts.alerts > 0 || counts.rejected === 0);
    return { json: null, text: '', isOk, isPrinted: true };
  },
};

interface Known {
  /** The database whose lists count; null when there is none. */
  workspace: string | null;
  lookups: LookupLists;
  facts: EnricherLists;
}

/** The lists of the workspace in this data folder, and what is known of vulnerabilities everywhere. */
async function knownOf(dataDir: string): Promise<Known> {
  const { knownExploited } = loadPriors(SOURCE_RESOURCES_DIR);
  const path = ownPath(dataDir);
  if (!existsSync(path)) {
    return { workspace: null, lookups: new Map(), facts: { assets: [], identities: [], knownExploited } };
  }
  const target = { kind: 'sqlite', path } as const;
  const store = await openStore({ target, log: stderrLog('error'), clock: systemClock, readOnly: true });
  try {
    return await store.read(async (db) => ({
      workspace: path,
      lookups: await listLookups(db),
      facts: { assets: await listAssets(db), identities: await listIdentities(db), knownExploited },
    }));
  } finally {
    await store.close();
  }
}

interface Summary extends MatchCounts {
  rules: number;
  failed: readonly { path: string; line: number; error: string }[];
  workspace: string | null;
}

interface Printer {
  match(match: AlertMatch): void;
  end(summary: Summary): void;
}

/** One document, written piece by piece: matches may be millions. */
function jsonPrinter(terminal: Terminal): Printer {
  let before = '{"matches":[';
  return {
    match: (match) => {
      terminal.out(`${before}\n${JSON.stringify(match)}`);
      before = ',';
    },
    end: (summary) => {
      const open = before === ',' ? '' : before;
      terminal.out(`${open}],${JSON.stringify(summary).slice(1)}\n`);
    },
  };
}

function textPrinter(terminal: Terminal): Printer {
  let shown: AlertMatch['alert'] | null = null;
  return {
    match: (match) => {
      const { alert } = match;
      if (shown?.line !== alert.line || shown.id !== alert.id) {
        terminal.out(
          `${shown === null ? '' : '\n'}line ${alert.line}: ${visible(alert.title)} (${visible(alert.product)})\n`,
        );
        shown = alert;
      }
      terminal.out(ruleText(match));
    },
    end: (summary) => terminal.out(`${shown === null ? '' : '\n'}${summaryText(summary)}`),
  };
}

function ruleText({ rule, result, matched, unknownFields }: AlertMatch): string {
  const title = visible(rule.title);
  if (result === 'unknown') {
    return `  ${title}: cannot be said, because nobody knows ${unknownFields.map(visible).join(', ')}\n`;
  }
  const lines = matched.map(
    ({ selection, field, pattern, value }) =>
      `    ${visible(selection)}: ${visible(field)} ${visible(pattern)}${value === '' ? '' : `: ${visible(value)}`}\n`,
  );
  return `  ${title}\n${lines.join('')}`;
}

function summaryText({ rules, alerts, skipped, rejected, counts, failed, workspace }: Summary): string {
  const hit = counts.filter(({ matches, unknown }) => matches + unknown > 0);
  const rows = table(
    [
      { title: 'Rule', isElastic: true, cell: (each) => each.title },
      { title: 'Matches', align: 'right', cell: (each) => count(each.matches) },
      { title: 'Unknown', align: 'right', cell: (each) => count(each.unknown) },
    ],
    hit,
    null,
  );
  const other = [
    ...(skipped > 0 ? [`passed over ${countOf(skipped, 'record')} of other kinds`] : []),
    ...(rejected > 0 ? [`could not read ${countOf(rejected, 'record')}`] : []),
    ...(failed.length > 0 ? [`${countOf(failed.length, 'rule')} cannot be used`] : []),
    workspace === null ? 'there is no workspace, so no lists' : `with the lists of ${visible(workspace)}`,
  ];
  const tail = `; ${other.join(', ')}`;
  return `${hit.length > 0 ? `${rows.trimEnd()}\n\n` : ''}Asked ${countOf(rules, 'rule')} about ${countOf(alerts, 'alert')}: ${count(hit.length)} of them matched${tail}.\n`;
}

async function refuseUnreadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new EngineError('not_found', `${file}: ${fileProblem(error)}.`);
  }
  if ((await stat(file)).isDirectory())
    throw new EngineError('invalid_input', `${file} is a folder. Name a file in it.`);
}

async function* open(file: string, stdin: Readable): AsyncGenerator<Uint8Array> {
  if (file !== STANDARD_INPUT) yield* openAlertFile(file);
  else for await (const chunk of stdin as AsyncIterable<Uint8Array>) yield chunk;
}
