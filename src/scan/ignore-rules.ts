/**
 * Nested `.gitignore` files, as a chain of levels from the deepest directory to the root of the
 * repository. Reads ignore files; changes nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Ignore, type default as IgnoreFactory } from 'ignore';

/** One directory's ignore rules and, behind them, those of the directories above it. */
export interface IgnoreLevel {
  /** The directory of the ignore file, with a trailing separator. */
  readonly prefix: string;
  readonly matcher: Ignore;
  readonly above: IgnoreLevel | undefined;
}

/** What a directory entry is called when it holds ignore rules. */
export const IGNORE_FILE_NAME = '.gitignore';

const require = createRequire(import.meta.url);

/**
 * Adds the rules of `directory`'s own ignore file to the chain.
 *
 * Loads the matcher on first use: many trees have no ignore file, and start-up time counts.
 */
export function withIgnoreFile(directory: string, file: string, above: IgnoreLevel | undefined): IgnoreLevel | undefined {
  let rules: string;
  try {
    rules = readFileSync(file, 'utf8');
  } catch {
    // An ignore file that cannot be read ignores nothing; git warns and goes on as well.
    return above;
  }
  const createIgnore = require('ignore') as typeof IgnoreFactory;
  const matcher = createIgnore({ ignorecase: process.platform === 'win32' || process.platform === 'darwin' });
  matcher.add(rules);
  return { prefix: directory.endsWith(path.sep) ? directory : directory + path.sep, matcher, above };
}

/**
 * Whether git would ignore an entry. The deepest level that says anything decides, so that a
 * nested `!keep.js` wins over a rule further up.
 */
export function isIgnored(level: IgnoreLevel | undefined, absolutePath: string, isDirectory: boolean): boolean {
  for (let current = level; current !== undefined; current = current.above) {
    const relative = absolutePath.slice(current.prefix.length).replaceAll(path.sep, '/');
    const verdict = current.matcher.test(isDirectory ? `${relative}/` : relative);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/**
 * The chain that holds for the entries of `directory` before its own ignore file is read: every
 * ignore file from the repository's root down, and the repository's `info/exclude`.
 *
 * Outside a repository the chain starts at `root`.
 */
export function ignoreRulesAbove(directory: string, root: string): IgnoreLevel | undefined {
  const top = repositoryRoot(directory) ?? (isInside(directory, root) ? root : directory);
  let level = withOptionalFile(top, path.join(top, '.git', 'info', 'exclude'), undefined);
  if (directory === top) return level;
  let current = top;
  for (const name of path.relative(top, directory).split(path.sep)) {
    level = withOptionalFile(current, path.join(current, IGNORE_FILE_NAME), level);
    current = path.join(current, name);
  }
  // A directory that is named on purpose is scanned even where a rule above would skip it.
  return isIgnoredOnTheWay(level, top, directory) ? undefined : level;
}

function isIgnoredOnTheWay(level: IgnoreLevel | undefined, top: string, directory: string): boolean {
  let current = top;
  for (const name of path.relative(top, directory).split(path.sep)) {
    current = path.join(current, name);
    const relevant = levelsAbove(level, current);
    if (isIgnored(relevant, current, true)) return true;
  }
  return false;
}

function levelsAbove(level: IgnoreLevel | undefined, directory: string): IgnoreLevel | undefined {
  let current = level;
  while (current !== undefined && !directory.startsWith(current.prefix)) current = current.above;
  return current;
}

function withOptionalFile(directory: string, file: string, above: IgnoreLevel | undefined): IgnoreLevel | undefined {
  return existsSync(file) ? withIgnoreFile(directory, file, above) : above;
}

function repositoryRoot(directory: string): string | undefined {
  let current = directory;
  for (;;) {
    if (existsSync(path.join(current, '.git'))) return current;
    const parent = path.dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
}

/** Whether `candidate` is `directory` or lies below it. */
export function isInside(candidate: string, directory: string): boolean {
  if (candidate === directory) return true;
  return candidate.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
