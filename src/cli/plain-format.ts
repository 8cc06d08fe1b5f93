/** The `--format` of commands that do not report on files. Pure. */
import { type ParsedArguments } from './parse-arguments.js';
import { usage } from './run-settings.js';

/** @throws MirrorscopeError `USAGE`. */
export function plainFormat(parsed: ParsedArguments): 'text' | 'json' {
  if (parsed.paths.length > 0) throw usage(`\`mirrorscope ${parsed.command}\` takes no paths`);
  const format = parsed.value('format') ?? 'text';
  if (format === 'text' || format === 'json') return format;
  throw usage(`\`mirrorscope ${parsed.command}\` has the formats text and json, not ${format}`);
}
