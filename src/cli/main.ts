/** The command line: finds the command, loads and runs it, and turns errors into a message and an exit code. */
import type { CommandIo } from './command-io.js';

import { MirrorscopeError } from '../errors/mirrorscope-error.js';
import { ExitCode } from '../report/exit-code.js';

import { parseArguments, separateProgram } from './arguments/parse-arguments.js';
import { didYouMean } from './arguments/unknown-name.js';
import { usageError } from './arguments/usage-error.js';
import { type CommandEntry, COMMANDS } from './command-table.js';
import { commandHelp, generalHelp } from './help.js';
import { packageVersion } from './package-version.js';

/**
 * Runs one command line.
 *
 * @param words - The words after the name of the program.
 * @param io - The streams, the working directory and the environment variables.
 * @returns The exit code; errors are printed, never thrown.
 */
export async function main(words: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(words, io);
  } catch (error) {
    io.stderr.write(errorText(error));
    return ExitCode.Failed;
  }
}

async function dispatch(words: readonly string[], io: CommandIo): Promise<number> {
  const [first, ...rest] = words;
  if (first === undefined) {
    io.stderr.write(generalHelp(packageVersion()));
    return ExitCode.Failed;
  }
  if (first === '--version' || first === '-v') return printed(io, `${packageVersion()}\n`);
  if (first === '--help' || first === '-h' || first === 'help') {
    const [name] = rest;
    return printed(io, name === undefined ? generalHelp(packageVersion()) : commandHelp(commandNamed(name)));
  }
  const command = commandNamed(first);
  const own = command.runsProgram === true ? separateProgram(command.name, rest) : rest;
  const parsed = parseArguments(command.name, own);
  if (parsed.has('help')) return printed(io, commandHelp(command));
  if (parsed.has('version')) return printed(io, `${packageVersion()}\n`);
  const run = await command.load();
  return run(parsed, io);
}

function commandNamed(name: string): CommandEntry {
  const command = COMMANDS.find((entry) => entry.name === name);
  if (command !== undefined) return command;
  const names = COMMANDS.map((entry) => entry.name);
  const suggestion = didYouMean(name, names, (closest) => `\`mirrorscope ${closest}\``);
  throw usageError(`There is no command \`${name}\`.${suggestion}`, 'Run `mirrorscope --help` to see the commands.');
}

function printed(io: CommandIo, text: string): ExitCode {
  io.stdout.write(text);
  return ExitCode.Done;
}

function errorText(error: unknown): string {
  if (error instanceof MirrorscopeError) {
    return `mirrorscope: ${error.message}\n${error.hint === '' ? '' : `${error.hint}\n`}See ${error.docs} (${error.code}).\n`;
  }
  // Any other error is a bug, and a bug report needs the stack.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `mirrorscope: internal error. Please report it with the text below.\n${stack}\n`;
}
