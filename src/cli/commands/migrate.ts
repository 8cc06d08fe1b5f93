/** `mirrorscope migrate`: previews, writes or checks the migration of files or of one text from standard input. */
import type { ExitCode } from '../../report/exit-code.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';

import { usageError } from '../arguments/usage-error.js';
import { runSettings } from '../run/run-settings.js';

/**
 * Runs the command.
 *
 * @param parsed - The arguments.
 * @param io - The streams, the working directory and the environment variables.
 * @returns The exit code.
 * @throws {MirrorscopeError} `USAGE` or `CONFIGURATION`.
 */
export async function migrateCommand(parsed: ParsedArguments, io: CommandIo): Promise<ExitCode> {
  const settings = runSettings(parsed, io);
  if (!parsed.has('stdin')) {
    if (parsed.value('stdin-filename') !== undefined) throw usageError('--stdin-filename needs --stdin.');
    const { migrateTree } = await import('../run/migrate-tree.js');
    return migrateTree(settings, io);
  }
  if (settings.apply) throw usageError('--write and --stdin cannot be combined: the new text goes to standard output.');
  if (parsed.paths.length > 0) throw usageError('--stdin takes no paths.');
  const name = parsed.value('stdin-filename');
  if (name === undefined) throw usageError('--stdin needs --stdin-filename, whose extension decides the language.');
  const { migrateStdin } = await import('../run/migrate-stdin.js');
  return migrateStdin(name, settings, io);
}
