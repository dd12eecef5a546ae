import type { CommandContext, CommandHandler } from './handlers.ts';

/** A command as the writer holds it: by name, with an input that the contract has checked before. */
export type Command = (context: CommandContext, input: unknown) => Promise<unknown>;

/** Commands by the name of their procedure in the contract, such as `decisions.dispose`. */
export type Commands = ReadonlyMap<string, Command>;

/**
 * Puts a typed handler into the registry. The contract's schema checks every input before it reaches the writer,
 * so the type is known there although the message between threads cannot say it.
 */
export function command<I, O>(handler: CommandHandler<I, O>): Command {
  return (context, input) => handler(context, input as I);
}

/** Joins the commands of several concepts. A name that is there twice is a mistake in the composition. */
export function joinCommands(...parts: readonly Readonly<Record<string, Command>>[]): Commands {
  const all = new Map<string, Command>();
  for (const part of parts) {
    for (const [name, handler] of Object.entries(part)) {
      if (all.has(name)) throw new Error(`The command ${name} is there twice`);
      all.set(name, handler);
    }
  }
  return all;
}
