import { COMMON_FLAGS, type Flags } from './arguments.ts';
import { EVENWATCH } from './called-by-npm.ts';
import type { Command } from './command.ts';

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function flagRows(flags: Flags): string {
  return rows(
    Object.entries(flags).map(
      ([name, flag]) => [`--${name}${flag.value === null ? '' : ` ${flag.value}`}`, flag.help] as const,
    ),
  );
}

export function overviewHelp(commands: readonly Command[]): string {
  return `Evenwatch triages the alerts of a security operations centre.

Usage: ${EVENWATCH} COMMAND

${rows(commands.map((command) => [`${command.name} ${command.usage}`.trim(), command.summary] as const))}

Every command takes:
${flagRows(COMMON_FLAGS)}

Exit codes: 0 done, 1 refused or failed, 2 called wrongly.
EVENWATCH_DATA names the data folder too. More on one command: ${EVENWATCH} help COMMAND
`;
}

export function commandHelp(command: Command): string {
  return `${command.summary}.

Usage: ${`${EVENWATCH} ${command.name} ${command.usage}`.trim()}

${flagRows({ ...command.flags, ...COMMON_FLAGS })}
`;
}
