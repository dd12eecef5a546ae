import type { Readable } from 'node:stream';
import { nearestName } from '../../shared/domain/rules/nearest-name.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { readArguments, UsageError } from './arguments.ts';
import { EVENWATCH } from './called-by-npm.ts';
import type { Command, CommandResult } from './command.ts';
import { openDataDir } from './data-dir.ts';
import { commandHelp, overviewHelp } from './help.ts';
import type { LocalEngine } from './local-engine.ts';
import { type Terminal, visibleLines } from './terminal.ts';

/** Loaded only when called: `help` should not wait for a database driver. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['ingest', async () => (await import('./commands/ingest.ts')).ingestCommand],
  ['queue', async () => (await import('./commands/queue.ts')).queueCommand],
  ['alert', async () => (await import('./commands/alert.ts')).alertCommand],
  ['rejects', async () => (await import('./commands/rejects.ts')).rejectsCommand],
  ['sources list', async () => (await import('./commands/sources.ts')).sourcesListCommand],
  ['sources add', async () => (await import('./commands/sources-settings.ts')).sourcesAddCommand],
  ['sources set', async () => (await import('./commands/sources-settings.ts')).sourcesSetCommand],
  ['sources remove', async () => (await import('./commands/sources.ts')).sourcesRemoveCommand],
  ['sources enable', async () => (await import('./commands/sources.ts')).sourcesEnableCommand],
  ['sources disable', async () => (await import('./commands/sources.ts')).sourcesDisableCommand],
  ['sources token', async () => (await import('./commands/sources.ts')).sourcesTokenCommand],
  ['sources test', async () => (await import('./commands/sources-test.ts')).sourcesTestCommand],
  ['sources allow', async () => (await import('./commands/sources-allow.ts')).sourcesAllowCommand],
  ['rules check', async () => (await import('./commands/rules-check.ts')).rulesCheckCommand],
  ['rules backtest', async () => (await import('./commands/rules-backtest.ts')).rulesBacktestCommand],
  ['rules list', async () => (await import('./commands/rules-list.ts')).rulesListCommand],
  ['rules import-sigma', async () => (await import('./commands/rules-import-sigma.ts')).rulesImportSigmaCommand],
  ['rules match', async () => (await import('./commands/rules-match.ts')).rulesMatchCommand],
  ['policies list', async () => (await import('./commands/policies-list.ts')).policiesListCommand],
  ['formats list', async () => (await import('./commands/formats-list.ts')).formatsListCommand],
  ['formats test', async () => (await import('./commands/formats-test.ts')).formatsTestCommand],
  ['lists import', async () => (await import('./commands/lists-import.ts')).listsImportCommand],
  ['retention status', async () => (await import('./commands/retention.ts')).retentionStatusCommand],
  ['retention run', async () => (await import('./commands/retention.ts')).retentionRunCommand],
  ['hub', async () => (await import('./commands/hub.ts')).hubCommand],
  ['hub link', async () => (await import('./commands/hub-link.ts')).hubLinkCommand],
  ['bench', async () => (await import('./commands/bench.ts')).benchCommand],
]);

const EXIT_OK = 0;
const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/** Runs one command and answers its exit code: 0 done, 1 refused or failed, 2 called wrongly. Never throws. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal, stdin: Readable): Promise<number> {
  try {
    return await dispatch(argv, terminal, stdin);
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      terminal.err(`${thrown.message}\nEvery command: ${EVENWATCH} help\n`);
      return EXIT_USAGE;
    }
    // A message may name what an alert or a file name says.
    terminal.err(`${visibleLines(describeFailure(thrown))}\n`);
    return EXIT_REFUSED;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal, stdin: Readable): Promise<number> {
  const asksHelp = argv.length === 0 || argv[0] === 'help' || argv[0] === '--help' || argv[0] === '-h';
  const words = asksHelp ? argv.slice(1) : argv;
  if (asksHelp && words.length === 0) {
    const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
    terminal.out(overviewHelp(commands));
    return argv.length === 0 ? EXIT_USAGE : EXIT_OK;
  }
  const { command, rest } = await findCommand(words);
  if (asksHelp) {
    terminal.out(commandHelp(command));
    return EXIT_OK;
  }
  const args = readArguments(rest, command.flags);
  if (args.isSet('help')) {
    terminal.out(commandHelp(command));
    return EXIT_OK;
  }
  const isJson = args.isSet('json');
  let opened: Promise<LocalEngine> | null = null;
  const dataDir = openDataDir(args.text('data'));
  const engine = (): Promise<LocalEngine> => {
    opened ??= import('./open-local-engine.ts').then(({ openLocalEngine }) => openLocalEngine(dataDir));
    return opened;
  };
  try {
    const result = await command.run({ args, terminal, stdin, dataDir, isJson, engine });
    if (result === null) return EXIT_OK;
    if (result.isPrinted !== true) print(result, isJson, terminal);
    return result.isOk ? EXIT_OK : EXIT_REFUSED;
  } finally {
    if (opened !== null) await (opened as Promise<LocalEngine>).then((local) => local.close()).catch(() => {});
  }
}

function print(result: CommandResult, isJson: boolean, terminal: Terminal): void {
  terminal.out(isJson ? `${JSON.stringify(result.json)}\n` : result.text);
}

/** The command of the first word or two. Throws UsageError naming the one that was meant. */
async function findCommand(words: readonly string[]): Promise<{ command: Command; rest: readonly string[] }> {
  for (const length of [2, 1]) {
    const load = COMMANDS.get(words.slice(0, length).join(' '));
    if (load !== undefined) return { command: await load(), rest: words.slice(length) };
  }
  const [first = '', second] = words;
  const inFamily = [...COMMANDS.keys()].filter((name) => name.startsWith(`${first} `));
  if (inFamily.length > 0) {
    const heard =
      second === undefined || second === '--help' || second === '-h'
        ? `"${first}" needs one more word.`
        : `There is no command "${first} ${second}".`;
    throw new UsageError(`${heard} There are: ${inFamily.join(', ')}.`);
  }
  const near = nearestName(first, [...new Set([...COMMANDS.keys()].flatMap((name) => name.split(' ')[0] ?? []))]);
  throw new UsageError(`There is no command "${first}".${near === null ? '' : ` Did you mean ${near}?`}`);
}

function describeFailure(thrown: unknown): string {
  if (thrown instanceof EngineError) return thrown.message;
  // What a handler refused comes through the client as an error with its own sentence.
  if (thrown instanceof Error && 'code' in thrown && 'status' in thrown) return thrown.message;
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') {
    return 'The disk is full. Make room and run this again: what was acknowledged is stored, and nothing is stored twice.';
  }
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
