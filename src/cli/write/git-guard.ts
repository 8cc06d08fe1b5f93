/**
 * Keeps uncommitted work safe: finds which of the files to be written git could not bring back.
 * Runs `git status`; changes nothing.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** Keeps one command line well below the limits of every system. */
const PATHS_A_CALL = 200;
const LISTED_FILES = 10;

/**
 * Throws when any of these files has uncommitted changes or is not under version control in its
 * repository. Files outside a repository, and files that git ignores, are fine.
 *
 * @throws MirrorscopeError `DIRTY_WORKING_TREE`.
 */
export function assertClean(absolutePaths: readonly string[], root: string): void {
  const dirty: string[] = [];
  for (const [repository, files] of groupByRepository(absolutePaths)) {
    for (let start = 0; start < files.length; start += PATHS_A_CALL) {
      dirty.push(...dirtyFiles(repository, files.slice(start, start + PATHS_A_CALL)));
    }
  }
  if (dirty.length === 0) return;
  const shown = dirty.slice(0, LISTED_FILES).map((file) => `  ${path.relative(root, file)}`);
  if (dirty.length > LISTED_FILES) shown.push(`  … and ${dirty.length - LISTED_FILES} more`);
  throw new MirrorscopeError(
    ErrorCode.DirtyWorkingTree,
    `Nothing was written: git has no copy of the present state of\n${shown.join('\n')}`,
  );
}

function groupByRepository(absolutePaths: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const known = new Map<string, string | undefined>();
  for (const file of absolutePaths) {
    const real = realpathSync(file);
    const repository = repositoryOf(path.dirname(real), known);
    if (repository === undefined) continue;
    const group = groups.get(repository);
    if (group === undefined) groups.set(repository, [real]);
    else group.push(real);
  }
  return groups;
}

function repositoryOf(directory: string, known: Map<string, string | undefined>): string | undefined {
  if (known.has(directory)) return known.get(directory);
  const parent = path.dirname(directory);
  const repository = existsSync(path.join(directory, '.git'))
    ? directory
    : parent === directory
      ? undefined
      : repositoryOf(parent, known);
  known.set(directory, repository);
  return repository;
}

function dirtyFiles(repository: string, files: readonly string[]): string[] {
  const relative = files.map((file) => path.relative(repository, file));
  let output: string;
  try {
    output = execFileSync(
      'git',
      ['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames', '--', ...relative],
      {
        cwd: repository,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 64 << 20,
        // Names are names, not patterns; and a look must not take the lock of the index.
        env: { ...process.env, GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0' },
      },
    );
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.DirtyWorkingTree, `Nothing was written: ${gitFailure(cause)}`, {
      hint: 'Make `git status` work here, or pass --allow-dirty if you have a copy of these files.',
      cause,
    });
  }
  return output
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => path.join(repository, entry.slice(3)));
}

function gitFailure(cause: unknown): string {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
    return 'git, which would tell whether files are committed, was not found.';
  const words =
    String((cause as { stderr?: unknown }).stderr ?? '')
      .trim()
      .split('\n')[0] ?? '';
  return `\`git status\` failed${words === '' ? '' : `: ${words}`}.`;
}
