/** The `--format` of commands that do not report on files. Pure. */
import type { ParsedArguments } from './parse-arguments.js';

import { usage } from '../run/run-settings.js';

/** For commands that take no paths. @throws MirrorscopeError `USAGE`. */
export function plainFormat(parsed: ParsedArguments): 'text' | 'json' {
  if (parsed.paths.length > 0) throw usage(`\`mirrorscope ${parsed.command}\` takes no paths`);
  return textOrJson(parsed);
}

/** @throws MirrorscopeError `USAGE`. */
export function textOrJson(parsed: ParsedArguments): 'text' | 'json' {
  const format = parsed.value('format') ?? 'text';
  if (format === 'text' || format === 'json') return format;
  throw usage(`\`mirrorscope ${parsed.command}\` has the formats text and json, not ${format}`);
}
