import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { nearestName } from '../../shared/domain/rules/nearest-name.ts';

/** The command was called wrongly: exit code 2, and how to call it rightly. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export interface Flag {
  /** What stands for the value in the help; null for a switch. */
  value: string | null;
  help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** Flags that every command takes. */
export const COMMON_FLAGS: Flags = {
  data: { value: 'DIR', help: 'the data folder to work on' },
  json: { value: null, help: 'one JSON document on stdout, and nothing else' },
  help: { value: null, help: 'say how this command is called' },
};

export interface ParsedArguments {
  positionals: string[];
  /** The value of a flag that takes one. */
  text(name: string): string | undefined;
  isSet(name: string): boolean;
  /** A whole number within bounds, or the default. Throws UsageError. */
  whole(name: string, fallback: number, min: number, max: number): number;
}

/** Reads a command's arguments. Throws UsageError naming the flag that was meant, when one is near enough. */
export function readArguments(args: readonly string[], flags: Flags): ParsedArguments {
  const all: Flags = { ...flags, ...COMMON_FLAGS };
  const options: ParseArgsOptionsConfig = {};
  for (const [name, flag] of Object.entries(all)) options[name] = { type: flag.value === null ? 'boolean' : 'string' };
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(all, token.name) ? all[token.name] : undefined;
    if (flag === undefined) {
      const near = nearestName(token.name, Object.keys(all));
      throw new UsageError(`There is no option ${token.rawName}.${near === null ? '' : ` Did you mean --${near}?`}`);
    }
    const isMissing =
      token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('--'));
    if (flag.value !== null && isMissing) {
      throw new UsageError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
    }
    if (flag.value === null && token.value !== undefined) throw new UsageError(`--${token.name} takes no value.`);
  }
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    text,
    isSet: (name) => values[name] === true,
    whole(name, fallback, min, max) {
      const given = text(name);
      if (given === undefined) return fallback;
      const value = Number(given);
      if (!/^\d+$/.test(given) || value < min || value > max) {
        throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${given}".`);
      }
      return value;
    },
  };
}
