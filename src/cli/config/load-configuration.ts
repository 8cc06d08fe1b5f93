/** Finds and reads `mirrorscope.config.json`. Reads files; writes none. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { MAX_SETTINGS_BYTES, readRegularFile } from '../../files/regular-file.js';

import { type Configuration, defaultConfiguration } from './configuration.js';
import { type Schema, schemaProblems } from './schema-check.js';

const CONFIGURATION_FILE_NAME = 'mirrorscope.config.json';

const SCHEMA_FILE = new URL('../../../schema/mirrorscope.schema.json', import.meta.url);

/**
 * Loads the configuration of a folder: the named file, otherwise the nearest one in the folder or above it, otherwise
 * the defaults.
 *
 * @param directory - Absolute path of the folder.
 * @param named - The file that `--config` names.
 * @returns The settings.
 * @throws {MirrorscopeError} `CONFIGURATION` when the file cannot be read or does not follow the schema.
 */
export function loadConfiguration(directory: string, named?: string): Configuration {
  const file = named === undefined ? findUpward(directory) : path.resolve(directory, named);
  if (file === undefined) return defaultConfiguration(directory);
  const value = parse(file);
  const problems = schemaProblems(value, JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as Schema);
  if (problems.length > 0) throw new MirrorscopeError(ErrorCode.Configuration, `${file}: ${problems.join(' ')}`);
  const folder = path.dirname(file);
  return { ...defaultConfiguration(folder), ...(value as Partial<Configuration>), directory: folder, file };
}

function findUpward(directory: string): string | undefined {
  for (let current = directory; ; current = path.dirname(current)) {
    const candidate = path.join(current, CONFIGURATION_FILE_NAME);
    if (existsSync(candidate)) return candidate;
    if (path.dirname(current) === current) return undefined;
  }
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readRegularFile(file, MAX_SETTINGS_BYTES)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.Configuration, `The configuration ${file} cannot be read.`, {
      hint: 'Check the path after --config.',
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MirrorscopeError(ErrorCode.Configuration, `${file} is not valid JSON: ${why}.`, {
      hint: 'JSON allows neither comments nor trailing commas.',
      cause,
    });
  }
}
