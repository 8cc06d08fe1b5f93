/** `mirrorscope migrate`: preview, write, or check; a tree or one text from standard input. */
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';
import type { ExitCode } from '../command-table.js';

import { runSettings, usage } from '../run/run-settings.js';

/** Runs the command. */
export async function migrateCommand(parsed: ParsedArguments, io: CommandIo): Promise<ExitCode> {
  const settings = runSettings(parsed, io);
  if (!parsed.has('stdin')) {
    if (parsed.value('stdin-filename') !== undefined) throw usage('--stdin-filename needs --stdin');
    const { migrateTree } = await import('../run/migrate-tree.js');
    return migrateTree(settings, io);
  }
  if (settings.migration.apply)
    throw usage('--write and --stdin exclude each other: the new text goes to standard output');
  if (parsed.paths.length > 0) throw usage('--stdin takes no paths');
  const name = parsed.value('stdin-filename');
  if (name === undefined) throw usage('--stdin needs --stdin-filename, whose ending decides the language');
  const { migrateStdin } = await import('../run/migrate-stdin.js');
  return migrateStdin(name, settings, io);
}
