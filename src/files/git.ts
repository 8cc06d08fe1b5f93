/**
 * Runs git to read the state of a repository, and keeps git from running what the repository itself configures. A
 * repository that was unpacked from an archive brings its own `.git/config`, which can name programs: a file system
 * monitor, filters for the contents of files, transports. Runs `git`; changes nothing.
 */
import { spawnSync } from 'node:child_process';

const MAX_OUTPUT_BYTES = 64 << 20;

/** How a command of git ended. */
export interface GitOutcome {
  /** The exit code; `null` if git was killed or not started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why git could not be started. */
  readonly error: Error | undefined;
}

/**
 * Runs a command of git that looks at the files of a repository.
 *
 * @param repository - Absolute path of the work tree.
 * @param words - The arguments.
 * @returns The outcome.
 */
export function runGit(repository: string, words: readonly string[]): GitOutcome {
  return start(repository, [...settings(repository), ...words]);
}

/**
 * Reads the configuration of git, which runs no program.
 *
 * @param repository - Absolute path of the work tree.
 * @param words - The arguments of `git config`.
 * @returns The outcome, as of `runGit`.
 */
export function readGitConfiguration(repository: string, words: readonly string[]): GitOutcome {
  return start(repository, ['config', ...words]);
}

function start(repository: string, words: readonly string[]): GitOutcome {
  const { status, error, ...output } = spawnSync('git', words, {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: MAX_OUTPUT_BYTES,
    env: {
      ...process.env,
      // Take paths literally, not as patterns, and do not lock the index only to read it.
      GIT_LITERAL_PATHSPECS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      // A repository with missing objects would fetch them, through any program that its configuration names.
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_TERMINAL_PROMPT: '0',
    },
  });
  // The outputs are missing if git could not be started.
  const { stdout, stderr } = output as { readonly stdout: string | null; readonly stderr: string | null };
  return { status, stdout: stdout ?? '', stderr: stderr ?? '', error };
}

/** Arguments that switch off every program that the repository's own configuration names. */
function settings(repository: string): string[] {
  const fixed = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat'];
  return [...fixed, ...filtersOf(repository)].flatMap((setting) => ['-c', setting]);
}

/** The filters that the repository itself defines, each set to do nothing. Those of the user, e.g. git-lfs, stay. */
function filtersOf(repository: string): string[] {
  const { stdout } = readGitConfiguration(repository, ['--show-scope', '--includes', '--name-only', '-z', '--list']);
  const entries = /(?:local|worktree)\0filter\.([^\0]+)\.[^.\0]+\0/g;
  const names = new Set([...stdout.matchAll(entries)].map(([, name = '']) => name));
  return [...names].flatMap((name) => [
    `filter.${name}.clean=`,
    `filter.${name}.smudge=`,
    `filter.${name}.process=`,
    `filter.${name}.required=false`,
  ]);
}
