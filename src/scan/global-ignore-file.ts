/** Finds the file with the user's global ignore rules. Runs `git config`; reads nothing else. */
import { homedir } from 'node:os';
import path from 'node:path';

import { readGitConfiguration } from '../files/git.js';

/**
 * The file that git reads besides the ignore files of a repository: `core.excludesFile`, or git's default for it.
 *
 * @param repository - Absolute path of the work tree's root.
 * @returns An absolute path; the file need not exist.
 */
export function globalIgnoreFile(repository: string): string {
  const { status, stdout } = readGitConfiguration(repository, ['--type=path', '--get', 'core.excludesFile']);
  const configured = status === 0 ? stdout.replace(/\r?\n$/, '') : '';
  if (configured !== '') return path.resolve(repository, configured);
  const { XDG_CONFIG_HOME } = process.env;
  const folder =
    XDG_CONFIG_HOME === undefined || XDG_CONFIG_HOME === '' ? path.join(homedir(), '.config') : XDG_CONFIG_HOME;
  return path.join(folder, 'git', 'ignore');
}
