/**
 * Reads nested `.gitignore` files into a chain of levels, from the deepest directory to the root of the repository.
 * Reads files; writes none.
 */
import path from 'node:path';

import { isInside, withSeparator } from '../files/inside.js';
import { MAX_SETTINGS_BYTES, readRegularFile } from '../files/regular-file.js';
import { repositoryRoot } from '../files/repository.js';

import { type IgnoreRule, ignoreVerdict, parseIgnoreRules } from './ignore-pattern.js';

/** The ignore rules of one directory, linked to those of the directories above it. */
export interface IgnoreLevel {
  /** The directory of the ignore file, with a trailing separator. */
  readonly prefix: string;
  readonly rules: readonly IgnoreRule[];
  readonly above: IgnoreLevel | undefined;
}

/** The rules that apply in a directory, and whether they ignore the directory itself. */
export interface DirectoryRules {
  readonly level: IgnoreLevel | undefined;
  readonly isIgnored: boolean;
}

/** The name of a file with ignore rules. */
export const IGNORE_FILE_NAME = '.gitignore';

/** Whether patterns ignore case. As in git, the default depends on the file system. */
const IGNORES_CASE = process.platform === 'win32' || process.platform === 'darwin';

/** Adds the rules of a directory's ignore file to the chain; an unreadable file adds none. */
export function withIgnoreFile(
  directory: string,
  file: string,
  above: IgnoreLevel | undefined,
): IgnoreLevel | undefined {
  let text: string;
  try {
    text = readRegularFile(file, MAX_SETTINGS_BYTES).toString('utf8');
  } catch {
    return above;
  }
  const rules = parseIgnoreRules(text, IGNORES_CASE);
  return rules.length === 0 ? above : { prefix: withSeparator(directory), rules, above };
}

/**
 * Whether git would ignore an entry of a directory that is not itself ignored. The deepest level with a matching rule
 * decides, so a nested `!keep.js` overrides a rule in a parent directory.
 */
export function isIgnored(level: IgnoreLevel | undefined, absolutePath: string, isDirectory: boolean): boolean {
  for (let current = level; current !== undefined; current = current.above) {
    const relative = absolutePath.slice(current.prefix.length);
    const verdict = ignoreVerdict(
      current.rules,
      path.sep === '/' ? relative : relative.replaceAll(path.sep, '/'),
      isDirectory,
    );
    if (verdict !== undefined) return verdict === 'ignored';
  }
  return false;
}

/**
 * The rules that apply to a directory before its own ignore file is read: every ignore file from the repository's root
 * down, the repository's `info/exclude`, and the user's global rules. Outside a repository they start at `root`.
 *
 * @param directory - Absolute path.
 * @param root - The directory of the run.
 * @param globalFile - Returns the file with the user's global rules.
 */
export function ignoreRulesAbove(
  directory: string,
  root: string,
  globalFile: (repository: string) => string,
): DirectoryRules {
  const repository = repositoryRoot(directory);
  const top = repository ?? (isInside(directory, root) ? root : directory);
  let level: IgnoreLevel | undefined;
  if (repository !== undefined) {
    level = withIgnoreFile(repository, globalFile(repository), undefined);
    level = withIgnoreFile(repository, path.join(repository, '.git', 'info', 'exclude'), level);
  }
  let current = top;
  for (const name of path.relative(top, directory).split(path.sep)) {
    if (name === '') break;
    level = withIgnoreFile(current, path.join(current, IGNORE_FILE_NAME), level);
    current = path.join(current, name);
    if (isIgnored(level, current, true)) return { level, isIgnored: true };
  }
  return { level, isIgnored: false };
}
