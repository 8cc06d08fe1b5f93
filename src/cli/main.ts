/** The command line: picks the command, loads it, and turns errors into words and an exit code. */
import type { CommandIo } from './command-io.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { closestName } from './arguments/closest-name.js';
import { parseArguments } from './arguments/parse-arguments.js';
import { type CommandEntry, COMMANDS, type ExitCode } from './command-table.js';
import { commandHelp, generalHelp } from './help.js';
import { packageVersion } from './package-version.js';

/** Runs one command line, without the names of the program. Never throws. */
export async function main(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  try {
    return await dispatch(words, io);
  } catch (error) {
    io.stderr.write(errorText(error));
    return 2;
  }
}

async function dispatch(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [first, ...rest] = words;
  if (first === undefined) {
    io.stderr.write(generalHelp(packageVersion()));
    return 2;
  }
  if (first === '--version' || first === '-v') return printed(io, `${packageVersion()}\n`);
  if (first === '--help' || first === '-h' || first === 'help') {
    const [name] = rest;
    return printed(io, name === undefined ? generalHelp(packageVersion()) : commandHelp(commandNamed(name)));
  }
  const command = commandNamed(first);
  const parsed = parseArguments(command.name, rest);
  if (parsed.has('help')) return printed(io, commandHelp(command));
  if (parsed.has('version')) return printed(io, `${packageVersion()}\n`);
  const run = await command.load();
  return run(parsed, io);
}

function commandNamed(name: string): CommandEntry {
  const command = COMMANDS.find((entry) => entry.name === name);
  if (command !== undefined) return command;
  const meant = closestName(
    name,
    COMMANDS.map((entry) => entry.name),
  );
  const suggestion = meant === undefined ? '' : `; did you mean \`mirrorscope ${meant}\`?`;
  throw new MirrorscopeError(ErrorCode.Usage, `There is no command \`${name}\`${suggestion}`, {
    hint: 'Run `mirrorscope --help` to see the commands.',
  });
}

function printed(io: CommandIo, text: string): ExitCode {
  io.stdout.write(text);
  return 0;
}

function errorText(error: unknown): string {
  if (error instanceof MirrorscopeError) {
    return `mirrorscope: ${error.message}\n${error.hint === '' ? '' : `${error.hint}\n`}See ${error.docs} (${error.code}).\n`;
  }
  // Not one of ours: the stack is what a bug report needs.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `mirrorscope: internal error. Please report it with what follows.\n${stack}\n`;
}
