import type { Readable } from 'node:stream';
import type { Flags, ParsedArguments } from './arguments.ts';
import type { LocalEngine } from './local-engine.ts';
import type { Terminal } from './terminal.ts';

export interface CommandContext {
  args: ParsedArguments;
  terminal: Terminal;
  stdin: Readable;
  dataDir: string;
  isJson: boolean;
  /** The engine on the data folder: in this process, or that of the process which holds the folder. Closed by the caller. */
  engine(): Promise<LocalEngine>;
}

/** What a command comes to. `json` and `text` say the same, for machines and for people. */
export interface CommandResult {
  json: unknown;
  text: string;
  /** True when it did what it should; false gives exit code 1. */
  isOk: boolean;
  /** Everything was printed while it ran, for output that would not fit into memory. */
  isPrinted?: boolean;
}

export interface Command {
  /** `queue`, `rules check`. */
  name: string;
  /** What follows the name: `PATH…`. */
  usage: string;
  summary: string;
  flags: Flags;
  /** Null when everything was said while it ran. */
  run(context: CommandContext): Promise<CommandResult | null>;
}
