/** Protects uncommitted work: finds files that git could not restore. Runs `git status`; changes nothing. */
import { realpathSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { runGit } from '../../files/git.js';
import { repositoryRoot } from '../../files/repository.js';

/** Keeps the command line below the limits of every system. */
const MAX_PATHS_PER_CALL = 200;
const MAX_LISTED_FILES = 10;

/**
 * Makes sure that git has the current text of files. Files outside a repository, and files that git ignores, pass.
 *
 * @param absolutePaths - The files that will be written.
 * @param root - Absolute path of the folder that messages show paths relative to.
 * @throws {MirrorscopeError} `DIRTY_WORKING_TREE` when a file has uncommitted changes or is untracked.
 */
export function assertClean(absolutePaths: readonly string[], root: string): void {
  const dirty: string[] = [];
  for (const [repository, files] of groupByRepository(absolutePaths)) {
    for (let start = 0; start < files.length; start += MAX_PATHS_PER_CALL) {
      dirty.push(...dirtyFiles(repository, files.slice(start, start + MAX_PATHS_PER_CALL)));
    }
  }
  if (dirty.length === 0) return;
  const shown = dirty.slice(0, MAX_LISTED_FILES).map((file) => `  ${path.relative(root, file)}`);
  if (dirty.length > MAX_LISTED_FILES) shown.push(`  … and ${dirty.length - MAX_LISTED_FILES} more`);
  throw new MirrorscopeError(
    ErrorCode.DirtyWorkingTree,
    `Nothing was written, because these files have uncommitted changes:\n${shown.join('\n')}`,
  );
}

function groupByRepository(absolutePaths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const known = new Map<string, string | undefined>();
  for (const file of absolutePaths) {
    const real = realpathSync(file);
    const repository = repositoryRoot(path.dirname(real), known);
    if (repository === undefined) continue;
    const group = groups.get(repository);
    if (group === undefined) groups.set(repository, [real]);
    else group.push(real);
  }
  return groups;
}

function dirtyFiles(repository: string, files: readonly string[]): string[] {
  const relative = files.map((file) => path.relative(repository, file));
  const words = ['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all'];
  const { status, stdout, stderr, error } = runGit(repository, [...words, '--', ...relative]);
  if (status !== 0) {
    throw new MirrorscopeError(ErrorCode.DirtyWorkingTree, `Nothing was written: ${gitFailure(error, stderr)}`, {
      hint: 'Make `git status` work here, or pass --allow-dirty if you have a copy of these files.',
      cause: error,
    });
  }
  return stdout
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => path.join(repository, entry.slice(3)));
}

function gitFailure(error: Error | undefined, stderr: string): string {
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    return 'git was not found, so uncommitted changes cannot be detected.';
  const [firstLine = ''] = stderr.trim().split('\n');
  return `\`git status\` failed${firstLine === '' ? '' : `: ${firstLine}`}.`;
}
