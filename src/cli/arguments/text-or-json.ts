/** Reads `--format` for commands that do not report on files. Pure. */
import type { ParsedArguments } from './parse-arguments.js';

import { usageError } from './usage-error.js';

const FORMATS = ['text', 'json'] as const;

/**
 * Reads `--format` for a command that prints text or JSON.
 *
 * @param parsed - The arguments of the command.
 * @returns The format.
 * @throws {MirrorscopeError} `USAGE` for any other format.
 */
export function textOrJson(parsed: ParsedArguments): (typeof FORMATS)[number] {
  const given = parsed.value('format') ?? 'text';
  const format = FORMATS.find((name) => name === given);
  if (format === undefined) {
    throw usageError(
      `Unknown format ${given}. \`mirrorscope ${parsed.command}\` has these formats: ${FORMATS.join(', ')}.`,
    );
  }
  return format;
}

/**
 * Rejects paths for a command that takes none.
 *
 * @param parsed - The arguments of the command.
 * @throws {MirrorscopeError} `USAGE` when there is a path.
 */
export function assertNoPaths(parsed: ParsedArguments): void {
  if (parsed.paths.length > 0) throw usageError(`\`mirrorscope ${parsed.command}\` takes no paths.`);
}
